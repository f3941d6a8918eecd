"""Figures of the honest no on cases worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.evaluation.outcome import Outcome
from qabot.evaluation.refusal import (
    Judged,
    RiskPoint,
    auroc,
    coverage_at,
    expected_calibration_error,
    judged,
    refusal_figures,
    reliability,
    risk_at,
    risk_coverage,
)

FOUR = [
    Judged(0.4, answerable=True, right=True, first_right=True),
    Judged(0.9, answerable=True, right=True, first_right=True),
    Judged(0.6, answerable=True, right=False, first_right=False),
    Judged(0.8, answerable=False, right=False, first_right=False),
]
"""In the order of confidence: right, unanswerable, wrong, right."""

some_judged = st.lists(
    st.builds(
        lambda confidence, answerable, right: Judged(confidence / 4, answerable, answerable and right, False),
        st.integers(0, 4),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


def test_the_risk_coverage_curve() -> None:
    curve = risk_coverage(FOUR)
    assert [point.coverage for point in curve] == [1 / 4, 2 / 4, 3 / 4, 1]
    assert [point.risk for point in curve] == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4])


def test_all_figures_of_four_questions() -> None:
    assert refusal_figures(FOUR, 0.6) == {
        "auroc": pytest.approx(1 / 3),
        "aurc": pytest.approx((0 + 1 / 2 + 2 / 3 + 1 / 2) / 4),
        "risk@80%coverage": 1 / 2,
        "coverage@5%risk": 1 / 4,
        "ece": pytest.approx((0.1 + 0.8 + 0.6 + 0.6) / 4),
        "coverage": 3 / 4,
        "wrong_answers": pytest.approx(2 / 3),
        "answered_unanswerable": 1,
        "wrong_refusals": pytest.approx(1 / 3),
    }


def test_without_questions_nothing_is_measured() -> None:
    assert set(refusal_figures([], 0.5).values()) == {None}


def test_without_unanswerable_questions_there_is_no_auroc() -> None:
    figures = refusal_figures([FOUR[0], FOUR[1]], 0.5)
    assert figures["auroc"] is figures["answered_unanswerable"] is None
    assert figures["aurc"] == 0


def test_ties_count_half() -> None:
    tied = [Judged(0.5, answerable, answerable, answerable) for answerable in (True, False, False)]
    assert auroc(tied) == 0.5
    assert [point.risk for point in risk_coverage(tied)] == pytest.approx([2 / 3] * 3)


def test_risk_at_a_coverage_answers_no_more_than_needed() -> None:
    curve = [RiskPoint(number / 10, number / 100) for number in range(1, 11)]
    assert risk_at(curve, 0.8) == 0.08
    assert risk_at(curve, 0.81) == 0.09
    assert risk_at(curve, 0) == 0.01


def test_coverage_at_a_risk_is_the_greatest() -> None:
    curve = [RiskPoint(0.25, 1), RiskPoint(0.5, 0.05), RiskPoint(0.75, 0.2), RiskPoint(1, 0.15)]
    assert coverage_at(curve, 0.05) == 0.5
    assert coverage_at(curve, 0.15) == 1
    assert coverage_at(curve, 0.01) == 0


def test_calibration_looks_at_the_first_quote() -> None:
    questions = [Judged(0.75, True, True, first) for first in (True, True, True, False)]
    assert expected_calibration_error(questions) == 0
    (only,) = reliability(questions)
    assert (only.low, only.high, only.questions, only.confidence, only.right) == (0.7, 0.8, 4, 0.75, 0.75)


def test_certainty_falls_into_the_last_bin() -> None:
    (only,) = reliability([Judged(1.0, True, True, True)])
    assert (only.low, only.high) == (0.9, 1.0)


def test_questions_that_nobody_can_judge_are_left_out(outcome: Callable[..., Outcome]) -> None:
    known = judged([outcome(answerable=None), outcome(), outcome(answerable=False)])
    assert [question.right for question in known] == [None, False]
    assert len(risk_coverage(known)) == 1
    assert auroc(known) == 0.5


@given(some_judged)
def test_auroc_is_the_share_of_pairs_in_the_right_order(questions: list[Judged]) -> None:
    pairs = [
        1.0 if yes.confidence > no.confidence else 0.5 if yes.confidence == no.confidence else 0.0
        for yes in questions
        for no in questions
        if yes.answerable and not no.answerable
    ]
    assert auroc(questions) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(some_judged)
def test_the_curve_ends_with_the_share_of_wrong_ones_in_any_order(questions: list[Judged]) -> None:
    curve = risk_coverage(questions)
    assert len(curve) == len(questions)
    assert risk_coverage(questions[::-1]) == curve
    if curve:
        assert curve[-1].coverage == 1
        assert curve[-1].risk == pytest.approx(sum(not question.right for question in questions) / len(questions))
