"""Which marks end a sentence: the rules that every proposed boundary must pass."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from qabot.passages.abbreviations import SENTENCE_OPENERS, Next, full_stop_ends
from qabot.passages.passage import Span

# A run of marks and the quotation marks and brackets that close after it. The look-behind keeps a long run
# from being tried again at each of its marks: the search takes time in proportion to the text.
END = re.compile(
    r"(?<![.!?…‽])(?P<mark>[.!?…‽]++)"
    r"(?P<close>(?:[\"'’”“›»)\]]|[ \u00a0\u202f][»”)\]])*+)"
    r"(?=(?P<gap>\s|\Z)|[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][a-zа-яёәғқңөұүһі]|«[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])"
)
_FOLLOWING = re.compile(
    r"\s*(?P<dash>[-–—―]+[ \u00a0\u202f])?\s*(?P<open>[\"'“‘«„‹(\[¿¡*•]{0,8})(?P<word>[^\W\d_][\w’']{0,30})?"
)
_QUOTES = frozenset("\"'’”“›»")
_NEVER_FIRST = frozenset(",;:%»”)]}›")  # what goes on or closes; no sentence opens with it
_BEFORE_NUMBERS = frozenset("#$€£¥₸₽№+-−")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay, vCenter: a capital for our purpose
_GLUED_LEFT = re.compile(r"(?:^|[\s«“\"(—–-])[^\W\d_A-ZА-ЯЁ]{3,30}[»”)]{0,2}$")

# Names that carry a mark of their own ("Yahoo! Finance"): only a word that opens sentences ends one after them.
_NAMES_WITH_A_MARK = re.compile(r"\b(?:Yahoo|Yum|Jeopardy|Wham)$")
_LOOK_BACK = 16

# «…!» Mr. Hale shouted: the attribution of a quotation that closed with ! or ?
_ATTRIBUTION = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Prof|Lt|Col|Sgt|Capt|Rev)\. )?(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w.’'-]{0,25} ){1,4}"
    r"(?:said|says|asked|asks|added|adds|replied|shouted|wrote|writes|told|tweeted|joked|exclaimed|cried|quipped|"
    r"recalled|continued|answered|yelled|wondered|sang|posted|сказал|заявил|спросил|ответил|добавил|написал|"
    r"воскликнул|деді|дейді|деп)"
)
_REFERENCE = re.compile(r"ISBN|ISSN|[A-ZА-ЯЁ]\w{0,3}\.")  # — М.: Наука. — Т. 2. — ISBN

# A title runs on from a small-letter word without a colon or comma: роман «Что делать?» Чернышевского.
_TITLE = re.compile(r"[^\W\d_A-ZА-ЯЁ]\s«[^«»]{1,60}$")

# A longer bracket holds whole sentences of its own, or was never meant to close there.
_BRACKET_LENGTH = 300
_BRACKET = re.compile(r"[()]")
# A short quotation is a title («Что? Где? Когда?») or a cry; nobody wants a half of it quoted.
_SHORT_QUOTATION = re.compile(r"«[^«»]{1,30}»|“[^“”]{1,30}”")


def sentence_ends_at(text: str, start: int, end: re.Match[str], limit: int) -> bool:
    """Whether the sentence that begins at `start` ends with `end`, a match of `END`.

    `limit` is the end of the paragraph. Brackets are not looked at here: see `held_together`.
    """
    here = end.end()
    if here >= limit:
        return True
    if end["gap"] is None:
        return _ends_without_a_space(text, start, end)
    follow = _FOLLOWING.match(text, here, limit)
    if follow is None or (follow.end() >= limit and not follow["word"]):
        return False
    following = _next(text, follow)
    if following is None:
        return False
    quoted = not _QUOTES.isdisjoint(end["close"])
    if follow["dash"]:
        return not quoted and _ends_before_a_dash(text, start, end, follow)
    if end["mark"] == ".":
        return full_stop_ends(text, start, end.start(), following, follow["word"] or "", follow.start("word"))
    if following is Next.OPENER or end["mark"].startswith((".", "…")):
        return True
    if quoted and following is Next.CAPITAL:
        title = _TITLE.search(text, max(start, end.start() - 63), end.start())
        return not (title or _ATTRIBUTION.match(text, follow.start("word"), limit))
    return not _NAMES_WITH_A_MARK.search(text, max(start, end.start() - _LOOK_BACK), end.start())


def may_begin(text: str, at: int) -> bool:
    """Whether a sentence may begin at `at`: not in lower case, with a closing mark or inside a character."""
    ch = text[at]
    return not (is_lower(ch) or ch in _NEVER_FIRST or is_mark(ch))


def is_lower(ch: str) -> bool:
    """A small letter, in the scripts that begin sentences with a capital (Georgian has capitals but does not)."""
    return ch.islower() and not "\u10d0" <= ch <= "\u10ff"


def is_mark(ch: str) -> bool:
    """A combining mark, or what joins one character to the next: no boundary stands before it."""
    return ch == "\u200d" or (ch > "\u02ff" and unicodedata.category(ch)[0] == "M")


def held_together(text: str, start: int, end: int) -> list[Span]:
    """What text[start:end] holds that is not cut inside a sentence: brackets and short quotations, in order.

    Brackets count from the bracket on and quotations from their first letter on, so that a bracket around
    sentences, which begins where the first of them begins, is cut and a title there is not (see `is_held`).
    Spans inside others are left out.
    """
    spans = [Span(match.start() + 1, match.end()) for match in _SHORT_QUOTATION.finditer(text, start, end)]
    opened: list[int] = []
    for bracket in _BRACKET.finditer(text, start, end):
        if bracket.group() == "(":
            opened.append(bracket.start())
        elif opened and bracket.end() - opened[-1] <= _BRACKET_LENGTH:
            spans.append(Span(opened.pop(), bracket.end()))
        elif opened:
            opened.pop()
    outer: list[Span] = []
    for span in sorted(spans):
        if not outer or span.end > outer[-1].end:
            outer.append(span)
    return outer


def is_held(held: list[Span], start: int, at: int) -> bool:
    """Whether `at` lies in a span of `held` that begins after `start`, the sentence's first character."""
    before = bisect_right(held, (at, 0)) - 1
    return before >= 0 and held[before].start > start and at < held[before].end


