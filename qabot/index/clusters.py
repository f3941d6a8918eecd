"""Articles -> stories: near-duplicates are found by MinHash and locality-sensitive hashing, and then compared.

Signatures are cut into bands; two articles are compared if a band is equal (Indyk and Motwani 1998; Leskovec,
Rajaraman and Ullman, Mining of Massive Datasets, chapter 3). An article joins a story only if it resembles the
story's first article, so a chain of small changes does not tie different articles together. The outcome depends on
the articles alone, not on their order: they are taken by date, then by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from qabot.articles.article import Article, published_iso
from qabot.index.fixtures import OFTEN, Fixtures
from qabot.index.resemblance import FEWEST_WORDS, Shingled, same_story, shingled
from qabot.index.shingles import PERMUTATIONS, folded, shingle_hashes, signature, word_hashes, words

_ROWS = 3
"""Numbers in a band. Two texts with a Jaccard index of 0.6 share one of the 32 bands with a probability of 0.9996,
with 0.45 of 0.95, with 0.05 of 0.004."""

_WORTH_COMPARING = 0.3
"""Least share of equal numbers in two signatures; it estimates the Jaccard index with a standard error of 0.05."""

_COMPARED = 5
"""Most stories that an article is compared with, those of the most equal numbers."""

_FIRST_OF_A_BAND = 64
"""Most stories remembered for one value of a band: a phrase in every article cannot make the search quadratic."""

_TEXTS_HELD = 64
"""Texts that are kept ready for comparison; a long one takes some 200 kB."""

_UNDATED = "9999"
"""Sorts after every date."""

Signatures = NDArray[np.uint32]
"""Shape (articles, PERMUTATIONS)."""


def find_stories(
    keys: Sequence[int], read: Callable[[int], Article], advance: Callable[[int], None] = lambda _: None
) -> dict[int, int]:
    """Which articles tell one story in nearly the same words.

    Args:
        keys: the articles' keys.
        read: gives the article of a key; each is read two or three times, one is held at a time, and about 1 kB is
            kept for it.
        advance: hears when articles were looked through; in the end the steps add up to len(keys).

    Returns:
        For every article that is not alone, the key of the first article of its story: the earliest, and among
        equally old ones that with the least id. The first article is its own.
    """
    order, first_of_text, fixtures = _first_look(keys, read)
    signed: list[int] = []
    signatures = np.empty((len(keys), PERMUTATIONS), np.uint32)
    for key in order:
        if first_of_text[key] == key and len(found := words(fixtures.own_text(read(key)))) >= FEWEST_WORDS:
            signatures[len(signed)] = signature(shingle_hashes(word_hashes(found)))
            signed.append(key)
        advance(1)

    @lru_cache(_TEXTS_HELD)
    def text(key: int) -> Shingled:
        return shingled(fixtures.own_text(read(key)))

    leaders = _leaders(signed, signatures[: len(signed)], lambda one, other: same_story(text(one), text(other)))
    story = {key: leaders.get(first, first) for key, first in first_of_text.items()}
    shared = {first for key, first in story.items() if key != first}
    return {key: first for key, first in story.items() if first in shared}


def _first_look(keys: Sequence[int], read: Callable[[int], Article]) -> tuple[list[int], dict[int, int], Fixtures]:
    """The keys by date and id, for each of them the first article with the same words, and the outlets' fixtures.

    A text that an outlet prints under many headlines is no article but a notice in its place ("Please register to
    go on"), so it does not make them one story.
    """
    fixtures = Fixtures(len(keys))
    looked: list[tuple[str, str, int, bytes, bytes]] = []
    versions: set[bytes] = set()
    printed: Counter[bytes] = Counter()
    for key in keys:
        article = read(key)
        text = _digest(folded(words(article.text)) or article.text)
        page = _digest(article.source or "", text)
        version = _digest(article.title, page) if article.source else page
        if version not in versions:
            versions.add(version)
            printed[page] += 1
            fixtures.count(article)
        looked.append((published_iso(article.published) or _UNDATED, article.id, key, text, page))
    looked.sort()
    first: dict[bytes, int] = {}
    first_of_text = {
        key: key if printed[page] > OFTEN else first.setdefault(text, key) for _, _, key, text, page in looked
    }
    return list(first_of_text), first_of_text, fixtures


def _digest(text: str, more: bytes = b"") -> bytes:
    return blake2b(text.encode() + more, digest_size=16).digest()


def _leaders(keys: Sequence[int], signatures: Signatures, alike: Callable[[int, int], float]) -> dict[int, int]:
    """For each of the keys, taken in order, the first article of its story, which may be itself."""
    bands = _shared_bands(signatures)
    stories: dict[int, list[int]] = {}
    leaders: dict[int, int] = {}
    for row, key in enumerate(keys):
        values = bands.get(row, [])
        near = np.array(sorted({story for value in values for story in stories.get(value, [])}), np.intp)
        equal = (signatures[near] == signatures[row]).mean(axis=1)
        best = near[np.argsort(-equal, kind="stable")][: min(_COMPARED, int((equal >= _WORTH_COMPARING).sum()))]
        alikeness, leader = max(((alike(key, keys[at]), -int(at)) for at in best), default=(0.0, 0))
        if alikeness > 0:
            leaders[key] = keys[-leader]
            continue
        leaders[key] = key
        for value in values:
            known = stories.setdefault(value, [])
            if len(known) < _FIRST_OF_A_BAND:
                known.append(row)
    return leaders


def _shared_bands(signatures: Signatures) -> dict[int, list[int]]:
    """For each row those values of its bands that other rows have too, numbered through all bands."""
    shared: dict[int, list[int]] = {}
    numbered = 0
    for start in range(0, PERMUTATIONS, _ROWS):
        band = np.ascontiguousarray(signatures[:, start : start + _ROWS])
        values = band.view(np.dtype((np.void, band.dtype.itemsize * _ROWS))).ravel()
        _, number, count = np.unique(values, return_inverse=True, return_counts=True)
        for row in np.flatnonzero(count[number] > 1):
            shared.setdefault(int(row), []).append(numbered + int(number[row]))
        numbered += len(count)
    return shared
