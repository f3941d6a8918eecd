"""Repeats: one story in several outlets is read once, and its quote says where else it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qabot.answering.answer import Quote
from qabot.answering.candidates import Candidate
from qabot.index.repeats import covered, same_passage
from qabot.index.store import Edition, Store

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


class Repeats:
    """Which of some candidates say what better ones of another article said, and in which articles they do."""

    def __init__(self, candidates: Sequence[Candidate], store: Store) -> None:
        """Compares `candidates`, best first: by their sentences, and with all of one story before them."""
        self._store = store
        self._elsewhere: dict[str, dict[str, Edition]] = {}
        self.distinct: list[Candidate] = []
        stories = store.stories_of({candidate.article.id for candidate in candidates})
        hashes = store.sentence_hashes([candidate.key for candidate in candidates])
        for candidate in candidates:
            others = [better for better in self.distinct if better.article.id != candidate.article.id]
            editions = [better for better in others if stories[better.article.id] == stories[candidate.article.id]]
            same = [better for better in others if same_passage(hashes[better.key], hashes[candidate.key])]
            if covered(hashes[candidate.key], (hashes[better.key] for better in editions)):
                same += editions
            if not same:
                self.distinct.append(candidate)
            for better in same[:1]:
                self._elsewhere.setdefault(better.article.id, {})[candidate.article.id] = _edition(candidate)

    def told(self, quote: Quote) -> Quote:
        """`quote`, knowing the other articles that tell its story, with the quote's figures."""
        editions = {edition.id: edition for edition in self._store.other_editions(quote.article.id)}
        editions |= self._elsewhere.get(quote.article.id, {})
        figures = _figures(quote.text)
        return replace(
            quote, also_in=tuple(edition for edition in editions.values() if figures <= self._figures_of(edition))
        )

    def _figures_of(self, edition: Edition) -> set[str]:
        article = self._store.find_article(edition.id)
        return _figures(article.text) if article else set()


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text))


def _edition(candidate: Candidate) -> Edition:
    article = candidate.article
    return Edition(article.id, article.title, article.source, article.url, article.published)
