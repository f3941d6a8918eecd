"""Candidates: the passages that both arms propose, with one fused score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.answering.question import Question
from qabot.articles.article import Article
from qabot.encoders.encoder import Vectors
from qabot.errors import QuestionError
from qabot.index.generation import Generation
from qabot.passages.passage import Passage

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores.

    `dense` is the cosine with the question, None if the model does not know the language of either;
    `lexical` is BM25, 0 if no term is shared; `fused` is in [0, 1].
    """

    key: int
    passage: Passage
    article: Article = field(repr=False)
    dense: float | None
    lexical: float
    fused: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "article": self.article.id,
            "start": self.passage.start,
            "end": self.passage.end,
            "dense": None if self.dense is None else round(self.dense, 4),
            "lexical": round(self.lexical, 4),
            "fused": round(self.fused, 4),
        }


def find_candidates(
    generation: Generation, question: Question, vector: Vectors | None, *, limit: int, dense_weight: float, keep: int
) -> list[Candidate]:
    """The best `keep` passages for `question`, best first.

    Args:
        generation: the index.
        question: its filters apply to both arms.
        vector: the question's, shape (1, dimensions); None if the model does not know its language.
        limit: passages taken from each arm.
        dense_weight: share of the dense score.
        keep: most candidates to give.

    Raises:
        QuestionError: the filters leave no article.
    """
    articles = _allowed(generation, question)
    passages = None if articles is None else generation.store.passages_of(articles)
    keys, lexical = generation.lexical(question.text, limit, articles)
    dense = np.full(len(keys), np.nan)
    if vector is not None:
        nearest, _ = generation.dense(vector, limit, passages)
        found = np.union1d(keys, nearest)
        scores = np.zeros(len(found))
        scores[np.searchsorted(found, keys)] = lexical
        keys, lexical = found, scores
        dense = np.full(len(keys), np.nan)
        present, vectors = generation.vectors.get(keys)
        dense[present] = vectors @ vector[0]
    fused = fuse(dense, lexical, dense_weight)
    order = np.lexsort((keys, -fused))[:keep]
    rows = generation.store.passages([int(key) for key in keys[order]])
    return [
        Candidate(
            int(keys[at]),
            passage,
            article,
            None if np.isnan(dense[at]) else float(dense[at]),
            float(lexical[at]),
            float(fused[at]),
        )
        for at, (passage, article) in zip(order, rows, strict=True)
    ]


def fuse(dense: Scores, lexical: Scores, dense_weight: float) -> Scores:
    """The convex sum of min-max normalised scores, in [0, 1] (Bruch et al. 2023, doi:10.1145/3596512).

    Args:
        dense: cosines; NaN where there is no vector, and then the lexical score counts alone.
        lexical: BM25 scores, 0 where no term is shared.
        dense_weight: in [0, 1].
    """
    terms = min_max(lexical)
    meaning = min_max(dense)
    return np.where(np.isnan(meaning), terms, dense_weight * meaning + (1 - dense_weight) * terms)


def min_max(scores: Scores) -> Scores:
    """`scores` stretched to [0, 1], NaN left as it is; all 1 where they are equal."""
    known = scores[~np.isnan(scores)]
    if known.size == 0:
        return scores
    low, high = known.min(), known.max()
    if high == low:
        return np.where(np.isnan(scores), np.nan, 1.0)
    stretched: Scores = (scores - low) / (high - low)
    return stretched


def _allowed(generation: Generation, question: Question) -> list[int] | None:
    if not question.filtered:
        return None
    since = question.since.isoformat() if question.since else None
    until = question.until.isoformat() if question.until else None
    articles = generation.store.articles_like(source=question.source, since=since, until=until)
    if not articles:
        raise QuestionError("No article is left by the given outlet and days", "See what there is: qabot status")
    return articles
