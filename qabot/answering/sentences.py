"""Reading: the sentences of the best passages, scored by how well they answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from qabot.answering.candidates import Candidate
from qabot.articles.article import Article
from qabot.encoders.encoder import Encoder, Vectors, knows
from qabot.index.analysis import analyzer_of, content_terms, terms
from qabot.index.terms import Terms
from qabot.passages.passage import Span
from qabot.questions.question import Question

_OTHER_TEXTS = 1000
"""Passages of an imagined world outside the index, which hold no term of the question: in a small index all
terms that are no stop words then count nearly alike, in a large one by their inverse document frequency."""


_ASKING = 0.7
"""What the score of a sentence that asks itself is worth: it resembles the question, and hardly ever answers it."""

_ASKS = re.compile(r"\?[\s»”’\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of a sentence's score; see the settings of the same names."""

    similarity: float
    terms: float
    passage: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a candidate's passage.

    `similarity` is the cosine with the question, None if it was not compared; `terms` the share of the question's
    terms in the sentence, weighted by rarity, in [0, 1]; `score` the weighted sum with the passage's score.
    """

    article: Article = field(repr=False)
    span: Span
    candidate: Candidate = field(repr=False)
    terms: float
    similarity: float | None
    score: float


class QuestionTerms:
    """The question's content terms with their rarity, as each analyzer writes them."""

    def __init__(self, question: Question, index: Terms) -> None:
        self._question = question
        self._index = index
        self._rarity: dict[str, dict[str, float]] = {}

    def rarity(self, analyzer: str) -> dict[str, float]:
        """Term -> weight, summing to 1: the rarer in the index, the heavier."""
        if analyzer not in self._rarity:
            texts = len(self._index) + _OTHER_TEXTS
            weights = {
                term: math.log(texts / (self._index.document_frequency(term, analyzer) + 0.5))
                for term in content_terms(self._question.read_as, analyzer)
            }
            total = sum(weights.values())
            self._rarity[analyzer] = {term: weight / total for term, weight in weights.items()}
        return self._rarity[analyzer]

    def share(self, text: str, language: str) -> float:
        """The weight of the terms that `text` holds, in [0, 1]."""
        analyzer = analyzer_of(language)
        held = set(terms(text, analyzer))
        return sum(weight for term, weight in self.rarity(analyzer).items() if term in held)


def read_sentences(
    candidates: Sequence[Candidate],
    question_terms: QuestionTerms,
    vector: Vectors | None,
    encoder: Encoder,
    weights: Weights,
    encoded: int,
) -> list[ScoredSentence]:
    """The sentences of `candidates`, best first.

    Args:
        candidates: the passages to read.
        question_terms: of the question.
        vector: of the question, shape (1, dimensions); None if the model does not know its language.
        encoder: embeds the `encoded` sentences that are best by their terms and passages.
        weights: of the three parts of a score.
        encoded: most sentences to embed.
    """
    seen: set[tuple[str, Span]] = set()
    found: list[ScoredSentence] = []
    for candidate in candidates:
        for span in candidate.passage.sentences:
            if (candidate.article.id, span) in seen:
                continue
            seen.add((candidate.article.id, span))
            share = question_terms.share(candidate.article.text[span.start : span.end], candidate.article.language)
            found.append(_scored(candidate, span, share, None, weights))
    found.sort(key=_best_first)
    if vector is not None:
        found = _compared(found, vector, encoder, weights, encoded)
    return found


def _compared(
    found: list[ScoredSentence], vector: Vectors, encoder: Encoder, weights: Weights, encoded: int
) -> list[ScoredSentence]:
    """`found` with the similarity of the first `encoded`, in the order of the new scores; the others stay behind."""
    chosen = [sentence for sentence in found if knows(encoder, sentence.article.language)][:encoded]
    texts = [sentence.article.text[sentence.span.start : sentence.span.end] for sentence in chosen]
    similarities = encoder.encode_passages(texts) @ vector[0]
    compared = [
        _scored(sentence.candidate, sentence.span, sentence.terms, float(similarity), weights)
        for sentence, similarity in zip(chosen, np.maximum(similarities, 0), strict=True)
    ]
    taken = set(map(id, chosen))
    rest = [sentence for sentence in found if id(sentence) not in taken]
    return sorted(compared, key=_best_first) + rest


def _scored(
    candidate: Candidate, span: Span, share: float, similarity: float | None, weights: Weights
) -> ScoredSentence:
    article = candidate.article
    score = weights.terms * share + weights.passage * candidate.score + weights.similarity * (similarity or 0.0)
    if _ASKS.search(article.text, span.start, span.end):
        score *= _ASKING
    return ScoredSentence(article, span, candidate, share, similarity, score)


def _best_first(sentence: ScoredSentence) -> tuple[float, int, int]:
    return -sentence.score, sentence.candidate.key, sentence.span.start
