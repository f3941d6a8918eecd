"""Figures: everything that is measured of a run, by name, for all questions and for each kind of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qabot.evaluation.answers import answer_figures
from qabot.evaluation.outcome import Outcome
from qabot.evaluation.ranking import MAIN, RANKING_FIGURES, ranking_figures
from qabot.evaluation.refusal import Bin, RiskPoint, judged, mean, refusal_figures, reliability, risk_coverage
from qabot.evaluation.run import Run
from qabot.evaluation.speed import PERCENTILES, speed_figures

Figures = Mapping[str, float | None]
"""Name -> value; None where there was no question to measure it by."""

ANSWER_FIGURES = (
    "answer_in_quotes",
    "answer_in_first_quote",
    "quote_in_evidence",
    "first_quote_in_evidence",
    "all_articles_quoted",
    "all_articles_listed",
    "exact_quotes",
)
REFUSAL_FIGURES = tuple(refusal_figures([], 0.5))
SPEED_FIGURES = (*(f"ask_p{percentile}_ms" for percentile in PERCENTILES), "peak_memory_mb")


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions of a run: in all, and by whether the articles hold an answer."""

    questions: int
    answerable: int
    unanswerable: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of some questions, with how many there are."""

    counts: Counts
    figures: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run comes to. `asked` is how many questions there were to ask; an interrupted run measures fewer."""

    asked: int
    threshold: float
    all: Measured
    kinds: Mapping[str, Measured]
    risk_coverage: Sequence[RiskPoint]
    reliability: Sequence[Bin]

    @property
    def complete(self) -> bool:
        return self.all.counts.questions == self.asked

    def figure(self, name: str) -> float | None:
        """The figure of that name, as `figure_names` has them."""
        kind, slash, rest = name.rpartition("/")
        measured = self.kinds.get(kind) if slash else self.all
        return measured.figures.get(rest.removeprefix(f"{MAIN}.")) if measured else None


def figure_names(kinds: Iterable[str] = ()) -> list[str]:
    """All names of figures. `hit@5` is of all questions; `temporal/hit@5` of those of the kind `temporal`."""
    named = [*RANKING_FIGURES, *ANSWER_FIGURES, *REFUSAL_FIGURES]
    of_kinds = [f"{kind}/{name}" for kind in dict.fromkeys(kinds) for name in named]
    return [*named, *SPEED_FIGURES, *of_kinds]


def measure(run: Run, threshold: float) -> Evaluation:
    """All figures of a run.

    Args:
        run: what the engine gave.
        threshold: confidence from which a question is answered.

    Raises:
        MissingExtraError: the extra `eval` is not installed.
    """
    outcomes = run.outcomes
    ranked = ranking_figures(outcomes)
    singles = [ranking | answer_figures(outcome) for ranking, outcome in zip(ranked, outcomes, strict=True)]
    kinds = dict.fromkeys(outcome.gold.kind for outcome in outcomes)
    of_kind = {kind: [at for at, outcome in enumerate(outcomes) if outcome.gold.kind == kind] for kind in kinds}
    total = _measured(outcomes, singles, range(len(outcomes)), threshold)
    memory = None if run.peak_bytes is None else run.peak_bytes / 1e6
    speed = {**speed_figures(outcomes), "peak_memory_mb": memory}
    known = judged(outcomes)
    return Evaluation(
        asked=run.asked,
        threshold=threshold,
        all=Measured(total.counts, {**total.figures, **speed}),
        kinds={kind: _measured(outcomes, singles, places, threshold) for kind, places in of_kind.items()},
        risk_coverage=risk_coverage(known),
        reliability=reliability(known),
    )


def _measured(
    outcomes: Sequence[Outcome], singles: Sequence[Mapping[str, float]], places: Sequence[int], threshold: float
) -> Measured:
    """The figures of the outcomes at `places`; `singles` is what each outcome adds to those that are means."""
    own = [outcomes[at] for at in places]
    answerable = [outcome.gold.answerable for outcome in own]
    counts = Counts(len(own), answerable.count(True), answerable.count(False), answerable.count(None))
    means = {
        name: mean([singles[at][name] for at in places if name in singles[at]])
        for name in (*RANKING_FIGURES, *ANSWER_FIGURES)
    }
    return Measured(counts, {**means, **refusal_figures(judged(own), threshold)})
