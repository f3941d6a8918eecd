"""Confidence: features -> the probability that the first quote answers the question."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from qabot.answering.features import FEATURES, Features
from qabot.answering.logistic import logistic
from qabot.errors import DamagedModelError

SHIPPED = Path(__file__).with_name("confidence.json")
WITHOUT_READER = Path(__file__).with_name("confidence_without_reader.json")

Points = tuple[tuple[float, float], ...]
"""Pairs of what the regression gives and what it should be, both ascending."""

_PAIR = re.compile("[a-z]{2,3}-[a-z]{2,3}")
_MEND = "Make it again: qabot calibrate QUESTIONS --output FILE"


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over the features: 1 / (1 + exp(-(bias + sum of weight * feature))).

    `table`, if not empty, corrects it: straight lines between its points, level ends.
    """

    bias: float
    weights: Mapping[str, float]
    table: Points = ()

    def probability(self, features: Features) -> float:
        """In (0, 1)."""
        values = zip(FEATURES, features.as_tuple(), strict=True)
        return corrected(logistic(self.bias + sum(self.weights[name] * value for name, value in values)), self.table)


@dataclass(frozen=True, slots=True)
class Confidence:
    """A regression for each pair of languages that there were enough examples of, as `ru-en`: a question in Russian
    whose first quote is in English. `common` was fitted to all examples, and is for all other pairs."""

    common: Regression
    pairs: Mapping[str, Regression] = field(default_factory=dict)

    def probability(self, features: Features) -> float:
        """In (0, 1)."""
        return self.pairs.get(features.pair, self.common).probability(features)


def corrected(probability: float, table: Points) -> float:
    """`probability` as the table has it; unchanged if there is none."""
    if not table:
        return probability
    after = bisect_right([given for given, _ in table], probability)
    if after in (0, len(table)):
        return table[min(after, len(table) - 1)][1]
    (low, from_), (high, to) = table[after - 1], table[after]
    return from_ + (to - from_) * (probability - low) / (high - low)


@cache
def shipped_confidence(*, reader: bool) -> Confidence:
    """The one that comes with qabot, for answers whose sentences a reader scored, or none did.

    Its file says what it was fitted on.
    """
    return read_confidence(SHIPPED if reader else WITHOUT_READER)


def read_confidence(path: Path) -> Confidence:
    """The confidence in `path`, a file that `qabot calibrate` wrote. Its provenance is not looked at.

    Raises:
        DamagedModelError: it cannot be read, is of another form, or has not exactly the features that there are.
    """
    try:
        fitted = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DamagedModelError(f"{path} cannot be read: {error.strerror}", _MEND) from error
    except (ValueError, RecursionError) as error:
        raise DamagedModelError(f"{path} is damaged: it is no JSON: {error}", _MEND) from error
    if not isinstance(fitted, dict):
        raise DamagedModelError(f"{path} is damaged: it is no JSON object", _MEND)
    pairs = fitted.get("pairs", {})
    if not isinstance(pairs, dict):
        raise DamagedModelError(f"{path} is damaged: 'pairs' should be an object", _MEND)
    if strange := next((name for name in pairs if not _PAIR.fullmatch(name)), None):
        cause = f"'pairs' should have pairs of languages, as 'ru-en', not {json.dumps(strange)[:40]}"
        raise DamagedModelError(f"{path} is damaged: {cause}", _MEND)
    return Confidence(
        common=_regression(fitted, "", path),
        pairs={name: _regression(value, f"pairs.{name}.", path) for name, value in pairs.items()},
    )


def _regression(value: Any, at: str, path: Path) -> Regression:
    """What stands at `at`, as `pairs.ru-en.`."""
    if not isinstance(value, dict):
        raise DamagedModelError(f"{path} is damaged: '{at.rstrip('.')}' should be an object", _MEND)
    weights = value.get("weights")
    if not isinstance(weights, dict):
        raise DamagedModelError(f"{path} is damaged: '{at}weights' should be an object", _MEND)
    if unlike := sorted({*weights} ^ {*FEATURES}):
        missing = [name for name in unlike if name in FEATURES]
        what = f"it has no weight for {', '.join(missing)}" if missing else f"there is no feature {', '.join(unlike)}"
        raise DamagedModelError(f"{path} is of another version of qabot: {what}", _MEND)
    return Regression(
        bias=_number(value.get("bias"), f"{at}bias", path),
        weights={name: _number(weights[name], f"{at}weights.{name}", path) for name in FEATURES},
        table=_table(value.get("table", []), f"{at}table", path),
    )


def _number(value: Any, name: str, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise DamagedModelError(f"{path} is damaged: {name!r} should be a number, not {json.dumps(value)[:40]}", _MEND)
    return float(value)


def _table(value: Any, name: str, path: Path) -> Points:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise DamagedModelError(f"{path} is damaged: {name!r} should be a list of pairs of numbers", _MEND)
    table = tuple((_number(given, name, path), _number(right, name, path)) for given, right in value)
    if any(before[0] >= after[0] or before[1] > after[1] for before, after in pairwise(table)):
        raise DamagedModelError(f"{path} is damaged: {name!r} should ascend", _MEND)
    if not all(0 < right < 1 for _, right in table):
        raise DamagedModelError(f"{path} is damaged: {name!r} should hold probabilities between 0 and 1", _MEND)
    return table
