"""Examining: one gold question asked, and the orders of passages that led to its answer."""

from __future__ import annotations

import time

from qabot.answering.answer import Answer, Quote
from qabot.answering.citation import parse_citation, resolve
from qabot.answering.engine import NEAREST, Engine
from qabot.encoders.encoder import knows
from qabot.errors import CitationError
from qabot.evaluation.gold import GoldQuestion
from qabot.evaluation.hits import EvidenceFinder
from qabot.evaluation.outcome import DEPTH, Outcome, Shown
from qabot.index.generation import ARTICLES
from qabot.index.store import Store


class Examiner:
    """Asks an engine gold questions. Has a store of its own, to check quotes against articles read afresh."""

    def __init__(self, engine: Engine, finder: EvidenceFinder) -> None:
        self._engine = engine
        self._finder = finder
        self._store = Store(engine.generation.folder / ARTICLES)

    def examine(self, gold: GoldQuestion) -> Outcome:
        """Asks `gold` on its day and after its history, with threshold 0, so that there are quotes whatever the
        confidence.

        Raises:
            QuestionError: it is empty or too long.
        """
        started = time.perf_counter()
        answer = self._engine.ask(gold.question, conversation=gold.conversation, now=gold.asked, threshold=0.0)
        milliseconds = (time.perf_counter() - started) * 1000
        rankings = self._rankings(answer)
        retrieved = {key for ranking in rankings.values() for key in ranking}
        articles = dict.fromkeys(candidate.article.id for candidate in answer.candidates)
        return Outcome(
            gold=gold,
            confidence=answer.confidence,
            quotes=tuple(Shown(quote.article.id, quote.text, self._exact(quote)) for quote in answer.quotes),
            nearest=tuple(articles)[:NEAREST],
            rankings=rankings,
            holders=self._finder.holders(gold, retrieved),
            milliseconds=milliseconds,
            features=answer.features,
            read=answer.reader is not None,
        )

    def close(self) -> None:
        self._store.close()

    def _exact(self, quote: Quote) -> bool:
        cited = parse_citation(str(quote.citation))
        if cited is None:
            return False
        try:
            article = resolve(cited, self._store)
        except CitationError:
            return False
        return article.text[cited.start : cited.end] == quote.text and bool(quote.text)

    def _rankings(self, answer: Answer) -> dict[str, tuple[int, ...]]:
        generation, encoder, asked = self._engine.generation, self._engine.encoder, answer.question
        fused = [candidate.key for candidate in answer.candidates]
        rankings = {
            "lexical": generation.lexical(asked.read_as, DEPTH)[0].tolist(),
            "fused": fused,
            "read": list(dict.fromkeys([*(sentence.candidate.key for sentence in answer.sentences), *fused])),
        }
        if knows(encoder, asked.language):
            rankings["dense"] = generation.dense(encoder.encode_questions([asked.read_as]), DEPTH)[0].tolist()
        return {arm: tuple(keys[:DEPTH]) for arm, keys in rankings.items()}
