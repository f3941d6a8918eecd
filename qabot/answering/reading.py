"""Reading: the reader's log-odds for the sentences of the best passages."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np

from qabot.answering.candidates import Candidate
from qabot.passages.context import context_line
from qabot.passages.passage import Span
from qabot.questions.question import Question
from qabot.reader.onnx import Page, Reader, SentenceScores
from qabot.reader.readers import Readers

Odds = Mapping[tuple[int, Span], float]
"""For the key of a passage and the span of a sentence in it: the log-odds that the sentence answers, rather than
nothing in the passage."""

LEAST_READ = 3
"""Passages that must be read within the budget; with fewer, what is found without the reader stands."""

_FAR = 50.0
"""Log-odds that stand for none: a sentence beyond the reader's limit."""


def read_passages(
    readers: Readers, question: Question, candidates: Sequence[Candidate], milliseconds: float
) -> Odds | None:
    """What `readers` make of `candidates`; None if none knows the languages of the question and of any of them, or if
    the time was too short.

    Args:
        readers: the first that knows question and passage reads it.
        question: is read with its context, if it is a follow-up.
        candidates: best first.
        milliseconds: after which no further passage is begun.
    """
    shares: dict[Reader, list[Candidate]] = {}
    for candidate in candidates:
        if reader := readers.reader_for(question.language, candidate.article.language):
            shares.setdefault(reader, []).append(candidate)
    end = time.perf_counter() + milliseconds / 1000
    read: list[tuple[Candidate, SentenceScores]] = []
    for reader, share in shares.items():
        left = (end - time.perf_counter()) * 1000
        scores = reader.read(question.read_as, list(map(_page, share)), milliseconds=left)
        read += [(candidate, found) for candidate, found in zip(share, scores, strict=True) if found is not None]
    if not read or len(read) < min(LEAST_READ, sum(map(len, shares.values()))):
        return None
    return {
        (candidate.key, span): odds
        for candidate, found in read
        for span, odds in zip(candidate.passage.sentences, np.maximum(found, -_FAR).tolist(), strict=True)
    }


def _page(candidate: Candidate) -> Page:
    text = candidate.article.text
    sentences = tuple(text[span.start : span.end] for span in candidate.passage.sentences)
    return Page(context_line(candidate.article), sentences)
