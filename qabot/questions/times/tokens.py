"""The words of a question told apart by kind: months, numbers, "last", "since"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qabot.questions.times.periods import YEAR, Named
from qabot.questions.times.words import Words


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of a question at `start:end`, and its kind; `named` for a run that names a period."""

    kind: str
    number: int
    start: int
    end: int
    word: str
    named: Named | None = None


_ORDINAL_TAIL = (
    "st|nd|rd|th|-?(?:го|ого|е|м|ом|ші|шы|інші|ыншы|інде|ында|сінде|сында|інен|ынан|сінен|сынан|іне|ына|сіне|сына)"
)
_ORDINAL = re.compile(_ORDINAL_TAIL)
_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{4}/\d\d?/\d\d?|\d{1,2}[./]\d{1,2}[./]\d{4})(?!\d)(?:T[\d:.+Z-]{1,30})?"
    rf"|(?P<number>\d+(?:[.,]\d+)*)(?P<tail>(?:{_ORDINAL_TAIL})(?!\w)|\w*)"
    r"|(?P<word>[^\W\d_]\w*(?:['’]\w+)?)"
    r"|(?P<mark>[^\w\s])"
)
_YEAR_TAIL = {"г", "ж"}
_MARKS = {",": "comma", ".": "dot", "-": "dash", "–": "dash", "—": "dash"}
_OPENS = frozenset('.?!:;"“«(')
_CAPITALISED = frozenset({"month", "short", "weekday", "quarter"})
"""Kinds that English writes with a capital; elsewhere a capital inside a sentence marks a name."""


def tokens_of(question: str, words: Words) -> list[Token]:
    """The tokens of `question`; what is of no use here has the kind "word"."""
    shouting = question.isupper()
    found = list(_TOKEN.finditer(question))
    spelled = [match.group().lower().replace("’", "'") for match in found]
    tokens: list[Token] = []
    at = 0
    while at < len(found):
        match, length = found[at], 1
        start, end, word = match.start(), match.end(), spelled[at]
        kinds: tuple[tuple[str, int], ...] = (("word", 0),)
        if match["date"]:
            kinds = (("date", 0),)
            word = match["date"]
        elif match["number"]:
            kinds = _kinds_of_number(match["number"], match["tail"])
        elif match["word"]:
            length, kinds = _kinds_of_words(spelled, at, words)
            end = found[at + length - 1].end()
            inside = at > 0 and found[at - 1].group() not in _OPENS
            # At the start "Қазанда" is rather the city of Kazan, unless "month" follows.
            kazan = word.startswith("қазан") and not "".join(spelled[at + 1 : at + 2]).startswith("ай")
            named = match.group()[0].isupper() and not shouting and (inside or kazan)
            if named and (words.language != "en" or kinds[0][0] not in _CAPITALISED):
                kinds = (("name", 0),)
        else:
            kinds = ((_MARKS.get(word, "mark"), 0),)
        tokens.extend(Token(kind, number, start, end, word) for kind, number in kinds)
        at += length
    return tokens


def _kinds_of_number(digits: str, tail: str) -> tuple[tuple[str, int], ...]:
    tail = tail.lower()
    if len(digits) == 4 and digits.isascii() and "1000" <= digits < "2100":
        if tail in _YEAR_TAIL:
            return (("year", int(digits)), ("unit", YEAR))
        return (("year", int(digits)),) if not tail or _ORDINAL.fullmatch(tail) else (("word", 0),)
    if len(digits) <= 2 and digits.isascii() and (not tail or _ORDINAL.fullmatch(tail)):
        return (("number", int(digits)),)
    return (("word", 0),)


def _kinds_of_words(spelled: Sequence[str], at: int, words: Words) -> tuple[int, tuple[tuple[str, int], ...]]:
    if spelled[at] in words.openers:
        for length in (4, 3, 2):
            phrase = spelled[at : at + length]
            if kinds := words.kinds.get(" ".join(phrase)):
                return len(phrase), kinds
    kinds = words.kinds.get(spelled[at])
    if kinds is None and spelled[at].endswith("'s"):
        kinds = words.kinds.get(spelled[at][:-2])
        if kinds and kinds[0][0] not in {"unit", "deictic", "weekday"}:
            kinds = None
    return 1, kinds or (("word", 0),)


def line_of(tokens: Sequence[Token]) -> str:
    """The kinds of `tokens`, each ended by a space."""
    return "".join(f"{token.kind} " for token in tokens)
