"""Text -> hashed shingles -> MinHash signature: how alike two texts are, told from 96 numbers of each.

The resemblance of two texts is the Jaccard index of their sets of shingles, which are runs of `SHINGLE` words; the
share of equal numbers in their MinHash signatures estimates it (Broder 1997, On the resemblance and containment of
documents). All hash functions are fixed: a text has the same signature everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
"""Hashes of the words or shingles of a text, in order."""

Signature = NDArray[np.uint32]
"""The MinHash of a text, shape (PERMUTATIONS,)."""

SHINGLE = 5
"""Words in a shingle: few are shared by chance, and one changed word changes five of them."""

PERMUTATIONS = 96

_AT_ONCE = 512
"""Shingles whose hashes fit in the processor's cache, of all permutations."""

WORD = re.compile(r"\w+")
"""A word or a number."""


def words(text: str) -> list[str]:
    """The words and numbers of `text`, as written."""
    return WORD.findall(text)


def folded(words: Sequence[str]) -> str:
    """The words in small letters, with one space between them: equal for texts that say the same word for word."""
    return " ".join(words).casefold()


def word_hashes(words: Sequence[str]) -> Hashes:
    """A hash of each word, the same for small and capital letters."""
    parts = folded(words).encode().split(b" ") if words else []
    return np.fromiter(map(crc32, parts), np.uint64, len(parts))


def shingle_hashes(word_hashes: Hashes) -> Hashes:
    """A hash of each run of `SHINGLE` words, in order; none if there are fewer words."""
    count = max(len(word_hashes) - SHINGLE + 1, 0)
    hashes = np.zeros(count, np.uint64)
    for place, factor in enumerate(_PLACES):
        hashes += word_hashes[place : place + count] * factor
    return mixed(hashes)


def signature(shingles: Hashes) -> Signature:
    """The least value of each of `PERMUTATIONS` hash functions over the shingles, of which there is at least one.

    A function is a multiplication and an addition, and keeps the upper half (Dietzfelbinger 1996).
    """
    least = np.full(PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), _AT_ONCE):
        hashed = shingles[start : start + _AT_ONCE] * _FACTORS[:, None] + _ADDED[:, None]
        np.minimum(least, hashed.min(axis=1), out=least)
    return (least >> np.uint64(32)).astype(np.uint32)


def mixed(numbers: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit reaches every other."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


_CONSTANTS = mixed(np.arange(1, SHINGLE + 2 * PERMUTATIONS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
_PLACES = _CONSTANTS[:SHINGLE] | np.uint64(1)
_FACTORS = _CONSTANTS[SHINGLE : SHINGLE + PERMUTATIONS] | np.uint64(1)
_ADDED = _CONSTANTS[SHINGLE + PERMUTATIONS :]
