"""Fitting: examples -> the weights of a logistic regression, and what it gives for examples that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from qabot.answering.features import FEATURES
from qabot.errors import GoldError
from qabot.evaluation.calibration_examples import Examples
from qabot.evaluation.extras import load_extra

FOLDS = 5
_STRENGTH = 1.0
"""scikit-learn's C. With thousands of examples it hardly pulls; with a few it keeps weights from running away."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """Examples as arrays, one row each: `features` (n, features), the rest (n,).

    `weight` sums to n. Each set counts the same, whatever its size. In a set the answerable questions count as much
    as the others, and of those each kind the same: the confidence is that of an even chance that the articles hold
    an answer.
    """

    features: Floats
    right: Flags
    answerable: Flags
    weight: Floats
    fold: NDArray[np.int64]
    set: NDArray[np.str_]
    collection: NDArray[np.str_]
    pair: NDArray[np.str_]

    def of(self, rows: Flags) -> Table:
        """The rows that are True in `rows`."""
        weight = self.weight[rows]
        return Table(
            self.features[rows],
            self.right[rows],
            self.answerable[rows],
            weight * len(weight) / weight.sum(),
            self.fold[rows],
            self.set[rows],
            self.collection[rows],
            self.pair[rows],
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted regression: bias and one weight for each feature."""

    bias: float
    weights: Floats

    def __call__(self, features: Floats) -> Floats:
        """Probabilities, shape (n,), for features of shape (n, features)."""
        result: Floats = 1 / (1 + np.exp(-(self.bias + features @ self.weights)))
        return result


def tabulate(collected: Sequence[Examples]) -> Table:
    """The examples of all sets in one table.

    Raises:
        GoldError: there are too few examples, or only right ones or only wrong ones.
    """
    rows = [(of, example) for of in collected for example in of.examples]
    right = np.array([example.right for _, example in rows], np.bool_)
    if min(right.sum(), (~right).sum()) < FOLDS:
        cause = f"Of {len(rows)} questions {right.sum()} were answered right: there is nothing to learn from"
        mend = f"Give at least {FOLDS} that are answered right and {FOLDS} that are not; --half makes unanswerable ones"
        raise GoldError(cause, mend)
    weight = np.concatenate([_weights(of) for of in collected])
    return Table(
        features=np.array([example.features for _, example in rows], np.float64),
        right=right,
        answerable=np.array([example.answerable for _, example in rows], np.bool_),
        weight=weight * len(rows) / weight.sum(),
        fold=np.array([fold_of(example.id) for _, example in rows]),
        set=np.array([of.set for of, _ in rows]),
        collection=np.array([of.collection for of, _ in rows]),
        pair=np.array([example.pair for _, example in rows]),
    )


def fold_of(question: str) -> int:
    """The fold of the question with that id; the same in every set, so that no question is fitted and judged."""
    return sha256(question.encode("utf-8", "replace")).digest()[0] % FOLDS


def fit(table: Table) -> Line:
    """The regression that fits `table` best (L2-penalised, on standardised features).

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    model = load_extra("sklearn.linear_model").LogisticRegression(C=_STRENGTH, max_iter=5000, tol=1e-8)
    mean, spread = scale(table.features)
    model.fit((table.features - mean) / spread, table.right, sample_weight=table.weight)
    weights = model.coef_[0] / spread
    return Line(float(model.intercept_[0] - weights @ mean), weights)


def scale(features: Floats) -> tuple[Floats, Floats]:
    """The mean of each feature and how far it is spread; 1 where it is always the same."""
    spread = features.std(0)
    return features.mean(0), np.where(spread > 1e-9, spread, 1.0)


def cross_validated(table: Table) -> Floats:
    """For every row what a fit to the other folds gives it."""
    return _held_out(table, table.fold)


def left_out(table: Table) -> Floats | None:
    """For every row what a fit to the other collections of articles gives it; None if there is only one."""
    return _held_out(table, table.collection) if len(set(table.collection.tolist())) > 1 else None


def _held_out(table: Table, group: NDArray[np.int64] | NDArray[np.str_]) -> Floats:
    given = np.zeros(len(table.right))
    for one in sorted(set(group.tolist())):
        held = group == one
        rest = table.of(~held)
        same = len(set(rest.right.tolist())) < 2
        given[held] = rest.right.mean() if same else fit(rest)(table.features[held])
    return given


def _weights(of: Examples) -> Floats:
    groups = ["" if example.answerable else f"not: {example.kind}" for example in of.examples]
    sizes = {group: groups.count(group) for group in groups}
    kinds = sum(group != "" for group in sizes)
    share = {group: 0.5 if group == "" else 0.5 / kinds for group in sizes}
    return np.array([share[group] / sizes[group] for group in groups], np.float64)


def feature_weights(line: Line) -> dict[str, float]:
    """The weights by the names of the features."""
    return dict(zip(FEATURES, line.weights.tolist(), strict=True))
