"""What `qabot eval` measured: to show, to write as JSON, and to hold against requirements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qabot.answering.engine import Engine
from qabot.channels.cli.evaluation import print_evaluation
from qabot.channels.cli.follow_up_figures import print_follow_ups, print_histories
from qabot.channels.cli.screen import Screen
from qabot.evaluation.figures import Evaluation, measure
from qabot.evaluation.follow_up_report import FOLLOW_UP_FIGURES, FollowUpReport
from qabot.evaluation.gold import GoldQuestion
from qabot.evaluation.histories import Histories, compare_histories
from qabot.evaluation.report import to_dict
from qabot.evaluation.run import run
from qabot.index.progress import Progress


@dataclass(slots=True)
class Result:
    """The figures of gold questions, with `report` as their JSON, of histories and of follow-ups; None if not asked."""

    evaluation: Evaluation | None = None
    report: dict[str, Any] = field(default_factory=dict)
    histories: Histories | None = None
    follow_ups: FollowUpReport | None = None

    def figure(self, name: str) -> float | None:
        """The figure of that name."""
        of: Evaluation | FollowUpReport | None = self.follow_ups if name in FOLLOW_UP_FIGURES else self.evaluation
        return of.figure(name) if of else None

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON."""
        histories = {"with_history": self.histories.to_dict()} if self.histories else {}
        follow_ups = {"conversations": self.follow_ups.to_dict()} if self.follow_ups else {}
        return {**self.report, **histories, **follow_ups}

    def show(self, console: Screen) -> None:
        """Prints all of it as tables."""
        if self.evaluation:
            print_evaluation(self.evaluation, self.report["index"], console)
        if self.histories:
            print_histories(self.histories, console)
        if self.follow_ups:
            print_follow_ups(self.follow_ups, console)

    def interrupted(self) -> str | None:
        """What to say if not all was asked."""
        for what, evaluation in (
            ("questions", self.evaluation),
            ("questions with a history", self.histories.after if self.histories else None),
        ):
            if evaluation and not evaluation.complete:
                done, asked = evaluation.all.counts.questions, evaluation.asked
                return f"Interrupted after {done:,} of {asked:,} {what}"
        return None


def ask_gold(
    engine: Engine,
    gold: Sequence[GoldQuestion],
    threshold: float,
    progress: Progress,
    *,
    limit: int | None,
    with_history: bool,
) -> Result:
    """Asks gold questions, or `limit` of them, and, if `with_history`, each once more after another one."""
    ran = run(engine, gold, progress, limit=limit)
    evaluation = measure(ran, threshold)
    again = with_history and evaluation.complete
    histories = compare_histories(engine, ran, threshold, progress) if again else None
    return Result(evaluation, to_dict(evaluation, engine), histories)
