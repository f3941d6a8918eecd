"""Looks: what is kept of an article to find the others that tell its story, without reading its text again."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qabot.articles.article import Article
from qabot.index.fixtures import sentence_marks, sentences
from qabot.index.resemblance import FEWEST_WORDS
from qabot.index.shingles import folded, shingle_hashes, signature, word_hashes, words

_DIGEST = 16


class Look(NamedTuple):
    """An article in digests.

    text: of its words, whatever their case and the marks between them.
    page: of its text and outlet.
    version: of its page and, if it has an outlet, its headline.
    marks: of the sentences as its outlet prints them, uint32, ascending, each once (see `fixtures`).
    fixtures: of those sentences that were left out as fixtures; empty if none was.
    signature: MinHash of the other sentences, uint32; empty for a text too short to resemble another.
    """

    text: bytes
    page: bytes
    version: bytes
    marks: bytes
    fixtures: bytes
    signature: bytes


def look_at(article: Article) -> Look:
    """The look of an article none of whose sentences is a fixture."""
    text = digest((folded(words(article.text)) or article.text).encode())
    page = digest((article.source or "").encode(), text)
    version = digest(article.title.encode(), page) if article.source else page
    marks = np.unique(sentence_marks(article.source, sentences(article.text)))
    return Look(text, page, version, marks.tobytes(), b"", signed("\n".join(sentences(article.text))))


def own_text(article: Article, often: NDArray[np.uint32]) -> str:
    """The text without its outlet's fixtures, in lines.

    Args:
        article: whose text is wanted.
        often: the marks of fixtures, ascending.
    """
    pieces = sentences(article.text)
    if not len(often):
        return "\n".join(pieces)
    seldom = ~held(sentence_marks(article.source, pieces), often)
    return "\n".join(piece for piece, own in zip(pieces, seldom, strict=True) if own)


def held(marks: NDArray[np.uint32], ascending: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of `marks` stand in `ascending`, which is not empty."""
    at = np.minimum(np.searchsorted(ascending, marks), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[at] == marks
    return found


def signed(text: str) -> bytes:
    """The MinHash of `text`; empty if it is too short."""
    found = words(text)
    return signature(shingle_hashes(word_hashes(found))).tobytes() if len(found) >= FEWEST_WORDS else b""


def digest(text: bytes, more: bytes = b"") -> bytes:
    return blake2b(text + more, digest_size=_DIGEST).digest()
