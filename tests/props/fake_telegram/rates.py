"""How many messages may be sent: the flood limits of Telegram's FAQ for bots, by telegram.constants.FloodLimit.

A chat may have a short burst; after that one message a second. Time can run faster, so that tests need not wait.
"""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field

from fake_telegram.refusals import too_many
from telegram.constants import FloodLimit

BURST = 5
"""Messages that a chat may get at once. Telegram says "short bursts"; nobody knows how short."""


@dataclass(slots=True)
class Bucket:
    """A token bucket: `size` at once, then `per_second`."""

    size: float
    per_second: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0 if there is one now."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.per_second


@dataclass(slots=True)
class Rates:
    """The limits of one bot.

    Args:
        enabled: whether anything is refused.
        speed: seconds that pass for the limits in one real second.
    """

    enabled: bool = False
    speed: float = 1.0
    burst: int = BURST
    chats: dict[int, Bucket] = field(default_factory=dict)
    groups: dict[int, deque[float]] = field(default_factory=dict)
    everywhere: Bucket | None = None
    refused: int = 0

    def take(self, chat: int, *, is_group: bool) -> None:
        """Counts a message or an edit. Raises: Refusal 429 with the seconds to wait."""
        if not self.enabled:
            return
        now = time.monotonic() * self.speed
        per_second = float(FloodLimit.MESSAGES_PER_SECOND)
        everywhere = self.everywhere = self.everywhere or Bucket(per_second, per_second, per_second, now)
        one = float(FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)
        bucket = self.chats.setdefault(chat, Bucket(self.burst, one, self.burst, now))
        recent = self.groups.setdefault(chat, deque()) if is_group else deque()
        while recent and recent[0] <= now - 60:
            recent.popleft()
        full = len(recent) >= FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
        wait = max(bucket.wait(now), everywhere.wait(now), recent[0] + 60 - now if full else 0.0)
        if wait:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait / self.speed)))
        bucket.tokens -= 1
        everywhere.tokens -= 1
        recent.append(now)
