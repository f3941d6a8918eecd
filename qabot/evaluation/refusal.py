"""The honest no: how well confidence tells right answers from wrong ones, and what the threshold makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from qabot.evaluation.answers import is_right
from qabot.evaluation.outcome import Outcome

BINS = 10
FEW_ERRORS = 0.05
MUCH_COVERAGE = 0.8


class Judged(NamedTuple):
    """A question that is known to be answerable or not.

    `right`: its quotes answer it; `first_right`: the first one does. False for an unanswerable question, None for
    an answerable one with neither answer strings nor evidence.
    """

    confidence: float
    answerable: bool
    right: bool | None
    first_right: bool | None


class RiskPoint(NamedTuple):
    """When the share `coverage` of all questions is answered, the surest first, the share `risk` of those is wrong."""

    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions with a confidence in [low, high): mean confidence, share that the first quote answers."""

    low: float
    high: float
    questions: int
    confidence: float
    right: float


def judged(outcomes: Sequence[Outcome]) -> list[Judged]:
    """The outcomes of questions that are known to be answerable or not; those where nobody knows are left out."""
    return [
        Judged(outcome.confidence, outcome.gold.answerable, is_right(outcome), is_right(outcome, first=True))
        for outcome in outcomes
        if outcome.gold.answerable is not None
    ]


def refusal_figures(questions: Sequence[Judged], threshold: float) -> dict[str, float | None]:
    """All figures of the honest no; None where there is no question to make one of.

    `auroc`: see `auroc`. `aurc`, `risk@80%coverage`, `coverage@5%risk`: of the curve of `risk_coverage`.
    `ece`: see `expected_calibration_error`.
    At the threshold, where a question with at least that confidence is answered:
    `coverage`: share of all questions that are answered.
    `wrong_answers`: of the answered ones, the share whose quotes do not answer them (the risk at this coverage).
    `answered_unanswerable`: of the unanswerable ones, the share that is answered.
    `wrong_refusals`: of the answerable ones, the share that is not answered.
    """
    curve = risk_coverage(questions)
    answered = [question for question in questions if question.confidence >= threshold]
    wrong = [not question.right for question in answered if question.right is not None]
    return {
        "auroc": auroc(questions),
        "aurc": mean([point.risk for point in curve]),
        "risk@80%coverage": risk_at(curve, MUCH_COVERAGE),
        "coverage@5%risk": coverage_at(curve, FEW_ERRORS),
        "ece": expected_calibration_error(questions),
        "coverage": len(answered) / len(questions) if questions else None,
        "wrong_answers": mean(wrong),
        "answered_unanswerable": mean(
            [question.confidence >= threshold for question in questions if not question.answerable]
        ),
        "wrong_refusals": mean([question.confidence < threshold for question in questions if question.answerable]),
    }


def auroc(questions: Sequence[Judged]) -> float | None:
    """The chance that an answerable question has more confidence than an unanswerable one, ties counting half.

    That is the area under the ROC curve (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747), here by the
    ranks of Mann and Whitney; 0.5 is guessing. None unless there are questions of both kinds.
    """
    answerable = sum(question.answerable for question in questions)
    others = len(questions) - answerable
    if not answerable or not others:
        return None
    below, wins = 0, 0.0
    for _, group in groupby(sorted(questions, key=_confidence), key=_confidence):
        tied = [question.answerable for question in group]
        wins += sum(tied) * (below + (len(tied) - sum(tied)) / 2)
        below += len(tied) - sum(tied)
    return wins / (answerable * others)


def risk_coverage(questions: Sequence[Judged]) -> list[RiskPoint]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010, JMLR 11:1605): a point for 1, 2, … all questions answered.

    A question answered is wrong if it is unanswerable or its quotes do not answer it. Of questions with the same
    confidence none goes before the other: each counts with the share of wrong ones among them. The mean risk of all
    points is the area under the curve, AURC (Geifman et al. 2019, arXiv:1805.08206). Answerable questions with
    neither answer strings nor evidence are left out.
    """
    known = sorted((question for question in questions if question.right is not None), key=_confidence, reverse=True)
    curve: list[RiskPoint] = []
    wrong = 0.0
    for _, group in groupby(known, key=_confidence):
        tied = [not question.right for question in group]
        for _ in tied:
            wrong += sum(tied) / len(tied)
            curve.append(RiskPoint((len(curve) + 1) / len(known), wrong / (len(curve) + 1)))
    return curve


def risk_at(curve: Sequence[RiskPoint], coverage: float) -> float | None:
    """The risk where at least that share of questions is answered, and no more than needed."""
    return curve[max(math.ceil(coverage * len(curve) - 1e-9), 1) - 1].risk if curve else None


def coverage_at(curve: Sequence[RiskPoint], risk: float) -> float | None:
    """The greatest coverage whose risk is at most `risk`; 0 if there is none."""
    return max((point.coverage for point in curve if point.risk <= risk + 1e-9), default=0.0) if curve else None


def reliability(questions: Sequence[Judged]) -> list[Bin]:
    """Questions in BINS bins of confidence of equal width; empty ones are left out."""
    known = [question for question in questions if question.first_right is not None]
    bins = []
    for number in range(BINS):
        inside = [question for question in known if min(int(question.confidence * BINS), BINS - 1) == number]
        if inside:
            confidence = sum(question.confidence for question in inside) / len(inside)
            right = sum(bool(question.first_right) for question in inside) / len(inside)
            bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), confidence, right))
    return bins


def expected_calibration_error(questions: Sequence[Judged]) -> float | None:
    """How far confidence is from the share of first quotes that answer, over BINS bins, by their size.

    ECE (Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602; Guo et al. 2017, arXiv:1706.04599). It looks at the first
    quote alone, since that is what confidence is the probability of.
    """
    bins = reliability(questions)
    total = sum(bin_.questions for bin_ in bins)
    return sum(bin_.questions * abs(bin_.right - bin_.confidence) for bin_ in bins) / total if total else None


def mean(values: Sequence[float]) -> float | None:
    """None for none."""
    return sum(values) / len(values) if values else None


def _confidence(question: Judged) -> float:
    return question.confidence
