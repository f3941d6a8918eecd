"""Allowances: how many questions a user may ask in a minute and in a day."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from qabot.settings import Settings

_SECONDS = {"minute": 60.0, "day": 24 * 3600.0}

_USERS = 10_000
"""Users that are counted; beyond, who has not asked for longest begins anew. At 300 questions a day each: 24 MB."""


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A user has had `limit` questions in a `period`; the next is welcome in `seconds`."""

    period: Literal["minute", "day"]
    limit: int
    seconds: float


class Allowances:
    """Counts questions of users in sliding windows, in memory: a restart begins anew. For the event loop's thread.

    Args:
        per_minute: questions in any 60 seconds (setting telegram_per_minute).
        per_day: questions in any 24 hours (setting telegram_per_day).
        clock: seconds from anywhere that never go back.
        users: most users that are counted.
    """

    def __init__(
        self, per_minute: int, per_day: int, *, clock: Callable[[], float] = time.monotonic, users: int = _USERS
    ) -> None:
        self._per_minute = per_minute
        self._per_day = per_day
        self._clock = clock
        self._users = users
        self._asked: OrderedDict[int, array[float]] = OrderedDict()

    @property
    def users(self) -> int:
        """Users that are counted."""
        return len(self._asked)

    def take(self, user: int) -> Exceeded | None:
        """Counts a question of `user`. If it is one too many it is not counted, and what it exceeds is returned."""
        now = self._clock()
        asked = self._asked.get(user)
        if asked is None:
            asked = self._asked[user] = array("d")
        self._asked.move_to_end(user)
        self._forget(now)
        del asked[: bisect_right(asked, now - _SECONDS["day"])]
        if len(asked) >= self._per_day:
            return Exceeded("day", self._per_day, asked[-self._per_day] + _SECONDS["day"] - now)
        if len(asked) >= self._per_minute:
            seconds = asked[-self._per_minute] + _SECONDS["minute"] - now
            if seconds > 0:
                return Exceeded("minute", self._per_minute, seconds)
        asked.append(now)
        return None

    def give_back(self, user: int) -> None:
        """The last question of `user` was not answered (the bot was busy): it does not count."""
        if asked := self._asked.get(user):
            asked.pop()

    def _forget(self, now: float) -> None:
        """Forgets who asked nothing for a day, and who asked longest ago where there are too many."""
        while len(self._asked) > 1:
            oldest = next(iter(self._asked.values()))
            if len(self._asked) <= self._users and oldest and oldest[-1] > now - _SECONDS["day"]:
                return
            self._asked.popitem(last=False)


def open_allowances(settings: Settings) -> Allowances:
    """What the settings allow."""
    return Allowances(settings.telegram_per_minute, settings.telegram_per_day)
