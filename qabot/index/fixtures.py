"""Fixtures: what an outlet prints under many articles - calls to subscribe, notices, captions of a gallery.

Articles that share only these are not one story, so they are left out before texts are compared. Repeats across
outlets are no fixtures: that is how a wire story looks.
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qabot.articles.article import Article

OFTEN, OFTEN_WITHOUT_OUTLET = 3, 10
"""A sentence in more articles of one outlet than this is a fixture; a republished article stays below it. Articles
without an outlet may be of many, and the copies of a wire story among them."""

_SLOTS_PER_ARTICLE = 256
_FEWEST_SLOTS = 1 << 16
_MOST = np.iinfo(np.uint8).max
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


class Fixtures:
    """Counts in how many articles of its outlet each sentence stands, in one byte per slot of a hash table.

    The table has 256 slots an article and an article some 80 sentences: 0.4 % of the sentences share their slot with
    so many others that they pass for fixtures, which does no harm.
    """

    def __init__(self, articles: int) -> None:
        self._counts = np.zeros(max(articles * _SLOTS_PER_ARTICLE, _FEWEST_SLOTS), np.uint8)

    def count(self, article: Article) -> None:
        """Counts the sentences of an article, each once."""
        slots = np.unique(self._slots(article, _sentences(article.text)))
        self._counts[slots] += self._counts[slots] < _MOST

    def own_text(self, article: Article) -> str:
        """The text without the outlet's fixtures, in lines, once all articles are counted."""
        sentences = _sentences(article.text)
        often = OFTEN if article.source else OFTEN_WITHOUT_OUTLET
        seldom = self._counts[self._slots(article, sentences)] <= often
        return "\n".join(sentence for sentence, own in zip(sentences, seldom, strict=True) if own)

    def _slots(self, article: Article, sentences: list[str]) -> NDArray[np.intp]:
        outlet = crc32((article.source or "").encode())
        hashes = (crc32(sentence.encode(), outlet) for sentence in sentences)
        return np.fromiter(hashes, np.intp, len(sentences)) % len(self._counts)


def _sentences(text: str) -> list[str]:
    """Pieces of the text that end at a full stop or a line end: good enough to recognise repeats, and fast."""
    return [piece for piece in _SENTENCE_END.split(text) if piece]
