"""Reading: the reader's log-odds for the sentences of the best passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qabot.answering.candidates import Candidate
from qabot.passages.context import context_line
from qabot.passages.passage import Span
from qabot.questions.question import Question
from qabot.reader.onnx import Page, Reader

Odds = Mapping[tuple[int, Span], float]
"""For the key of a passage and the span of a sentence in it: the log-odds that the sentence answers, rather than
nothing in the passage."""

LEAST_READ = 3
"""Passages that must be read within the budget; with fewer, what is found without the reader stands."""

_FAR = 50.0
"""Log-odds that stand for none: a sentence beyond the reader's limit."""


def read_passages(
    reader: Reader, question: Question, candidates: Sequence[Candidate], milliseconds: float
) -> Odds | None:
    """What `reader` makes of `candidates`; None if it does not know the language of the question or of any of them, or
    if the time was too short.

    Args:
        reader: reads the passages whose language it knows.
        question: is read with its context, if it is a follow-up.
        candidates: best first.
        milliseconds: after which no further passage is begun.
    """
    readable = [candidate for candidate in candidates if reader.knows(candidate.article.language)]
    if not (readable and reader.knows(question.language)):
        return None
    scores = reader.read(question.read_as, [_page(candidate) for candidate in readable], milliseconds=milliseconds)
    read = [(candidate, found) for candidate, found in zip(readable, scores, strict=True) if found is not None]
    if len(read) < min(LEAST_READ, len(readable)):
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
