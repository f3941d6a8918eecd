"""Being polite to a host: pauses between two requests, and the wait that a busy server asks for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MOST_KEPT = 10_000
"""Hosts whose last request is remembered."""


class Pauses:
    """When each host was asked last, and the wait until it may be asked again."""

    def __init__(self, seconds: float, sleep: Callable[[float], object]) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._last: dict[str, float] = {}

    @contextmanager
    def before(self, host: str, delay: float) -> Iterator[None]:
        """Waits, if `host` was asked a moment ago, and notes the time when the block ends.

        Args:
            host: with its port, if it is an unusual one.
            delay: seconds that the host itself asks for; the longer pause goes first.
        """
        if host in self._last:
            wait = self._last[host] + max(self._seconds, delay) - time.monotonic()
            if wait > 0:
                self._sleep(wait)
        try:
            yield
        finally:
            if len(self._last) >= _MOST_KEPT:
                self._last.clear()
            self._last[host] = time.monotonic()


def retry_after(value: str | None, *, default: float) -> float:
    """Seconds of a Retry-After header (a number or a date; RFC 9110, 10.2.3); `default` if it says nothing."""
    text = (value or "").strip()
    try:
        if text.isdecimal():
            return float(text[:12])
        seconds = (parsedate_to_datetime(text).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return default
    return max(0.0, seconds) if math.isfinite(seconds) else default
