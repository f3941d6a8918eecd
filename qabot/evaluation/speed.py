"""Speed: how long asking takes, and how much memory it needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from qabot.evaluation.outcome import Outcome

PERCENTILES = (50, 95, 99)


def speed_figures(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Percentiles of the milliseconds that asking took, by linear interpolation (numpy's default)."""
    names = [f"ask_p{percentile}_ms" for percentile in PERCENTILES]
    if not outcomes:
        return dict.fromkeys(names)
    times = np.percentile([outcome.milliseconds for outcome in outcomes], PERCENTILES)
    return {name: float(time) for name, time in zip(names, times, strict=True)}


def peak_memory() -> int | None:
    """Most bytes of memory that this process has held so far; None where the system does not say (Windows)."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
