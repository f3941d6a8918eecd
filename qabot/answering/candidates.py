"""Candidates: the passages that both arms propose, with one fused score."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.articles.article import Article
from qabot.encoders.encoder import Vectors
from qabot.errors import QuestionError
from qabot.index.generation import Generation
from qabot.passages.passage import Passage
from qabot.questions.question import Question
from qabot.settings import Settings

Scores = NDArray[np.float64]

_SPARE = 3
"""Candidates looked at for each one kept, where those of one article step back."""


_MAY_ANSWER, _NEAREST, _LEAST_USUAL = 2, 10, 3
"""Passages of a language that may answer; the nearest of which the others are looked at; how few of these say
nothing."""

_LEAST_ROOM = 0.05
"""Of a cosine, between unrelated texts and the same one: an index of one text again and again has none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores.

    `dense` is how much nearer the question it is than unrelated passages of its language are (`relatedness`): 0 for
    those, at most 1; None if the model does not know the language of either. `lexical` is BM25, 0 if no term is
    shared; `fused` is in [0, 1]; `score`, which orders the candidates, adds to it how far the article fits what the
    question prefers.
    """

    key: int
    passage: Passage
    article: Article = field(repr=False)
    dense: float | None
    lexical: float
    fused: float
    score: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "article": self.article.id,
            "start": self.passage.start,
            "end": self.passage.end,
            "dense": None if self.dense is None else round(self.dense, 4),
            "lexical": round(self.lexical, 4),
            "fused": round(self.fused, 4),
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Searching:
    """How candidates are found; see the settings of the same names.

    limit: passages taken from each arm.
    dense_weight: share of the dense score in the fused one, of a passage in the question's language.
    preference_weight: added to the fused score for each preference that an article fits.
    repeat_penalty: taken off for each better passage of the same article, where a question asks for several sources.
    across_weight: as `dense_weight`, of a passage in another language, where hardly more than names can be shared.
    unrelated: cosine of each reading of the question with texts outside the index, shape (readings,), or of all.
    """

    limit: int
    dense_weight: float
    preference_weight: float
    repeat_penalty: float
    across_weight: float
    unrelated: NDArray[np.float32] | float

    @classmethod
    def of(cls, settings: Settings, unrelated: NDArray[np.float32] | float) -> Searching:
        """As the settings have it."""
        return cls(
            settings.candidates,
            settings.dense_weight,
            settings.preference_weight,
            settings.repeat_penalty,
            settings.across_weight,
            unrelated,
        )


def find_candidates(
    generation: Generation, question: Question, vectors: Vectors | None, how: Searching, keep: int
) -> list[Candidate]:
    """The best `keep` passages for `question`, best first.

    Args:
        generation: the index.
        question: its filters hold; its preferences only order.
        vectors: of its readings, shape (readings, dimensions); None if the model does not know its language.
        how: the weights.
        keep: most candidates to give.

    Raises:
        QuestionError: the filters leave no article.
    """
    keys, lexical = _search(generation, question, vectors, how.limit)
    languages = generation.store.languages_of(keys.tolist())
    dense = np.full(lexical.shape, np.nan)
    if vectors is not None:
        # Also of those that only the terms found: a missing score is not a low one.
        present, found = generation.vectors.get(keys)
        unrelated = generation.means.unrelated(vectors, how.unrelated)
        floors = [unrelated[language] for language, there in zip(languages, present, strict=True) if there]
        dense[:, present] = relatedness(vectors @ found.T, np.array(floors).reshape(-1, len(vectors)).T)
    own = np.array(languages) == question.language
    shares = np.where(own, how.dense_weight, how.across_weight)
    by_reading = zip((level(row, languages, own) for row in dense), lexical, strict=True)
    fused = np.mean([fuse(meaning, terms, shares) for meaning, terms in by_reading], axis=0)
    score = fused
    if question.preferences:
        fits = question.preferences.fits(generation.store.imprints(keys.tolist()))
        score = fused + how.preference_weight * np.array(fits)
    order = np.lexsort((keys, -score))[: keep * _SPARE if question.several else keep]
    rows = generation.store.passages(keys[order].tolist())
    best = [
        Candidate(
            int(keys[at]),
            passage,
            article,
            None if np.isnan(dense[0, at]) else float(dense[0, at]),
            float(lexical[0, at]),
            float(fused[at]),
            float(score[at]),
        )
        for at, (passage, article) in zip(order, rows, strict=True)
    ]
    return _spread(best, how.repeat_penalty)[:keep] if question.several else best


def _search(
    generation: Generation, question: Question, vectors: Vectors | None, limit: int
) -> tuple[NDArray[np.int64], Scores]:
    """The passages that either arm finds for any reading, among all articles and again among the preferred ones.

    Gives their keys, ascending, shape (n,), and their lexical scores for each reading, shape (readings, n).
    """
    allowed = _allowed(generation, question)
    pools = [allowed]
    if preferred := _preferred(generation, question):
        pools.append(preferred if allowed is None else sorted(set(preferred) & set(allowed)))
    by_terms: list[dict[int, float]] = [{} for _ in question.readings]
    nearest: list[NDArray[np.int64]] = []
    asked = [] if vectors is None else [*vectors]
    if vectors is not None and (neutral := generation.means.without_language(vectors)) is not None:
        # As asked, too: what the languages differ by is also what a text is about, a little.
        asked += [*neutral]
    for articles in pools:
        for text, scores in zip(question.readings, by_terms, strict=True):
            scores.update(zip(*map(np.ndarray.tolist, generation.lexical(text, limit, articles)), strict=True))
        if asked:
            passages = None if articles is None else generation.vectors.passages_of(articles)
            nearest += [generation.dense(row[np.newaxis], limit, passages)[0] for row in asked]
    keys = np.unique(np.concatenate([np.array(list(set().union(*by_terms)), np.int64), *nearest]))
    return keys, np.array([[scores.get(key, 0.0) for key in keys.tolist()] for scores in by_terms])


def _spread(candidates: list[Candidate], penalty: float) -> list[Candidate]:
    """`candidates` in the order of their scores less `penalty` for each better one of the same article."""
    left, spread = list(candidates), []
    taken: Counter[str] = Counter()
    while left:
        best = max(left, key=lambda candidate: candidate.score - penalty * taken[candidate.article.id])
        left.remove(best)
        spread.append(best)
        taken[best.article.id] += 1
    return spread


def relatedness(cosines: NDArray[Any], unrelated: NDArray[Any] | float) -> Scores:
    """How much nearer than unrelated texts: 0 as near as those, 1 the same text, below 0 farther than those.

    So scores of all models and languages have one range: cosines themselves lie between 0 and 0.8 for one model,
    between 0.7 and 0.9 for another, and are higher within a language than across.

    Args:
        cosines: of question and text.
        unrelated: what they would be if the two had nothing to do with each other.
    """
    scores: Scores = np.asarray((cosines - unrelated) / np.maximum(1 - unrelated, _LEAST_ROOM), np.float64)
    return scores


def level(dense: Scores, languages: Sequence[str], own: NDArray[np.bool_]) -> Scores:
    """`dense`, where what other languages have near the question is brought to the level of the question's own.

    A large collection has something near any question, a small one has not: without this, the few passages that answer
    stand behind many in another language that do not. It is the idea of cross-domain similarity local scaling (Lample
    et al. 2018, arXiv:1710.04087), which takes from a similarity the mean of the nearest ones.

    Args:
        dense: shape (n,), as `relatedness` has it; NaN where there is no vector.
        languages: of the same passages.
        own: which of them are in the question's language; with none there is nothing to compare with.
    """
    usual = _usual(dense[own])
    levelled = dense.copy()
    for language in sorted({language for language, is_own in zip(languages, own, strict=True) if not is_own}):
        of_it = np.array([one == language for one in languages])
        levelled[of_it] += usual - _usual(dense[of_it])
    return np.where(np.isnan(levelled), dense, levelled)


def _usual(dense: Scores) -> float:
    """The mean of the best scores behind the first ones, which may be of what answers; NaN if there are too few."""
    usual = np.sort(dense[~np.isnan(dense)])[::-1][_MAY_ANSWER:_NEAREST]
    return float(usual.mean()) if len(usual) >= _LEAST_USUAL else math.nan


def fuse(dense: Scores, lexical: Scores, dense_weight: Scores | float) -> Scores:
    """The convex sum of both scores, each divided by its best, in [0, 1] (Bruch et al. 2023, doi:10.1145/3596512: they
    too take for the least score what it can be at least, here that of an unrelated passage, not what was found).

    Args:
        dense: as `relatedness` has it; NaN where there is no vector, and then the lexical score counts alone.
        lexical: BM25 scores, 0 where no term is shared.
        dense_weight: in [0, 1], for all or for each.
    """
    terms, meaning = _of_best(lexical), _of_best(dense)
    return np.where(np.isnan(meaning), terms, dense_weight * meaning + (1 - dense_weight) * terms)


def _of_best(scores: Scores) -> Scores:
    """`scores` as shares of the best one, 0 for those below 0, NaN left as it is."""
    floored: Scores = np.maximum(scores, 0.0)
    best = np.nanmax(floored, initial=0.0)
    return floored / best if best > 0 else floored


def _allowed(generation: Generation, question: Question) -> list[int] | None:
    if not question.filtered:
        return None
    since = question.since.isoformat() if question.since else None
    until = question.until.isoformat() if question.until else None
    articles = generation.store.articles_like(source=question.source, since=since, until=until)
    if not articles:
        raise QuestionError("No article is left by the given outlet and days", "See what there is: qabot status")
    return articles


def _preferred(generation: Generation, question: Question) -> list[int]:
    time = question.preferences.time
    days = [
        (period.since.isoformat() if period.since else None, period.until.isoformat() if period.until else None)
        for period in (time.periods if time else ())
    ]
    return generation.store.articles_in(question.preferences.outlets.named, days)
