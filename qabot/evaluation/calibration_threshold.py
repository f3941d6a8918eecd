"""The threshold: where the errors of the honest no cost least."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qabot.answering.features import FEATURES
from qabot.evaluation.calibration_fit import Flags, Floats, Table

COST = 2.0
"""What answering an unanswerable question costs, in right first quotes withheld: a quote that is no answer misleads,
while "not in my articles" still names the nearest ones."""

RULE = (
    f"least cost: an unanswerable question answered costs {COST:g} right first quotes withheld; each set counts the "
    "same; of questions whose language the model knows"
)
_STEPS = np.arange(1, 100) / 100
_COMPARED = FEATURES.index("compared")


class Threshold(NamedTuple):
    """A threshold and its two errors: `answered` of unanswerable questions, `withheld` of right first quotes."""

    value: float
    answered: float
    withheld: float


def least_cost(given: Floats, table: Table) -> Threshold:
    """The hundredth at which the errors cost least, the lowest of equals.

    Only questions whose sentences were compared by meaning are looked at, if there are any: where terms alone are
    known, most confidences are low, and a threshold made for them would be none for the others.
    """
    compared: Flags = table.features[:, _COMPARED] == 1
    if compared.any():
        given, table = given[compared], table.of(compared)
    thresholds = [errors_at(float(step), given, table) for step in _STEPS]
    return min(thresholds, key=lambda one: (round(COST * one.answered + one.withheld, 9), one.value))


def errors_at(value: float, given: Floats, table: Table) -> Threshold:
    """The errors of the threshold `value`, each the mean over the sets that have such questions."""
    answered = given >= value
    return Threshold(value, _mean(answered, ~table.answerable, table), _mean(~answered, table.right, table))


def _mean(error: Flags, among: Flags, table: Table) -> float:
    shares = [error[among & (table.set == name)] for name in sorted(set(table.set[among].tolist()))]
    return float(np.mean([share.mean() for share in shares])) if shares else 0.0
