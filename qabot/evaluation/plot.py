"""Plot: the risk-coverage curve and the reliability diagram side by side, as a PNG or whatever the suffix says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qabot.errors import FigureError
from qabot.evaluation.extras import load_extra
from qabot.evaluation.figures import Evaluation

_BLUE, _GREY, _RED = "#1f5fa8", "#8a8a8a", "#b3372b"
_INCHES = (11, 5)
_DPI = 150


def check_plot(path: Path) -> None:
    """Looks, before anything is asked, whether a plot can be drawn into `path`.

    Raises:
        MissingExtraError: matplotlib is not installed.
        FigureError: its suffix names no picture, or its folder is missing.
    """
    figure = load_extra("matplotlib.figure").Figure()
    kinds = figure.canvas.get_supported_filetypes()
    if path.suffix.lower().removeprefix(".") not in kinds:
        raise FigureError(f"{path} is no name of a picture", "Name one as quality.png, quality.svg or quality.pdf")
    if not path.resolve().parent.is_dir():
        raise FigureError(f"There is no folder {path.parent}", "Make it first")


def draw(evaluation: Evaluation, path: Path) -> None:
    """Draws `evaluation` into `path`.

    Raises:
        FigureError: the file cannot be written.
    """
    figure = load_extra("matplotlib.figure").Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_risk(left, evaluation)
    _draw_reliability(right, evaluation)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e6e6e6", linewidth=0.8)
        axes.set_axisbelow(True)
    try:
        figure.savefig(path)
    except OSError as error:
        raise FigureError(f"{path} cannot be written: {error.strerror}", "Name another file") from error


def _draw_risk(axes: Any, evaluation: Evaluation) -> None:
    curve, figures = evaluation.risk_coverage, evaluation.all.figures
    axes.set(
        title=f"Risk and coverage{_of(figures['aurc'], 'AURC')}",
        xlabel="Coverage: share of questions answered, the surest first",
        ylabel="Risk: share of these answered wrongly",
        xlim=(0, 1.02),
        ylim=(0, max([0.1, *(point.risk for point in curve)]) * 1.1),
    )
    if not curve:
        return
    axes.plot([point.coverage for point in curve], [point.risk for point in curve], color=_BLUE, linewidth=2)
    axes.axhline(curve[-1].risk, color=_GREY, linestyle=":", linewidth=1.2, label="all answered")
    coverage, wrong = figures["coverage"], figures["wrong_answers"]
    if coverage and wrong is not None:
        label = f"threshold {evaluation.threshold:g}: {coverage:.0%} answered, {wrong:.1%} of them wrongly"
        axes.plot([coverage], [wrong], "o", color=_RED, markersize=7, label=label)
    _add_legend(axes)


def _draw_reliability(axes: Any, evaluation: Evaluation) -> None:
    bins = evaluation.reliability
    axes.set(
        title=f"Reliability{_of(evaluation.all.figures['ece'], 'ECE')}",
        xlabel="Confidence",
        ylabel="Share that the first quote answers",
        xlim=(0, 1),
        ylim=(0, 1.05),
    )
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle=":", linewidth=1.2, label="as sure as right")
    if not bins:
        return
    widths = [one.high - one.low for one in bins]
    axes.bar(
        [one.low for one in bins],
        [one.right for one in bins],
        width=widths,
        align="edge",
        color=_BLUE,
        alpha=0.25,
        edgecolor=_BLUE,
        label="found, with the number of questions",
    )
    axes.plot([one.confidence for one in bins], [one.right for one in bins], "o-", color=_BLUE, linewidth=1.5)
    for one in bins:
        axes.annotate(f"{one.questions:,}", ((one.low + one.high) / 2, 0.012), ha="center", fontsize=8, color="#444444")
    _add_legend(axes)


def _add_legend(axes: Any) -> None:
    """Below the axes, where it covers nothing."""
    axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)


def _of(value: float | None, name: str) -> str:
    return "" if value is None else f" ({name} {value:.3f})"
