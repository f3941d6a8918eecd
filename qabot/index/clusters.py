"""Articles -> stories: near-duplicates are found by MinHash and locality-sensitive hashing, and then compared.

Signatures are cut into bands; two articles are compared if a band is equal (Indyk and Motwani 1998; Leskovec,
Rajaraman and Ullman, Mining of Massive Datasets, chapter 3). An article joins a story only if it resembles the
story's first article, so a chain of small changes does not tie different articles together. The outcome depends on
the articles alone, not on their order: they are taken by date, then by id.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qabot.index.shingles import PERMUTATIONS, mixed

_ROWS = 3
"""Numbers in a band. Two texts with a Jaccard index of 0.6 share one of the 32 bands with a probability of 0.9996,
with 0.45 of 0.95, with 0.05 of 0.004."""

_WORTH_COMPARING = 0.3
"""Least share of equal numbers in two signatures; it estimates the Jaccard index with a standard error of 0.05."""

_COMPARED = 5
"""Most stories that an article is compared with, those of the most equal numbers."""

_FIRST_OF_A_BAND = 64
"""Most stories remembered for one value of a band: a phrase in every article cannot make the search quadratic."""

_TOLD_AFTER = 1000
"""Articles between two reports of how far the search is."""

_NOT_SHARED = -1

Rows = NDArray[np.intp]
Digests = NDArray[np.void]
"""Shape (articles,), 16 bytes each."""
Signatures = NDArray[np.uint32]
"""Shape (articles, PERMUTATIONS); may be mapped from a file."""


def first_rows(digests: Digests, eligible: NDArray[np.bool_]) -> Rows:
    """For each row the first one with the same digest; rows that are not eligible stand alone."""
    first = np.arange(len(digests))
    chosen = np.flatnonzero(eligible)
    _, at, number = np.unique(digests[chosen], return_index=True, return_inverse=True)
    first[chosen] = chosen[at[number]]
    return first


def leaders(
    signatures: Signatures, alike: Callable[[int, int], float], advance: Callable[[int], None] = lambda _: None
) -> Rows:
    """For each article the first one of its story, which may be itself.

    Args:
        signatures: of the articles in order.
        alike: how much two of them resemble each other, by their rows; 0 if they tell different stories.
        advance: hears when articles were looked through; in the end the steps add up to their number.
    """
    bands = _shared_bands(signatures)
    stories: dict[int, list[int]] = {}
    found = np.arange(len(signatures))
    for row in range(len(signatures)):
        if row and row % _TOLD_AFTER == 0:
            advance(_TOLD_AFTER)
        values = [value for value in bands[row].tolist() if value != _NOT_SHARED]
        near = np.array(sorted({story for value in values for story in stories.get(value, ())}), np.intp)
        if len(near):
            equal = (signatures[near] == signatures[row]).mean(axis=1)
            best = near[np.argsort(-equal, kind="stable")][: min(_COMPARED, int((equal >= _WORTH_COMPARING).sum()))]
            alikeness, leader = max(((alike(row, int(at)), -int(at)) for at in best), default=(0.0, 0))
            if alikeness > 0:
                found[row] = -leader
                continue
        for value in values:
            known = stories.setdefault(value, [])
            if len(known) < _FIRST_OF_A_BAND:
                known.append(row)
    advance((len(signatures) - 1) % _TOLD_AFTER + 1 if len(signatures) else 0)
    return found


def _shared_bands(signatures: Signatures) -> NDArray[np.int32]:
    """Shape (articles, bands): the bands' values, numbered through all of them where other rows have them too."""
    shared = np.full((len(signatures), PERMUTATIONS // _ROWS), _NOT_SHARED, np.int32)
    numbered = 0
    for band in range(shared.shape[1]):
        hashes = np.zeros(len(signatures), np.uint64)
        for column in range(band * _ROWS, (band + 1) * _ROWS):
            hashes = mixed(hashes ^ signatures[:, column].astype(np.uint64))
        _, number, count = np.unique(hashes, return_inverse=True, return_counts=True)
        several = count[number] > 1
        shared[several, band] = numbered + number[several]
        numbered += len(count)
    return shared
