"""Reading with the reader: the sentences of the best passages, scored by whether they answer the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qabot.answering.candidates import Candidate
from qabot.answering.logistic import logistic
from qabot.answering.sentences import QuestionTerms, ScoredSentence, best_first, discounted
from qabot.passages.context import context_line
from qabot.questions.question import Question
from qabot.reader.onnx import Page, Reader, SentenceScores

LEAST_READ = 3
"""Passages that must be read within the budget; with fewer, the order found without the reader stands."""

_FAR = 50.0
"""Log-odds that stand for none: a sentence beyond the reader's limit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How passages are read; see the settings of the same names.

    passages: most to read.
    milliseconds: after which no further one is begun.
    weight: share of the reader's score in a sentence's.
    """

    passages: int
    milliseconds: float
    weight: float


def read_with(
    reader: Reader,
    question: Question,
    candidates: Sequence[Candidate],
    question_terms: QuestionTerms,
    how: Reading,
) -> list[ScoredSentence]:
    """The sentences of the best passages, best first; none if the reader cannot tell.

    It cannot where it does not know the language of the question or of the best passage, nor if the time was too short
    for `LEAST_READ` passages. Passages in languages that it does not know are left out.

    A sentence's score is the weighted mean of the probability that it answers, rather than nothing in its passage, and
    of the passage's score.

    Args:
        reader: scores the sentences.
        question: is read with its context, if it is a follow-up.
        candidates: best first.
        question_terms: of the question.
        how: how many, how long, and the weight.
    """
    if not (reader.knows(question.language) and candidates and reader.knows(candidates[0].article.language)):
        return []
    readable = [candidate for candidate in candidates if reader.knows(candidate.article.language)][: how.passages]
    scores = reader.read(question.read_as, [_page(candidate) for candidate in readable], milliseconds=how.milliseconds)
    read = [(candidate, found) for candidate, found in zip(readable, scores, strict=True) if found is not None]
    if len(read) < min(LEAST_READ, len(readable)):
        return []
    sentences = [one for candidate, found in read for one in _scored(candidate, found, question_terms, how.weight)]
    return _best_of_each(sentences)


def reordered(sentences: Sequence[ScoredSentence], question: Question, weight: float) -> list[ScoredSentence]:
    """`sentences`, which a reader read for `question`, as another weight would order them."""
    return sorted((_weighted(sentence, question.quoted_before, weight) for sentence in sentences), key=best_first)


def _best_of_each(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """`sentences`, best first; one that stands in two passages counts as it was read best."""
    best: dict[tuple[str, int, int], ScoredSentence] = {}
    for sentence in sorted(sentences, key=best_first):
        best.setdefault((sentence.article.id, *sentence.span), sentence)
    return list(best.values())


def _page(candidate: Candidate) -> Page:
    text = candidate.article.text
    sentences = tuple(text[span.start : span.end] for span in candidate.passage.sentences)
    return Page(context_line(candidate.article), sentences)


def _scored(
    candidate: Candidate, found: SentenceScores, question_terms: QuestionTerms, weight: float
) -> list[ScoredSentence]:
    article, quoted = candidate.article, question_terms.quoted_before
    sentences = []
    for span, odds in zip(candidate.passage.sentences, np.maximum(found, -_FAR).tolist(), strict=True):
        share = question_terms.share(article.text[span.start : span.end], article.language)
        sentence = ScoredSentence(article, span, candidate, share, None, 0.0, odds)
        sentences.append(_weighted(sentence, quoted, weight))
    return sentences


def _weighted(sentence: ScoredSentence, quoted_before: str, weight: float) -> ScoredSentence:
    answers = logistic(sentence.read or 0.0)
    score = weight * answers + (1 - weight) * sentence.candidate.score
    return replace(sentence, score=discounted(score, sentence.article, sentence.span, quoted_before))
