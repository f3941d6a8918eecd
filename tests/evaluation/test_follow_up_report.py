"""The report of follow-ups: its names, and the figures with and without the title."""

from __future__ import annotations

import dataclasses
import json

import pytest

from qabot.evaluation.conversations import FollowUpFigures, GoldFollowUp
from qabot.evaluation.follow_up_report import FOLLOW_UP_FIGURES, FollowUpReport, report_conversations
from qabot.evaluation.gold import Turn
from qabot.evaluation.requirements import parse_requirement

TITLED = FollowUpFigures(10, 6, 5, 0.8, 2 / 3, 0.5, 0.25, 3.5)
UNTITLED = dataclasses.replace(TITLED, read_as=3, recovered=None, gate_recall=0.5)
REPORT = FollowUpReport(TITLED, UNTITLED)


def test_a_figure_is_named_with_and_without_the_title() -> None:
    assert (REPORT.figure("gate_recall"), REPORT.figure("untitled.gate_recall")) == (2 / 3, 0.5)
    assert (REPORT.figure("recovered"), REPORT.figure("untitled.recovered")) == (0.5, None)


def test_the_json_has_every_figure_by_the_name_that_is_required() -> None:
    report = json.loads(json.dumps(REPORT.to_dict()))
    assert (report["questions"], report["leaning"], report["read_as"], report["untitled.read_as"]) == (10, 6, 5, 3)
    assert tuple(report["figures"]) == FOLLOW_UP_FIGURES
    for name in FOLLOW_UP_FIGURES:
        value = REPORT.figure(name)
        assert report["figures"][name] == (value if value is None else pytest.approx(value, abs=1e-6))


def test_a_requirement_is_held_against_it() -> None:
    assert parse_requirement("recovered>=0.5", FOLLOW_UP_FIGURES).unmet(REPORT) is None
    assert parse_requirement("gate_precision>0.8", FOLLOW_UP_FIGURES).unmet(REPORT) is not None
    assert "no question measures" in (parse_requirement("untitled.recovered>0", FOLLOW_UP_FIGURES).unmet(REPORT) or "")


def test_both_are_measured() -> None:
    history = (Turn("Who won?", "I don't know."),)
    report = report_conversations(
        [GoldFollowUp("a", "Where was she born?", "Where was Ann Lee born?", history, "Ann Lee")]
    )
    assert (report.figure("recovered"), report.figure("untitled.recovered")) == (1.0, 0.0)
