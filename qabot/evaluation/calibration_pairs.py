"""Pairs of languages: a regression for each that there are enough examples of, kept where it helps.

A pair is the language of the question and that of the article that its first quote is of, as `ru-en`. Across languages
hardly a term can match, and names count all the more; the similarities of vectors lie elsewhere, too. A pair's weights
are the common ones and what its examples say beyond them (as in Daumé 2007, "Frustratingly easy domain adaptation").
So it keeps what they cannot tell: those of one collection know nothing of the size of the index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from qabot.answering.confidence import Regression
from qabot.evaluation.calibration_fit import Floats, Line, Table, feature_weights, fit, scale
from qabot.evaluation.calibration_isotonic import MUST_GAIN, log_loss

FEWEST = 30
"""Right first quotes, and others, that a pair needs for a regression of its own."""

_STRENGTH = 0.1
"""How far a pair may leave the common weights, as scikit-learn's C. The log loss was lowest at 0.1 and 0.3, of 0.03 to
1; the smaller one leaves them less."""

_STEPS = 50
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class FittedPairs:
    """The regressions that were kept, by pair. `given` is what they, or else the common one, give for unseen examples;
    `own` has the log loss of each that was tried, kept or not."""

    regressions: Mapping[str, Regression]
    given: Floats
    own: Mapping[str, float]


def fit_pairs(table: Table, common: Floats) -> FittedPairs:
    """Regressions for the pairs with enough examples, kept where they lower the log loss of unseen questions by
    `MUST_GAIN`.

    Args:
        table: the examples.
        common: what the common regression gives for each that it was not fitted to.
    """
    kept: dict[str, Regression] = {}
    own: dict[str, float] = {}
    given = common.copy()
    for pair in sorted(set(table.pair.tolist())):
        rows = table.pair == pair
        part = table.of(rows)
        if min(part.right.sum(), (~part.right).sum()) < FEWEST:
            continue
        unseen = _cross_validated(table, pair)[rows]
        own[pair] = log_loss(unseen, part)
        if own[pair] < log_loss(common[rows], part) * (1 - MUST_GAIN):
            line = fit_pair(table, pair)
            weights = {name: round(weight, _DIGITS) for name, weight in feature_weights(line).items()}
            kept[pair] = Regression(round(line.bias, _DIGITS), weights)
            given[rows] = unseen
    return FittedPairs(kept, given, own)


def fit_pair(table: Table, pair: str) -> Line:
    """The regression of `pair`: that of all of `table`, and a correction of each weight, L2-penalised on the features
    as they are spread over all of it. By Newton's method; the loss is smooth and convex."""
    line, (mean, spread) = fit(table), scale(table.features)
    part = table.of(table.pair == pair)
    before = part.features @ line.weights + line.bias
    features = np.hstack([(part.features - mean) / spread, np.ones((len(before), 1))])
    correction = np.zeros(features.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-(before + features @ correction)))
        slope = features.T @ (part.weight * (probability - part.right)) + correction / _STRENGTH
        bend = (features.T * (part.weight * probability * (1 - probability))) @ features
        step = np.linalg.solve(bend + np.eye(len(correction)) / _STRENGTH, slope)
        correction -= step
        if np.abs(step).max() < 1e-9:
            break
    weights = correction[:-1] / spread
    return Line(float(line.bias + correction[-1] - weights @ mean), line.weights + weights)


def _cross_validated(table: Table, pair: str) -> Floats:
    """For every row of `pair` what a regression gives that was fitted to the other folds; 0 for other rows."""
    given = np.zeros(len(table.right))
    for fold in sorted(set(table.fold.tolist())):
        held = (table.fold == fold) & (table.pair == pair)
        given[held] = fit_pair(table.of(table.fold != fold), pair)(table.features[held])
    return given
