"""An evaluation as tables: ranking by arm and by kind, answers, the honest no, speed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table

from qabot.channels.cli.screen import Screen
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.words import count
from qabot.evaluation.figures import ANSWER_FIGURES, REFUSAL_FIGURES, SPEED_FIGURES, Counts, Evaluation, Figures
from qabot.evaluation.outcome import ARMS
from qabot.evaluation.ranking import CEILING, MEASURES, OWN, figure_name
from qabot.evaluation.report import MEANINGS

_OF_KINDS = (
    "hit@1",
    "hit@10",
    "MRR@10",
    "all_evidence@10",
    "answer_in_quotes",
    "quote_in_evidence",
    "all_articles_quoted",
    "wrong_answers",
    "answered_unanswerable",
    "wrong_refusals",
)
_NOTHING = "–"


def print_evaluation(evaluation: Evaluation, index: Mapping[str, Any], console: Screen) -> None:
    """Prints `evaluation`, whose index the report describes in `index`."""
    articles, passages = count(index["articles"], "article"), count(index["passages"], "passage")
    console.print(f"{_counted(evaluation.all.counts)}, asked of {articles}, {passages}, model {index['model']}")
    figures = evaluation.all.figures
    if figures[CEILING] is not None:
        console.print()
        console.print(_ranking(figures))
        console.print(f"{CEILING}: {figures[CEILING]:.3f} of questions have a passage that holds their evidence.")
    if len(evaluation.kinds) > 1:
        console.print()
        console.print(_kinds(evaluation))
    threshold = f"The honest no (threshold {evaluation.threshold:g})"
    for title, names in (("Answers", ANSWER_FIGURES), (threshold, REFUSAL_FIGURES), ("Speed", SPEED_FIGURES)):
        if any(figures[name] is not None for name in names):
            console.print()
            console.print(_explained(title, names, figures))


def _ranking(figures: Figures) -> Table:
    rows = ([figure, *(shown(figures[figure_name(arm, figure)]) for arm in ARMS)] for figure in (*MEASURES, *OWN))
    return figure_table("Ranking", ["", *ARMS], rows)


def _kinds(evaluation: Evaluation) -> Table:
    kinds = evaluation.kinds
    questions = ["questions", *(f"{measured.counts.questions:,}" for measured in kinds.values())]
    rows = ([name, *(shown(measured.figures[name]) for measured in kinds.values())] for name in _OF_KINDS)
    table = figure_table(
        "By kind (ranking: fused)", ["", *(safe(kind, one_line=True) for kind in kinds)], [questions, *rows]
    )
    for column in table.columns[1:]:
        column.overflow = "fold"
    return table


def _explained(title: str, names: Sequence[str], figures: Figures) -> Table:
    measured = [name for name in names if figures[name] is not None]
    table = figure_table(title, ["", "", ""], ([name, shown(figures[name], name), MEANINGS[name]] for name in measured))
    table.show_header = False
    table.columns[2].justify = "left"
    return table


def figure_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table under its title; all columns but the first are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(header):
        table.add_column(name, justify="right" if at else "left")
    for row in rows:
        table.add_row(*row)
    return table


def shown(value: float | None, name: str = "") -> str:
    """A figure with three digits, one of speed with one; a dash for None."""
    if value is None:
        return _NOTHING
    return f"{value:,.1f}" if name in SPEED_FIGURES else f"{value:.3f}"


def _counted(counts: Counts) -> str:
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (counts.answerable, "answerable"),
            (counts.unanswerable, "not"),
            (counts.unknown, "unknown"),
        )
        if number
    ]
    return f"{count(counts.questions, 'question')} ({', '.join(parts)})" if parts else "No question"