def _next(text: str, follow: re.Match[str]) -> Next | None:
    """What the text goes on with; None where no sentence can begin."""
    word = follow["word"]
    if not word:
        ch = text[follow.end()]
        if is_mark(ch) or ch in _NEVER_FIRST:
            return None
        return Next.DIGIT if ch.isdigit() or ch in _BEFORE_NUMBERS else Next.OTHER
    if is_lower(word[0]) and not _BRAND.match(word):
        return None
    ends = follow.end() >= len(text) or text[follow.end()] in " \u00a0\n,"
    return Next.OPENER if ends and word.replace("’", "'") in SENTENCE_OPENERS else Next.CAPITAL


def _ends_without_a_space(text: str, start: int, end: re.Match[str]) -> bool:
    """A forgotten space, as in "келеді.Ол": a small-letter word before the mark, and no name of a site."""
    if end["mark"] not in (".", "!", "?", "…") or (not _QUOTES.isdisjoint(end["close"]) and "»" not in end["close"]):
        return False
    return _GLUED_LEFT.search(text, max(start, end.start() - 32), end.start()) is not None


def _ends_before_a_dash(text: str, start: int, end: re.Match[str], follow: re.Match[str]) -> bool:
    """A reply in dialogue; but not a timeline's entry ("1954 г. — Ташкент") nor a reference ("— 560 с. — ISBN")."""
    word = follow["word"] or ""
    if not word or follow["open"] == "(" or _REFERENCE.match(text, follow.start("word")):
        return False
    return end["mark"] != "." or full_stop_ends(text, start, end.start(), Next.CAPITAL, word, follow.start("word"))
