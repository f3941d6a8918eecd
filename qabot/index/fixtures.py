"""Fixtures: what an outlet prints under many articles - calls to subscribe, notices, captions of a gallery.

Articles that share only these are not one story, so they are left out before texts are compared. Repeats across
outlets are no fixtures: that is how a wire story looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.uint32]
"""Hashes of sentences with their outlet."""

OFTEN, OFTEN_WITHOUT_OUTLET = 3, 10
"""A sentence in more articles of one outlet than this is a fixture; a republished article stays below it. Articles
without an outlet may be of many, and the copies of a wire story among them."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_BYTES_PER_MARK = 24
"""Memory that counting takes for each mark: the marks, a sorted copy, the counts."""


def sentences(text: str) -> list[str]:
    """Pieces of the text that end at a full stop or a line end: good enough to recognise repeats, and fast."""
    return [piece for piece in _SENTENCE_END.split(text) if piece]


def sentence_marks(source: str | None, sentences: Sequence[str]) -> Marks:
    """A mark of 32 bits for each of the sentences, as the outlet `source` prints it. Two that share a mark by chance
    pass for one, which does no harm: a fixture stands in many articles."""
    outlet = crc32((source or "").encode())
    return np.fromiter((crc32(sentence.encode(), outlet) for sentence in sentences), np.uint32, len(sentences))


def frequent(blocks: Callable[[], Iterable[Marks]], total: int, more_than: int, memory: int) -> Marks:
    """The marks that stand in more than `more_than` articles, ascending.

    Args:
        blocks: gives the marks of all articles, each mark once for each article; called again for each pass.
        total: number of marks in all blocks.
        more_than: articles.
        memory: bytes that may be used. Where they do not hold all marks, these are counted in several passes.
    """
    passes = total * _BYTES_PER_MARK // memory + 1
    found = []
    for turn in range(passes):
        parts = [block[block % np.uint32(passes) == turn] if passes > 1 else block for block in blocks()]
        marks, counts = np.unique(np.concatenate(parts or [np.empty(0, np.uint32)]), return_counts=True)
        found.append(marks[counts > more_than])
    return np.sort(np.concatenate(found))
