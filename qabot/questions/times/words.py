"""The words for time of each language, and what kind of word each is.

A table has lines `kind number: word, word, two words`. The kinds are what the forms of `forms` are written in.
The number is a month (1-12), a weekday (Monday is 0), a unit (`DAY` to `WEEKEND` of `periods`), days from today, a
count, a part of a period (0 early, 1 middle, 2 late) or a season (spring is 0). `month+in` is one word that says both.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from qabot.questions.times import english, kazakh, russian

_LANGUAGES = {
    "en": (english.TABLE, english.PAST, english.PRESENT, english.FUTURE),
    "ru": (russian.TABLE, russian.PAST, russian.PRESENT, russian.FUTURE),
    "kk": (kazakh.TABLE, kazakh.PAST, kazakh.PRESENT, kazakh.FUTURE),
}


class Words(NamedTuple):
    """The words of one language.

    language: its ISO 639-1 code.
    kinds: of a word or phrase in small letters, with its number; more than one where a word says two things.
    openers: first words of the phrases.
    past, present, future: match questions about what happened, what is always so, and what is to come.
    """

    language: str
    kinds: dict[str, tuple[tuple[str, int], ...]]
    openers: frozenset[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    future: re.Pattern[str]


@cache
def words_of(language: str) -> Words | None:
    """The words of a language by its ISO 639-1 code, made when first asked for; None for other languages."""
    if language not in _LANGUAGES:
        return None
    table, *moods = _LANGUAGES[language]
    kinds: dict[str, tuple[tuple[str, int], ...]] = {}
    for line in table.strip().splitlines():
        head, _, words = line.partition(":")
        said, _, number = head.partition(" ")
        entry = tuple((kind, int(number or 0)) for kind in said.split("+"))
        for word in words.split(","):
            kinds.setdefault(word.strip(), entry)
    openers = frozenset(word.split()[0] for word in kinds if " " in word)
    past, present, future = (re.compile(rf"\b(?:{mood})\b") for mood in moods)
    return Words(language, kinds, openers, past, present, future)
