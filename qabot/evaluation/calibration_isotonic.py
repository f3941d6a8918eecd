"""Isotonic correction: a monotone table on top of the regression, kept only where it helps on unseen questions."""

from __future__ import annotations

import numpy as np

from qabot.evaluation.calibration_fit import Floats, Table, cross_validated, fit
from qabot.evaluation.extras import load_extra

Steps = tuple[tuple[float, float], ...]

MUST_GAIN = 0.01
"""Share of the log loss that the table has to save: a smooth curve is worth more than the last thousandth."""

_MOST = 12
_FLOOR = 0.01
_DIGITS = 3


def isotonic(given: Floats, table: Table) -> Steps:
    """Pairs of what the regression gives and the share that was right (Zadrozny and Elkan 2002,
    doi:10.1145/775047.775151), as at most `_MOST` points with straight lines between them, which keeps the order."""
    model = load_extra("sklearn.isotonic").IsotonicRegression(y_min=_FLOOR, y_max=1 - _FLOOR)
    share = model.fit_transform(given, table.right, sample_weight=table.weight)
    order = np.argsort(given, kind="stable")
    parts = np.array_split(order, min(_MOST, len(order)))
    points: dict[float, float] = {}
    for part in parts:
        weight = table.weight[part]
        at = round(float(np.average(given[part], weights=weight)), _DIGITS)
        points.setdefault(at, round(float(np.average(share[part], weights=weight)), _DIGITS))
    return tuple(points.items())


def applied(given: Floats, steps: Steps) -> Floats:
    """`given` as the table has it; unchanged if there is none."""
    if not steps:
        return given
    from_, to = zip(*steps, strict=True)
    result: Floats = np.interp(given, from_, to)
    return result


def cross_validated_isotonic(table: Table) -> Floats:
    """For every row what regression and table give that were fitted to the other folds."""
    given = np.zeros(len(table.right))
    for fold in sorted(set(table.fold.tolist())):
        held = table.fold == fold
        rest = table.of(~held)
        given[held] = applied(fit(rest)(table.features[held]), isotonic(cross_validated(rest), rest))
    return given


def log_loss(given: Floats, table: Table) -> float:
    """The mean of -log of what was given to what happened, by the weights of the rows; in nats."""
    safe = np.clip(given, 1e-9, 1 - 1e-9)
    return float(np.average(-np.log(np.where(table.right, safe, 1 - safe)), weights=table.weight))
