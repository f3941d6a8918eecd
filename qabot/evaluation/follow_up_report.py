"""The figures of follow-ups as a report, with and without the title of the article that is spoken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qabot.evaluation.conversations import FollowUpFigures, GoldFollowUp, measure_conversations

MEANINGS: Mapping[str, str] = {
    "gate_precision": "of those read as follow-ups: the person changed the question too",
    "gate_recall": "of those that the person changed: read as follow-ups",
    "recovered": "of all content words that the person added: the reading adds them too",
    "recovered_by_question": "the mean of that share over questions",
    "mean_added": "content words that a reading adds",
}
"""Name of a figure -> what it is, for a person; `FollowUpFigures` defines them."""

UNTITLED = "untitled."
FOLLOW_UP_FIGURES = (*MEANINGS, *(f"{UNTITLED}{name}" for name in MEANINGS))
"""The names that --require takes: `recovered`, and `untitled.recovered` where the title is not known."""

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """The figures where the title of the article spoken of is known, and where it is not."""

    titled: FollowUpFigures
    untitled: FollowUpFigures

    def figure(self, name: str) -> float | None:
        """The figure of that name, one of `FOLLOW_UP_FIGURES`."""
        bare = name.removeprefix(UNTITLED)
        found: float | None = getattr(self.titled if bare == name else self.untitled, bare)
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON: the counts, and `figures` under the names that --require takes."""
        counts = {name: value for name, value in asdict(self.titled).items() if name not in MEANINGS}
        figures = {name: self.figure(name) for name in FOLLOW_UP_FIGURES}
        rounded = {name: None if value is None else round(value, _DIGITS) for name, value in figures.items()}
        return {**counts, "untitled.read_as": self.untitled.read_as, "figures": rounded}


def report_conversations(questions: Sequence[GoldFollowUp]) -> FollowUpReport:
    """Measures both ways."""
    return FollowUpReport(measure_conversations(questions), measure_conversations(questions, titled=False))
