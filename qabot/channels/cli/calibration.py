"""A calibration as tables: the sets, the weights of the features, the threshold, the weights of the search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table

from qabot.answering.features import FEATURES
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.terminal import safe
from qabot.evaluation.calibration import Calibration
from qabot.evaluation.calibration_weights import GRID
from qabot.settings import Settings


def print_calibration(calibration: Calibration, settings: Settings, console: Screen) -> None:
    """Prints `calibration`, beside what `settings` have now."""
    header = ["", "answerable", "not", "right", "AUROC", "right AUROC", "ECE", "left out"]
    rows = [
        [
            safe(name, one_line=True),
            *(f"{number:,}" for number in (one.answerable, one.unanswerable, one.right)),
            *map(_shown, (one.auroc, one.right_auroc, one.ece, one.left_out_auroc)),
        ]
        for name, one in calibration.sets.items()
    ]
    console.print(_table("Sets, judged by fits that have not seen the question", header, rows))
    console.print("left out: AUROC of a fit that has not seen a question about these articles.")
    header = ["", "answerable", "not", "right", "right AUROC", "ECE", "log loss, common", "own", ""]
    rows = [
        [
            safe(name, one_line=True),
            *(f"{number:,}" for number in (one.answerable, one.unanswerable, one.right)),
            *map(_shown, (one.right_auroc, one.ece, one.common_log_loss, one.own_log_loss)),
            "own" if one.own else "common",
        ]
        for name, one in calibration.pairs.items()
    ]
    console.print(_table("Pairs: the language of the question and of the first quote", header, rows))
    regressions = {"common": calibration.confidence.common, **calibration.confidence.pairs}
    biases = ["bias", *(f"{one.bias:.2f}" for one in regressions.values())]
    named = [[name, *(f"{one.weights[name]:.2f}" for one in regressions.values())] for name in FEATURES]
    console.print(_table("Weights", ["", *regressions], [biases, *named]))
    points = len(calibration.confidence.common.table)
    table = f"kept: {points} points" if points else "left out"
    console.print(
        f"Log loss {calibration.log_loss:.4f}; with an isotonic table {calibration.isotonic_log_loss:.4f}, "
        f"which is {table}; with regressions for pairs {calibration.pairs_log_loss:.4f}."
    )
    threshold = calibration.threshold
    console.print(
        f"Threshold {threshold.value:g} (set now: {settings.threshold:g}): {threshold.answered:.3f} of unanswerable "
        f"questions answered, {threshold.withheld:.3f} of right first quotes withheld."
    )
    for weight, tried in calibration.weights.items():
        values = [f"{value:g}" for value in GRID[weight]]
        rows = [
            [f"{safe(name, one_line=True)} {figure}", *map(_shown, found[name])]
            for name in tried.ranks
            for figure, found in (("hit@1", tried.hits), ("MRR@10", tried.ranks))
        ]
        console.print(_table(weight, ["", *values], rows))
        console.print(
            f"Best {tried.best:g} (set now: {getattr(settings, weight):g}): MRR@10 {tried.mean(tried.best, weight):.3f}"
            f", chosen on other questions {tried.held_out:.3f}."
        )


def _table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table under its title; all columns but the first are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(header):
        table.add_column(name, justify="right" if at else "left")
    for row in rows:
        table.add_row(*row)
    table.show_header = any(header)
    return table


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
