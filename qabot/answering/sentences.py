"""Scoring: the sentences of the best passages, by how well they answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qabot.answering.candidates import Candidate, relatedness
from qabot.answering.logistic import logistic
from qabot.answering.reading import Odds
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

_SEVERAL = 1 / 3
"""What the reader's share is worth where a question wants several articles: no sentence answers all of it, and the
reader learnt by questions that one does."""

_SAID = 0.7
"""What the score of a sentence that was just quoted is worth: a follow-up wants something else."""

_ASKS = re.compile(r"\?[\s»”’\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of a sentence's score; see the settings of the same names. `reader` is the share of the reader, where it
    read, and leaves the rest to the other three."""

    similarity: float
    terms: float
    passage: float
    reader: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a candidate's passage.

    `similarity` is how much nearer the question it is than unrelated texts of its language (`relatedness`), in [0, 1],
    None if it was not compared; `terms` the share of the question's terms in the sentence, weighted by rarity, in
    [0, 1]; `read` the reader's log-odds that it answers, None if it was
    not read; `score` the weighted sum of these and the passage's score.
    """

    article: Article = field(repr=False)
    span: Span
    candidate: Candidate = field(repr=False)
    terms: float
    similarity: float | None
    read: float | None
    score: float


@dataclass(frozen=True, slots=True)
class Comparing:
    """The vectors of a question's readings, shape (readings, dimensions), and for any language the cosine of each
    reading with unrelated texts, shape (readings,)."""

    vectors: Vectors
    unrelated: Mapping[str, NDArray[np.float64]]


class QuestionTerms:
    """The question's content terms with their rarity, as each analyzer writes them."""

    def __init__(self, question: Question, index: Terms) -> None:
        self.question = question
        self._index = index
        self._rarity: dict[str, dict[str, float]] = {}

    @property
    def texts(self) -> int:
        """Number of passages that rarity is counted among, those outside the index included."""
        return len(self._index) + _OTHER_TEXTS

    def frequency(self, term: str, analyzer: str) -> int:
        """Number of passages of the index that hold `term`."""
        return self._index.document_frequency(term, analyzer)

    def information(self, term: str, analyzer: str) -> float:
        """How much it says that a passage holds `term`, in nats: -log of the share of passages that do (idf)."""
        return self._nats(self.frequency(term, analyzer))

    def name_frequency(self, name: str) -> int:
        """Number of passages of the index that hold `name`, a term that stands for it in another writing (names.py)."""
        return self._index.name_frequency(name)

    def name_information(self, name: str) -> float:
        """As `information`, of such a term."""
        return self._nats(self.name_frequency(name))

    def _nats(self, frequency: int) -> float:
        return math.log(self.texts / (frequency + 0.5))

    def rarity(self, analyzer: str) -> dict[str, float]:
        """Term -> weight, summing to 1: the rarer in the index, the heavier."""
        if analyzer not in self._rarity:
            asked = set(content_terms(self.question.text, analyzer))
            weights = {
                term: self.information(term, analyzer) * (1 if term in asked else _CONTEXT)
                for term in content_terms(self.question.read_as, analyzer)
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
    comparing: Comparing | None,
    encoder: Encoder,
    odds: Odds | None,
    weights: Weights,
    encoded: int,
) -> list[ScoredSentence]:
    """The sentences of `candidates`, best first; one that stands in two passages once, as it is best.

    Args:
        candidates: the passages to read.
        question_terms: of the question.
        comparing: its readings, whose similarities are averaged; None if the model does not know its language.
        encoder: embeds the `encoded` sentences that are best by all but similarity.
        odds: of the reader; None if it did not read.
        weights: of the parts of a score.
        encoded: most sentences to embed.
    """
    scoring = _Scoring(weights, question_terms.question, read=odds is not None)
    found: list[ScoredSentence] = []
    for candidate in candidates:
        article = candidate.article
        for span in candidate.passage.sentences:
            share = question_terms.share(article.text[span.start : span.end], article.language)
            read = odds.get((candidate.key, span)) if odds is not None else None
            found.append(scoring.scored(ScoredSentence(article, span, candidate, share, None, read, 0.0)))
    found = _once(sorted(found, key=_best_first))
    return found if comparing is None else _compared(found, comparing, encoder, scoring, encoded)


def reordered(sentences: Sequence[ScoredSentence], question: Question, weights: Weights) -> list[ScoredSentence]:
    """`sentences`, of which a reader read some for `question`, as other weights would order them."""
    scoring = _Scoring(weights, question, read=True)
    return sorted(map(scoring.scored, sentences), key=lambda one: (one.similarity is None, *_best_first(one)))


@dataclass(frozen=True, slots=True)
class _Scoring:
    """What decides a score besides the sentence. `read`: a reader read some of the passages; those that it did not read
    count as if it had found nothing in them."""

    weights: Weights
    question: Question
    read: bool

    def scored(self, sentence: ScoredSentence) -> ScoredSentence:
        weights, article, span = self.weights, sentence.article, sentence.span
        score = weights.terms * self._terms(sentence) + weights.passage * sentence.candidate.score
        score += weights.similarity * (sentence.similarity or 0.0)
        if self.read:
            answers = 0.0 if sentence.read is None else logistic(sentence.read)
            share = weights.reader * (_SEVERAL if self.question.several else 1)
            score = share * answers + (1 - share) * score
        if _ASKS.search(article.text, span.start, span.end):
            score *= _ASKING
        said = self.question.quoted_before
        if said and article.text[span.start : span.end] in said:
            score *= _SAID
        return replace(sentence, score=score)

    def _terms(self, sentence: ScoredSentence) -> float:
        """The share of terms, and where they are words of another language at least what the meaning is worth: of the
        sentence, or of its passage as long as the sentence was not compared."""
        if sentence.article.language == self.question.language:
            return sentence.terms
        meaning = sentence.candidate.dense if sentence.similarity is None else sentence.similarity
        return max(sentence.terms, meaning or 0.0)


def _once(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    best: dict[tuple[str, Span], ScoredSentence] = {}
    for sentence in sentences:
        best.setdefault((sentence.article.id, sentence.span), sentence)
    return list(best.values())


def _compared(
    found: list[ScoredSentence], comparing: Comparing, encoder: Encoder, scoring: _Scoring, encoded: int
) -> list[ScoredSentence]:
    """`found` with the similarity of the first `encoded`, in the order of the new scores; the others stay behind."""
    chosen = [sentence for sentence in found if knows(encoder, sentence.article.language)][:encoded]
    texts = [sentence.article.text[sentence.span.start : sentence.span.end] for sentence in chosen]
    unrelated = np.array([comparing.unrelated[sentence.article.language] for sentence in chosen])
    cosines = encoder.encode_passages(texts) @ comparing.vectors.T
    similarities = np.clip(np.mean(relatedness(cosines, unrelated.reshape(cosines.shape)), axis=1), 0, 1)
    compared = [
        scoring.scored(replace(sentence, similarity=float(similarity)))
        for sentence, similarity in zip(chosen, similarities, strict=True)
    ]
    taken = set(map(id, chosen))
    rest = [sentence for sentence in found if id(sentence) not in taken]
    return sorted(compared, key=_best_first) + rest


def _best_first(sentence: ScoredSentence) -> tuple[float, int, int]:
    return -sentence.score, sentence.candidate.key, sentence.span.start
