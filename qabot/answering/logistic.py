"""The logistic function: log-odds -> probability."""

from __future__ import annotations

import math


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)); of both signs without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
