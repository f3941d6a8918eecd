"""Hits: which passages hold a question's evidence."""

from __future__ import annotations

from collections.abc import Iterable

from qabot.evaluation.gold import GoldQuestion
from qabot.index.store import Store
from qabot.passages.passage import Passage

Holders = tuple[frozenset[int], ...]
"""For every evidence of a question, in its order, the keys of the passages that hold it."""


class EvidenceFinder:
    """Finds the passages that hold evidence. Reads the passages of the evidence articles once.

    A passage holds an evidence with a quote if it wholly holds the quote, both without white space, whichever
    article it is of: so scores MultiHop-RAG (Tang and Yang 2024, arXiv:2401.15391). A passage holds an evidence
    without a quote if it is of the evidence article. Of other articles only the passages that were retrieved are
    looked at, as pooling does at TREC.
    """

    def __init__(self, store: Store, questions: Iterable[GoldQuestion]) -> None:
        wanted = {evidence.article for question in questions for evidence in question.evidence}
        self._store = store
        self._passages: dict[str, dict[int, str]] = {article: {} for article in wanted}
        for row in store.every_passage():
            if row.article.id in wanted:
                self._passages[row.article.id][row.key] = _held(row.article.text, row.passage)

    def holders(self, question: GoldQuestion, retrieved: Iterable[int]) -> Holders:
        """The passages that hold each evidence of `question`, among all of its articles and those `retrieved`."""
        own: dict[int, str] = {}
        for evidence in question.evidence:
            own |= self._passages[evidence.article]
        others = [] if all(evidence.quote is None for evidence in question.evidence) else sorted({*retrieved} - {*own})
        found = self._store.passages(others) if others else []
        texts = own | {key: _held(article.text, passage) for key, (passage, article) in zip(others, found, strict=True)}
        return tuple(
            frozenset(self._passages[article])
            if quote is None
            else frozenset(key for key, text in texts.items() if squeezed(quote) in text)
            for article, quote in question.evidence
        )


def squeezed(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


def _held(text: str, passage: Passage) -> str:
    return squeezed(text[passage.start : passage.end])
