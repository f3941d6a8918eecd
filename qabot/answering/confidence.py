"""Confidence: features -> the probability that the first quote answers the question."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qabot.answering.features import FEATURES, Features

_SHIPPED = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over the features: 1 / (1 + exp(-(bias + sum of weight * feature)))."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Features) -> float:
        """In (0, 1)."""
        values = zip(FEATURES, features.as_tuple(), strict=True)
        return 1 / (1 + math.exp(-(self.bias + sum(self.weights[name] * value for name, value in values))))


@cache
def shipped_confidence() -> Confidence:
    """The one that comes with qabot; the file says what it was fitted on."""
    fitted = json.loads(_SHIPPED.read_text(encoding="utf-8"))
    return Confidence(fitted["bias"], {name: fitted["weights"].get(name, 0.0) for name in FEATURES})
