"""Figures of conversations as tables: how follow-ups are read, and that a history harms no other question."""

from __future__ import annotations

from qabot.channels.cli.evaluation import figure_table, shown
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.words import count
from qabot.evaluation.follow_up_report import MEANINGS, UNTITLED, FollowUpReport
from qabot.evaluation.histories import COMPARED, Histories


def print_follow_ups(report: FollowUpReport, console: Screen) -> None:
    """Prints how follow-ups are read, where the title of the article spoken of is known and where it is not."""
    figures = report.titled
    console.print(
        f"{count(figures.questions, 'question')} in conversations ({figures.leaning:,} changed by the person,"
        f" {figures.read_as:,} read as follow-ups)"
    )
    rows = (
        [name, shown(report.figure(name)), shown(report.figure(f"{UNTITLED}{name}")), what]
        for name, what in MEANINGS.items()
    )
    table = figure_table("Follow-ups", ["", "titled", "untitled", ""], rows)
    table.columns[3].justify = "left"
    console.print()
    console.print(table)


def print_histories(histories: Histories, console: Screen) -> None:
    """Prints what was found for questions alone, and after another question."""
    rows = ([name, shown(histories.alone.figure(name)), shown(histories.after.figure(name))] for name in COMPARED)
    console.print()
    console.print(figure_table("After another question", ["", "alone", "after another"], rows))
    asked = count(histories.after.all.counts.questions, "question")
    console.print(f"{histories.follow_ups:,} of {asked} were read as follow-ups of another one.")
