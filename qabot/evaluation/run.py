"""Run: an engine is asked all gold questions, once each."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from qabot.answering.engine import Engine
from qabot.errors import GoldError, QuestionError
from qabot.evaluation.examining import Examiner
from qabot.evaluation.gold import GoldQuestion, check_articles, sample
from qabot.evaluation.hits import EvidenceFinder
from qabot.evaluation.outcome import Outcome
from qabot.evaluation.speed import peak_memory
from qabot.index.progress import Progress, Silent
from qabot.questions.question import checked


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of `asked` questions, fewer if it was interrupted; `peak_bytes` of memory, None if unknown."""

    outcomes: tuple[Outcome, ...]
    asked: int
    peak_bytes: int | None

    @property
    def complete(self) -> bool:
        return len(self.outcomes) == self.asked


def run(
    engine: Engine, questions: Sequence[GoldQuestion], progress: Progress | None = None, *, limit: int | None = None
) -> Run:
    """Asks all `questions`, or a sample of at most `limit`. Ctrl-C ends it, and gives what there is by then.

    All of them are checked, asked or not.

    Raises:
        GoldError: evidence names an article that is not in the index, or a question cannot be asked; names the line.
    """
    progress = progress or Silent()
    check_articles(questions, engine.generation.store.record_hashes())
    _check_questions(questions, engine.settings.max_question_chars)
    questions = sample(questions, limit)
    outcomes: list[Outcome] = []
    with contextlib.suppress(KeyboardInterrupt):
        progress.stage("Reading the evidence", None)
        with contextlib.closing(Examiner(engine, EvidenceFinder(engine.generation.store, questions))) as examiner:
            # The first question ever pays for what is loaded on first use; that is no part of its time.
            engine.ask(questions[0].question)
            progress.stage("Asking", len(questions))
            for question in questions:
                outcomes.append(examiner.examine(question))
                progress.advance(1)
    return Run(tuple(outcomes), len(questions), peak_memory())


def _check_questions(questions: Sequence[GoldQuestion], max_chars: int) -> None:
    for question in questions:
        try:
            checked(question.question, max_chars)
        except QuestionError as error:
            raise GoldError(f"{question.where}: {error.cause}", error.mend) from error
