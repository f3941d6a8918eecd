"""Whether two texts tell one story in nearly the same words: compared exactly, shingle by shingle.

Near-duplicates in news differ by sentences: a paragraph is added, a lead rewritten, the end cut. A template (weather,
results, horoscopes, "what to know" of every year) is filled with other numbers and names between the same words.
So both are measured: how many shingles are shared, and whether numbers and names agree where the words around them do.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qabot.index.shingles import SHINGLE, WORD, Hashes, shingle_hashes, word_hashes, words

FEWEST_WORDS = 20
"""Shorter texts resemble only their equals."""

SAME_TEXT = 0.6
"""Least share of shingles in common. Of the pairs of news articles from 0.6 on nearly all were one article in two
versions; from 0.5 to 0.6, half were a new story with the background of an older one."""

EXCERPT, EXCERPT_OF = 0.9, 0.45
"""An excerpt has at least `EXCERPT` of its shingles in the longer text, and makes up about half of it."""

SAME_FACTS = 0.85
"""Least share of numbers and names that agree. Versions of one article had 0.9 to 1.0, a gallery under two stories 0.7,
filled templates less."""


class Shingled:
    """A text for comparison. What only few comparisons need is made when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = word_hashes(words(text))

    @cached_property
    def plain(self) -> Hashes:
        """The shingles as written, shape (n,)."""
        return shingle_hashes(self._words)

    @cached_property
    def distinct(self) -> Hashes:
        """The different ones among them, ascending."""
        return np.unique(self.plain)

    @cached_property
    def blanked(self) -> Hashes:
        """The shingles with every number and name blanked, shape (n,)."""
        return shingle_hashes(np.where(self._facts, np.uint64(0), self._words))

    @cached_property
    def facts(self) -> NDArray[np.bool_]:
        """Which shingles hold a number or a name, shape (n,)."""
        held = np.zeros(len(self.plain), np.bool_)
        for place in range(SHINGLE):
            held |= self._facts[place : place + len(held)]
        return held

    @cached_property
    def _facts(self) -> NDArray[np.bool_]:
        found = WORD.finditer(self._text)
        facts = (_is_fact(self._text, match.start(), match.group()) for match in found)
        return np.fromiter(facts, np.bool_, len(self._words))


def resemblance(one: Shingled, other: Shingled) -> tuple[float, float]:
    """The Jaccard index of the two sets of shingles, and the containment of the smaller set in the larger.

    Broder 1997. Both are 0 if either has no shingle.
    """
    first, second = one.distinct, other.distinct
    if not len(first) or not len(second):
        return 0.0, 0.0
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared / (len(first) + len(second) - shared), shared / min(len(first), len(second))


def agreement(one: Shingled, other: Shingled) -> float:
    """Of the shingles with numbers and names that are shared when these are blanked, the share that agree in them.

    1 if none is shared.
    """
    comparable = agreeing = 0
    for mine, theirs in ((one, other), (other, one)):
        alike = np.isin(mine.blanked, theirs.blanked) & mine.facts
        comparable += int(alike.sum())
        agreeing += int(np.isin(mine.plain[alike], theirs.plain).sum())
    return agreeing / comparable if comparable else 1.0


def same_story(one: Shingled, other: Shingled) -> float:
    """The Jaccard index of two versions of one article; 0 if they are none."""
    jaccard, containment = resemblance(one, other)
    alike = jaccard >= SAME_TEXT or (containment >= EXCERPT and jaccard >= EXCERPT_OF)
    return jaccard if alike and agreement(one, other) >= SAME_FACTS else 0.0


def _is_fact(text: str, start: int, word: str) -> bool:
    """Whether `word`, which begins at `start`, has a digit, or a capital that no sentence's beginning explains."""
    if word[0].isupper():
        return start > 1 and text[start - 1] == " " and (text[start - 2].isalnum() or text[start - 2] == ",")
    return any(character.isdigit() for character in word)
