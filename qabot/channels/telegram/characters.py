"""Characters: how Telegram counts them, where a text may be cut, and what may stand in the bot's own lines."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# ALM, LRM, RLM, embeddings, overrides, isolates: they turn the direction of what stands around them.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_JOINER = "\u200d"
_VIRAMA = 9
"""Combining class of the sign that joins two consonants of an Indic script."""
_ELLIPSIS = "…"


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def sendable(text: str) -> str:
    """`text` with lone surrogates, which no UTF-8 can carry, replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` of an article or a person as it may stand in a line of the bot: no controls, none of direction either."""
    return " ".join(sendable(_DIRECTIONS.sub("", _CONTROLS.sub(" ", text))).split())


def isolated(text: str) -> tuple[str, str]:
    """What to put before and after `text` so that right-to-left words in it do not reorder what follows on its line.

    Both are empty for a text without such words. See UAX #9, isolates.
    """
    return (_FIRST_STRONG_ISOLATE, _POP_ISOLATE) if _RIGHT_TO_LEFT.search(text) else ("", "")


def phrase(text: str, limit: int) -> str:
    """`text` in one line of at most `limit` UTF-16 units, isolated, to be put into a sentence of the bot."""
    text = cut(one_line(text), limit)
    before, after = isolated(text)
    return before + text + after


def visible(text: str) -> bool:
    """Whether `text` shows anything: a letter, digit, mark of punctuation or symbol."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def cut(text: str, limit: int) -> str:
    """`text` if it has at most `limit` UTF-16 units, else as many first words as fit, with an ellipsis.

    A word that would leave less than half is itself cut, at the border of a character as people see it.
    """
    if units(text) <= limit:
        return text
    end = fitting(text, 0, limit - len(_ELLIPSIS))
    space = max(text.rfind(" ", 0, end + 1), 0)
    end = space if space > end // 2 else last_border(text, 0, end)
    return text[:end].rstrip(" ,;:.–—-") + _ELLIPSIS


def fitting(text: str, start: int, limit: int) -> int:
    """The greatest end for which text[start:end] has at most `limit` UTF-16 units."""
    end = min(start + limit, len(text))
    while (excess := units(text[start:end]) - limit) > 0:
        # Each code point taken away frees one unit or two.
        end -= (excess + 1) // 2
    return end


def last_border(text: str, start: int, end: int) -> int:
    """The last place in (start, end] where `text` may be cut without dividing a character as people see it.

    `end` if there is none, as in a letter with thousands of accents.
    """
    for at in range(end, start, -1):
        if is_border(text, at):
            return at
    return end


def is_border(text: str, at: int) -> bool:
    """Whether no accent, conjunct, joined emoji, skin tone or flag is divided at `at`; most of UAX #29, in short."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or _extends(after) or unicodedata.combining(before) == _VIRAMA:
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        first = at - 1
        while first > 0 and _is_flag_letter(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 0
    return True


def _extends(character: str) -> bool:
    """Accents and variation selectors, skin tones, and the tags of regional flags."""
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
