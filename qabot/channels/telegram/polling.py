"""Polling: updates are asked for until something ends it for good; disturbances of the network never do."""

from __future__ import annotations

import asyncio
import datetime as dtm
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from telegram.constants import PollingLimit
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from qabot.channels.telegram.client import Client
from qabot.channels.telegram.updates import ALLOWED, Received, read_updates
from qabot.errors import ConflictError, TokenError

_log = logging.getLogger(__name__)

_MOST = PollingLimit.MAX_LIMIT
_LEAST_POLL = 0.1
"""Seconds a poll without news takes at least, also where the server does not hold it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Telegram and the network are waited for, in seconds.

    `wait` is how long Telegram holds a poll that has nothing to tell, and `slack` what the network may add.
    A process that meets a 409 gives up after `conflict`; one that had polled for `settled` before, after
    `settled_conflict`: of two that fight, the newcomer yields and the other goes on. 409s less than `calm` apart are
    one conflict.
    """

    wait: float = 20
    slack: float = 10
    first_retry: float = 0.5
    longest_retry: float = 30
    conflict: float = 15
    settled: float = 60
    settled_conflict: float = 45
    calm: float = 10


async def poll(
    client: Client, take: Callable[[list[Received]], Awaitable[None]], polled: Callable[[], None], patience: Patience
) -> None:
    """Asks for updates and hands them to `take`, for ever. Its cancellation leaves none half taken.

    Args:
        client: asks Telegram.
        take: gets each batch; the batch counts as received once it returns.
        polled: hears of every poll that Telegram answered.
        patience: how long disturbances may last.

    Raises:
        TokenError: Telegram does not accept the token (any more).
        ConflictError: another process gets the updates of this bot, and goes on doing so.
    """
    offset, wait = 0, dtm.timedelta(seconds=patience.wait)
    trouble = _Trouble(patience)
    while True:
        pause, began = 0.0, time.monotonic()
        try:
            raw = await client.get_raw_updates(offset, wait=wait, slack=patience.slack, limit=_MOST, allowed=ALLOWED)
        except InvalidToken as error:
            raise refused() from error
        except Conflict as error:
            pause = trouble.conflict(error)
        except RetryAfter as error:
            pause = _seconds(error.retry_after)
            _log.warning("Telegram wants no poll for %g seconds", pause)
        except TelegramError as error:
            pause = trouble.failed(error)
        else:
            trouble.over()
            polled()
            batch = list(read_updates(raw, client))
            await take(batch)
            reached = max([offset, *(received.id + 1 for received in batch)])
            if reached == offset:
                pause = max(0.0, _LEAST_POLL - (time.monotonic() - began))
                if raw:
                    # Updates without an id cannot be passed: they come again at once.
                    pause = max(pause, patience.longest_retry / 10)
            offset = reached
        await asyncio.sleep(pause)


async def confirm(client: Client, last: int) -> None:
    """Tells Telegram that the updates up to the id `last` were received, so that it does not send them again."""
    with suppress(TelegramError):
        await client.get_raw_updates(last + 1, wait=dtm.timedelta(), slack=2, limit=1, allowed=ALLOWED)


@dataclass(slots=True)
class _Trouble:
    """What has gone wrong lately, and how long to wait before the next poll."""

    patience: Patience
    began: float = field(default_factory=time.monotonic)
    failures: int = 0
    failing_since: float = 0
    conflict_since: float | None = None
    last_conflict: float = 0
    settled: bool = False

    def failed(self, error: TelegramError) -> float:
        """The network or Telegram has failed; said once."""
        now = time.monotonic()
        if self.failures == 0:
            self.failing_since = now
            _log.warning("Telegram cannot be reached, trying again: %s", error)
        self.failures += 1
        return backoff(self.failures, self.patience)

    def over(self) -> None:
        """Telegram has answered."""
        if self.failures:
            _log.warning("Telegram is reached again after %.0f seconds", time.monotonic() - self.failing_since)
        self.failures = 0

    def conflict(self, error: Conflict) -> float:
        """Another process polls, or a webhook is set.

        Raises:
            ConflictError: it has gone on for too long.
        """
        now, patience = time.monotonic(), self.patience
        if self.conflict_since is None or now - self.last_conflict > patience.calm:
            self.conflict_since = now
            self.settled = now - self.began > patience.settled
            _log.warning("Another process receives the updates of this bot")
        self.last_conflict = now
        if now - self.conflict_since >= (patience.settled_conflict if self.settled else patience.conflict):
            raise lasting_conflict(error) from error
        return min(2.0, patience.conflict / 4)


def refused() -> TokenError:
    """What to say where Telegram does not know the token."""
    return TokenError("Telegram does not accept the token", "Get a new one from @BotFather: /mybots, API Token")


def lasting_conflict(error: Conflict) -> ConflictError:
    """What to say of a conflict that goes on."""
    if "webhook" in error.message.lower():
        mend = "Stop the process that sets it; qabot takes it away when it starts"
        return ConflictError("A webhook has been set for this bot", mend)
    mend = "Stop the other one, or give this one a token of its own from @BotFather"
    return ConflictError("Another process polls with the same token", mend)


def backoff(failures: int, patience: Patience) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, up to a limit, and a little by chance
    so that many bots do not come back at once."""
    longest = min(patience.longest_retry, patience.first_retry * 2.0 ** min(failures - 1, 16))
    return longest * (0.75 + 0.25 * random.random())  # noqa: S311 - no secret


def _seconds(period: int | dtm.timedelta) -> float:
    return period.total_seconds() if isinstance(period, dtm.timedelta) else period
