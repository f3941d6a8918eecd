"""Confidence: features -> the probability that the first quote answers the question."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from qabot.answering.features import FEATURES, Features
from qabot.answering.logistic import logistic
from qabot.errors import DamagedModelError

SHIPPED = Path(__file__).with_name("confidence.json")
WITHOUT_READER = Path(__file__).with_name("confidence_without_reader.json")
_MEND = "Make it again: qabot calibrate QUESTIONS --output FILE"


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over the features: 1 / (1 + exp(-(bias + sum of weight * feature))).

    `table`, if not empty, corrects it: pairs of what the regression gives and what it should be, both ascending,
    with straight lines between them and level ends.
    """

    bias: float
    weights: Mapping[str, float]
    table: tuple[tuple[float, float], ...] = ()

    def probability(self, features: Features) -> float:
        """In (0, 1)."""
        values = zip(FEATURES, features.as_tuple(), strict=True)
        return corrected(logistic(self.bias + sum(self.weights[name] * value for name, value in values)), self.table)


def corrected(probability: float, table: tuple[tuple[float, float], ...]) -> float:
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
    weights = fitted.get("weights")
    if not isinstance(weights, dict):
        raise DamagedModelError(f"{path} is damaged: 'weights' should be an object", _MEND)
    if unlike := sorted({*weights} ^ {*FEATURES}):
        missing = [name for name in unlike if name in FEATURES]
        what = f"it has no weight for {', '.join(missing)}" if missing else f"there is no feature {', '.join(unlike)}"
        raise DamagedModelError(f"{path} is of another version of qabot: {what}", _MEND)
    return Confidence(
        bias=_number(fitted.get("bias"), "bias", path),
        weights={name: _number(weights[name], f"weights.{name}", path) for name in FEATURES},
        table=_table(fitted.get("table", []), path),
    )


def _number(value: Any, name: str, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise DamagedModelError(f"{path} is damaged: {name!r} should be a number, not {json.dumps(value)[:40]}", _MEND)
    return float(value)


def _table(value: Any, path: Path) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise DamagedModelError(f"{path} is damaged: 'table' should be a list of pairs of numbers", _MEND)
    table = tuple((_number(given, "table", path), _number(right, "table", path)) for given, right in value)
    if any(before[0] >= after[0] or before[1] > after[1] for before, after in pairwise(table)):
        raise DamagedModelError(f"{path} is damaged: 'table' should ascend", _MEND)
    if not all(0 < right < 1 for _, right in table):
        raise DamagedModelError(f"{path} is damaged: 'table' should hold probabilities between 0 and 1", _MEND)
    return table
