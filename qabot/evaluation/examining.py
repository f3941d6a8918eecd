"""Examining: one gold question asked, and the orders of passages that led to its answer."""

from __future__ import annotations

import time
from collections.abc import Sequence

from qabot.answering.answer import Answer, Quote
from qabot.answering.candidates import find_candidates
from qabot.answering.citation import parse_citation, resolve
from qabot.answering.engine import NEAREST, Engine
from qabot.answering.sentences import QuestionTerms, Weights, read_sentences
from qabot.encoders.encoder import Advance, Encoder, Vectors, knows
from qabot.errors import CitationError
from qabot.evaluation.gold import GoldQuestion
from qabot.evaluation.hits import EvidenceFinder
from qabot.evaluation.outcome import DEPTH, Outcome, Shown
from qabot.index.generation import ARTICLES
from qabot.index.store import Store


class Examiner:
    """Asks an engine gold questions. Has a store of its own, to check quotes against articles read afresh."""

    def __init__(self, engine: Engine, finder: EvidenceFinder) -> None:
        self._encoder = _Repeating(engine.encoder)
        self._engine = Engine(engine.settings, self._encoder, engine.generation)
        self._finder = finder
        self._store = Store(engine.generation.folder / ARTICLES)

    def examine(self, gold: GoldQuestion) -> Outcome:
        """Asks `gold` with threshold 0, so that there are quotes whatever the confidence.

        Raises:
            QuestionError: it is empty or too long.
        """
        self._encoder.forget()
        started = time.perf_counter()
        answer = self._engine.ask(gold.question, threshold=0.0)
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
        engine, settings, question = self._engine, self._engine.settings, answer.question
        vector = self._encoder.encode_questions([question.text]) if knows(self._encoder, question.language) else None
        candidates = find_candidates(
            engine.generation,
            question,
            vector,
            limit=settings.candidates,
            dense_weight=settings.dense_weight,
            keep=max(DEPTH, settings.passages_read),
        )
        sentences = read_sentences(
            candidates[: settings.passages_read],
            QuestionTerms(question, engine.generation.terms),
            vector,
            self._encoder,
            Weights(settings.similarity_weight, settings.terms_weight, settings.passage_weight),
            settings.sentences_encoded,
        )
        fused = [candidate.key for candidate in candidates]
        rankings = {
            "lexical": engine.generation.lexical(question.text, DEPTH)[0].tolist(),
            "fused": fused,
            "read": list(dict.fromkeys([*(sentence.candidate.key for sentence in sentences), *fused])),
        }
        if vector is not None:
            rankings["dense"] = engine.generation.dense(vector, DEPTH)[0].tolist()
        return {arm: tuple(keys[:DEPTH]) for arm, keys in rankings.items()}


class _Repeating:
    """An encoder that gives the vectors of the last question again: reading it once more costs no second encoding."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimensions, self.languages = encoder.dimensions, encoder.languages
        self.count_tokens = encoder.count_tokens

    def forget(self) -> None:
        self._known.clear()

    def encode_passages(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """As the encoder's."""
        if (key := ("passages", *texts)) not in self._known:
            self._known[key] = self._encoder.encode_passages(texts, advance)
        return self._known[key]

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's."""
        if (key := ("questions", *texts)) not in self._known:
            self._known[key] = self._encoder.encode_questions(texts)
        return self._known[key]
