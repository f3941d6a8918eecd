"""Span and Passage: places in an article's text. They hold numbers, never strings."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in an article's canonical text."""

    start: int
    end: int


class Passage(NamedTuple):
    """A window of whole sentences of one article.

    It reaches from the first sentence's start to the last one's end.
    """

    article_id: str
    sentences: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end
