"""Figures of a load test: how often each question was answered, and how late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fake_telegram.refusals import Json


@dataclass(frozen=True, slots=True)
class Load:
    """What became of all questions.

    Args:
        questions: messages of people that reached the bot.
        replies: how many questions got how many replies: {1: 1990, 0: 10}.
        stray: messages of the bot that belong to no question.
        seconds: from each answered question to its first reply, sorted.
        unanswered: texts of the questions without a reply, at most 20.
        doubled: texts of the questions with more than one, at most 20.
    """

    questions: int
    replies: dict[int, int]
    stray: int
    seconds: tuple[float, ...]
    unanswered: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def p50(self) -> float:
        return self._share(0.5)

    @property
    def p95(self) -> float:
        return self._share(0.95)

    @property
    def worst(self) -> float:
        return self._share(1.0)

    def _share(self, share: float) -> float:
        """The time within which this share of the answered questions had a reply; 0 if there is none."""
        if not self.seconds:
            return 0.0
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def load_of(summary: Json) -> Load:
    """Makes figures of `acts.bulk.summary`."""
    rows = summary["questions"]
    return Load(
        questions=len(rows),
        replies=dict(Counter(row["replies"] for row in rows)),
        stray=summary["stray"],
        seconds=tuple(sorted(row["seconds"] for row in rows if row["seconds"] is not None)),
        unanswered=tuple(row["text"] for row in rows if row["replies"] == 0)[:20],
        doubled=tuple(row["text"] for row in rows if row["replies"] > 1)[:20],
    )
