"""Conversation: the last questions with what was quoted to them, and the names and dates that they mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

from qabot.articles.article import canonical

REMEMBERED = 5
"""Turns that a conversation remembers: what a question leans on was said shortly before."""

LONGEST_QUESTION = 300
LONGEST_QUOTE = 1000
LONGEST_HEADLINE = 200
"""Code points of a turn that are remembered."""

Kind = Literal["person", "name", "date", "words"]

_NAMING_HEADLINE = 5
"""Words up to which a headline is one thing to speak of ("Frank Zappa", "Fire in Almaty"), not a whole story."""

_LONGEST_NAME = 7
"""Words; longer runs of capitals are headings or shouting."""

_MONTHS = "January February March April May June July August September October November December".split()
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:[-’'/]\w+)*")
_DATE = re.compile(rf"\b(?:(?:\d\d? )?(?:{'|'.join(_MONTHS)}) (?:\d\d?, )?)?(?:1\d|20)\d\d\b(?!-)")
_OWNED = re.compile(r"[’']s?$")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")

_TITLES = frozenset("Mr Mrs Ms Dr St Sir Lord Lady King Queen President Prince Princess Professor".split())
_INSIDE_NAMES = frozenset("of the de da del della di du la le van von der den al el bin ibn".split())

# Words that open a sentence or a question with a capital, and are no names.
_OPENING_WORDS = frozenset(
    """a about after all also although am an and any are as at because before besides but by can couldn could despite
    did didn do does doesn don during each for from had has have he her his how however i if in into is isn it its
    later many meanwhile most my no not of on once one or our other over she should since so some such tell than that
    the their them then there these they this those through to under until upon was wasn we were what when where which
    while who whom whose why will with would yes yesterday yet you your

    а без более бы был была были было в вам вас ваш весь во вот вчера все всего вы где да для до его ее если еще за и
    из или им их к как какая какие какой какое каким какого какую когда кто кого кому куда либо между мне может мы на
    над наш не нет но ну о об он она они оно от откуда по под после потому почему при ранее с сам сегодня сколько со
    согласно так также там то тогда только ты у уже хотя чего чей чем через что чтобы эта эти это этой этом этот я

    ал алайда бірақ бұл бір бүгін деген егер және қай қайда қалай қандай қанша қашан кеше кім мен неге не неше ол олар
    оның осы олардың сол сонда соң сонымен тағы""".split()
)

# Words in the name of a body, a place or a work: a name that holds one is no person's.
_NO_PERSON = frozenset(
    """academy act agency alliance army association awards bank band board brothers bureau center centre church city
    club college committee company conference congress corp council country county court cup day department district
    division east federation festival force fund group hall high hospital house inc institute international island
    kingdom lake league library ltd magazine ministry movement museum music national network new news north office
    olympics orchestra organization park party police press prize program project records republic river road royal
    school senate series service show society south state states station street studio team television theatre times
    tour trust union united university valley war west world

    академия банк война город дом институт клуб комитет компания лига министерство партия республика россии совет союз
    суд университет центр

    академиясы банкі қаласы министрлігі одағы партиясы республикасы университеті""".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, a date, or words to speak of, as they are written. "person" is a guess by the look of a name."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, the quote that answered it, and the headline of the quoted article."""

    question: str
    quote: str | None = None
    headline: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first: a value. `Conversation()` begins one."""

    turns: tuple[Turn, ...] = ()

    def with_turn(self, question: str, quote: str | None = None, headline: str | None = None) -> Self:
        """The conversation one turn on; the oldest turn is forgotten where there are more than `REMEMBERED`.

        Args:
            question: as it was asked; empty where a conversation starts from an article.
            quote: the text of the first quote; None if the articles held no answer.
            headline: the title of the article quoted.
        """
        turn = Turn(
            _cut(question, LONGEST_QUESTION) or "", _cut(quote, LONGEST_QUOTE), _cut(headline, LONGEST_HEADLINE)
        )
        return type(self)((*self.turns, turn)[-REMEMBERED:])

    def to_dict(self) -> dict[str, Any]:
        """For JSON; `from_dict` reads it."""
        return {"turns": [{"question": t.question, "quote": t.quote, "headline": t.headline} for t in self.turns]}

    @classmethod
    def from_dict(cls, stored: object) -> Self:
        """The conversation that `to_dict` wrote. What is not of its form is forgotten: a conversation only helps."""
        conversation = cls()
        turns = stored.get("turns") if isinstance(stored, dict) else None
        for turn in turns[-REMEMBERED:] if isinstance(turns, list) else []:
            if isinstance(turn, dict) and isinstance(turn.get("question"), str):
                quote, headline = (text if isinstance(text, str) else None for text in map(turn.get, _OPTIONAL))
                conversation = conversation.with_turn(turn["question"], quote, headline)
        return conversation


_OPTIONAL = ("quote", "headline")


def mentions(text: str, *, part: bool = False) -> list[Mention]:
    """The names and dates in `text`, in order, each once. A capital that only opens a sentence makes no name.

    Args:
        text: one or more sentences.
        part: whether `text` opens inside of a sentence, or is a headline, which rarely opens with any other word.
    """
    words = list(_WORD.finditer(text))
    found = [(match.start(), Mention(match.group(), "date")) for match in _DATE.finditer(text)]
    run: list[re.Match[str]] = []
    for number, word in enumerate(words):
        if run and not (_joined(words[number - 1], word, text) and _in_name(word.group())):
            found += _named(run, text, part)
            run = []
        if run or word.group()[0].isupper():
            run.append(word)
    found += _named(run, text, part)
    found.sort(key=lambda place: place[0])
    return list(dict.fromkeys(mention for _, mention in found))


def headline_mentions(headline: str) -> list[Mention]:
    """What a headline is about: a short one as a whole, else the names in it."""
    bare = " ".join(_BRACKETS.sub(" ", headline).split()).rstrip(".!?")
    if not 0 < len(bare.split()) <= _NAMING_HEADLINE:
        return mentions(bare, part=True)
    return [whole_name(bare) or Mention(bare, "words")]


def whole_name(text: str) -> Mention | None:
    """The name that `text` is, if it is nothing but one ("Zappa and the Mothers of Invention")."""
    bare = text.strip().rstrip(".!?")
    words = bare.split()
    if not 0 < len(words) <= _LONGEST_NAME or not words[0][0].isupper():
        return None
    if not all(_in_name(word) or word in ("and", "&") or word.isdigit() for word in words):
        return None
    return Mention(bare, _kind(words))


def _in_name(word: str) -> bool:
    return word[0].isupper() or word in _INSIDE_NAMES


def _joined(last: re.Match[str], word: re.Match[str], text: str) -> bool:
    """Whether two words may stand in one name: a space between them, or the full stop of "J. Smith"; no "Smith's"."""
    gap = text[last.end() : word.start()]
    if _OWNED.search(last.group()):
        return False
    return gap == " " or (gap == ". " and (len(last.group()) == 1 or last.group() in _TITLES))


def _named(run: list[re.Match[str]], text: str, part: bool) -> Iterator[tuple[int, Mention]]:
    """The name that a run of capitalised words makes, if it makes one, and where it starts."""
    while run and not run[-1].group()[0].isupper():
        run = run[:-1]
    opens = bool(run) and _opens_sentence(run[0], text) and not (part and not text[: run[0].start()].strip())
    if opens and _is_opening_word(run[0].group()):
        run, opens = run[1:], False
    while run and _is_opening_word(run[0].group()) and (len(run) == 1 or run[0].group() not in ("The", "A")):
        run = run[1:]
    if not run or len(run) > _LONGEST_NAME:
        return
    if len(run) == 1 and (opens or run[0].group() in _TITLES or run[0].group() in _MONTHS):
        return
    name = _OWNED.sub("", text[run[0].start() : run[-1].end()])
    yield run[0].start(), Mention(name, _kind(name.split()))


def _is_opening_word(word: str) -> bool:
    return re.split("[’']", word)[0].lower().replace("ё", "е") in _OPENING_WORDS


def _opens_sentence(word: re.Match[str], text: str) -> bool:
    before = text[: word.start()].rstrip(" \n\t\"'«“‘([")
    return not before or before[-1] in ".!?:;…"


def _kind(words: list[str]) -> Kind:
    """Two or three words that all look like a person's are one's name."""
    likely = 2 <= len(words) <= 3 and all(
        (word[0].isupper() or word in _INSIDE_NAMES - {"of", "the"})
        and not any(character.isdigit() for character in word)
        and word.lower() not in _NO_PERSON | {"the"}
        for word in words
    )
    return "person" if likely else "name"


def _cut(text: str | None, longest: int) -> str | None:
    return " ".join(canonical(text[: 4 * longest]).split())[:longest] if text is not None else None
