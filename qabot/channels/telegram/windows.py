"""Sliding windows: so many events in any stretch of so many seconds, exactly."""

from __future__ import annotations

from collections import deque


class Window:
    """At most `limit` events in any `seconds`. Times are given, so that any clock will do; they never go back."""

    __slots__ = ("_times", "limit", "seconds")

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._times: deque[float] = deque(maxlen=limit)

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 if it does now."""
        if len(self._times) < self.limit:
            return 0.0
        return max(0.0, self._times[0] + self.seconds - now)

    def add(self, now: float) -> None:
        """One more happens now."""
        self._times.append(now)

    def take_back(self) -> None:
        """The last one did not happen."""
        if self._times:
            self._times.pop()

    def free(self, now: float) -> int:
        """How many fit now."""
        return self.limit - sum(time + self.seconds > now for time in self._times)

    def empty_at(self) -> float:
        """When nothing will be left in it."""
        return self._times[-1] + self.seconds if self._times else 0.0
