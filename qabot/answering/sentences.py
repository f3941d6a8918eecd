"""Choosing sentences without the reader: those of the best passages, scored by vectors and terms."""

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

_CONTEXT = 0.3
"""Weight of a term that only the conversation brings, against one of the question itself: what was said before finds
the passages, the question picks the sentence."""

_SAID = 0.7
"""What the score of a sentence that was just quoted is worth: a follow-up wants something else."""

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
    terms in the sentence, weighted by rarity, in [0, 1]; `score` the weighted sum with the passage's score; `read` the
    reader's log-odds that it answers, rather than nothing in its passage, None if it was not read.
    """

    article: Article = field(repr=False)
    span: Span
    candidate: Candidate = field(repr=False)
    terms: float
    similarity: float | None
    score: float
    read: float | None = None


class QuestionTerms:
    """The question's content terms with their rarity, as each analyzer writes them."""

    def __init__(self, question: Question, index: Terms) -> None:
        self._question = question
        self._index = index
        self._rarity: dict[str, dict[str, float]] = {}

    @property
    def quoted_before(self) -> str:
        """What was quoted to the question before, if this one follows it."""
        return self._question.quoted_before

    @property
    def texts(self) -> int:
        """Number of passages that rarity is counted among, those outside the index included."""
        return len(self._index) + _OTHER_TEXTS

    def frequency(self, term: str, analyzer: str) -> int:
        """Number of passages of the index that hold `term`."""
        return self._index.document_frequency(term, analyzer)

    def information(self, term: str, analyzer: str) -> float:
        """How much it says that a passage holds `term`, in nats: -log of the share of passages that do (idf)."""
        return math.log(self.texts / (self.frequency(term, analyzer) + 0.5))

    def rarity(self, analyzer: str) -> dict[str, float]:
        """Term -> weight, summing to 1: the rarer in the index, the heavier."""
        if analyzer not in self._rarity:
            asked = set(content_terms(self._question.text, analyzer))
            weights = {
                term: self.information(term, analyzer) * (1 if term in asked else _CONTEXT)
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
    vectors: Vectors | None,
    encoder: Encoder,
    weights: Weights,
    encoded: int,
) -> list[ScoredSentence]:
    """The sentences of `candidates`, best first.

    Args:
        candidates: the passages to read.
        question_terms: of the question.
        vectors: of its readings, shape (readings, dimensions), whose similarities are averaged; None if the model does
            not know its language.
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
            found.append(_scored(candidate, span, share, None, question_terms.quoted_before, weights))
    found.sort(key=best_first)
    if vectors is not None:
        found = _compared(found, vectors, encoder, question_terms.quoted_before, weights, encoded)
    return found


def _compared(
    found: list[ScoredSentence],
    vectors: Vectors,
    encoder: Encoder,
    quoted_before: str,
    weights: Weights,
    encoded: int,
) -> list[ScoredSentence]:
    """`found` with the similarity of the first `encoded`, in the order of the new scores; the others stay behind."""
    chosen = [sentence for sentence in found if knows(encoder, sentence.article.language)][:encoded]
    texts = [sentence.article.text[sentence.span.start : sentence.span.end] for sentence in chosen]
    similarities = np.mean(encoder.encode_passages(texts) @ vectors.T, axis=1)
    compared = [
        _scored(sentence.candidate, sentence.span, sentence.terms, float(similarity), quoted_before, weights)
        for sentence, similarity in zip(chosen, np.maximum(similarities, 0), strict=True)
    ]
    taken = set(map(id, chosen))
    rest = [sentence for sentence in found if id(sentence) not in taken]
    return sorted(compared, key=best_first) + rest


def _scored(
    candidate: Candidate, span: Span, share: float, similarity: float | None, quoted_before: str, weights: Weights
) -> ScoredSentence:
    article = candidate.article
    score = weights.terms * share + weights.passage * candidate.score + weights.similarity * (similarity or 0.0)
    return ScoredSentence(article, span, candidate, share, similarity, discounted(score, article, span, quoted_before))


def discounted(score: float, article: Article, span: Span, quoted_before: str) -> float:
    """`score`, less for a sentence that itself asks or was just quoted."""
    if _ASKS.search(article.text, span.start, span.end):
        score *= _ASKING
    if quoted_before and article.text[span.start : span.end] in quoted_before:
        score *= _SAID
    return score


def best_first(sentence: ScoredSentence) -> tuple[float, int, int]:
    """The key that sorts sentences: by score, equal ones by place."""
    return -sentence.score, sentence.candidate.key, sentence.span.start
