"""The school: makes batches of lessons out of questions and their neighbours, and keeps some articles back."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from qabot.encoders.tokenizer import Tokenizer
from training.batches import Batch, collate, read_to_pieces
from training.lessons import lesson, names_in
from training.questions import Text, TrainingQuestion

MAX_PIECES = 288
"""Word pieces of question and passage together in a lesson: most passages have up to 256. A reader reads more."""

HELD_OUT = 20
"""One article in so many is held out."""


class School:
    """Makes lessons of `questions`, whose `neighbours` stand in the same order.

    Args:
        questions: all of them, also those held out.
        neighbours: passages that were found for each, best first.
        tokenizer: of the body.
    """

    def __init__(
        self, questions: Sequence[TrainingQuestion], neighbours: Sequence[Sequence[Text]], tokenizer: Tokenizer
    ) -> None:
        self._questions = questions
        self._neighbours = neighbours
        self._tokenizer = tokenizer
        self._names = names_in([question.text for question in questions])
        out = [held_out(question) for question in questions]
        self.learnt = [row for row, kept in enumerate(out) if not kept]
        """Numbers of the questions to learn from."""
        self.kept = [row for row, kept in enumerate(out) if kept]
        """Numbers of the questions held out."""

    def batch(self, rows: Sequence[int], chance: random.Random) -> Batch:
        """The lessons of the questions with the numbers `rows`, as `chance` makes them."""
        reads, groups = [], []
        for group, row in enumerate(rows):
            made = lesson(self._questions[row], self._neighbours[row], self._names, chance)
            reads += [read_to_pieces(self._tokenizer, read, MAX_PIECES) for read in made]
            groups += [group] * len(made)
        return collate(reads, groups)


def held_out(question: TrainingQuestion) -> bool:
    """Whether nothing is learnt from `question`; the same for all questions of an article."""
    return zlib.crc32((question.text.title or question.question).encode()) % HELD_OUT == 0
