"""The queue of updates: kept until confirmed, fetched by one poller at a time or sent to a webhook."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from fake_telegram.refusals import Json, Refusal
from telegram.constants import PollingLimit, UpdateType

ONLY_IF_ASKED = {UpdateType.CHAT_MEMBER, UpdateType.MESSAGE_REACTION, UpdateType.MESSAGE_REACTION_COUNT}
"""Kinds that are delivered only if `allowed_updates` names them."""
LONGEST_POLL = 50
"""Seconds; telegram-bot-api cuts longer timeouts."""


@dataclass(slots=True)
class Updates:
    """Updates that wait for the bot.

    Args:
        allowed: kinds that are delivered; None means all but ONLY_IF_ASKED.
        forced: updates that the next getUpdates gives whatever its offset is: late duplicates.
    """

    pending: deque[tuple[int, Any]] = field(default_factory=deque)
    forced: list[Any] = field(default_factory=list)
    allowed: frozenset[str] | None = None
    next_id: int = 1000
    webhook: str = ""
    duplicates: int = 0
    given: int = 0
    last_poll: float = 0.0
    polls: int = 0
    _poller: asyncio.Future[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, kind: str, payload: Json) -> int | None:
        """Queues an update; None if the bot did not ask for this kind."""
        if not self.is_allowed(kind):
            return None
        return self.push_raw({kind: copy.deepcopy(payload)})

    def push_raw(self, update: Any) -> int:
        """Queues anything, with an id if it is an object without one."""
        number = self.next_id
        self.next_id += 1
        if isinstance(update, dict):
            update = {"update_id": number} | update
            if isinstance(update["update_id"], int):
                number = update["update_id"]
        self.pending.extend((number, update) for _ in range(1 + self.duplicates))
        self._wake()
        return number

    def force(self, update: Any) -> None:
        self.forced.append(update)
        self._wake()

    def is_allowed(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed is not None else kind not in ONLY_IF_ASKED

    def allow(self, kinds: list[Any]) -> None:
        """Sets the kinds; an empty list means the default."""
        known = {str(kind) for kind in kinds} & set(UpdateType)
        self.allowed = frozenset(known) if known else None

    async def get(self, offset: int, limit: int, timeout: float) -> list[Any]:
        """Confirms what is before `offset`, then gives up to `limit` updates, waiting for one if there is none.

        Raises: Refusal 409 if a webhook is set, or if another call came while this one waited.
        """
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        if self._poller and not self._poller.done():
            self._poller.set_exception(
                Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )
        self.last_poll = time.time()
        self.polls += 1
        self.confirm(offset)
        if not self.pending and not self.forced and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return self._take(limit)

    def confirm(self, offset: int) -> None:
        """Forgets updates with ids below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0][0] < offset:
            self.pending.popleft()

    def _take(self, limit: int) -> list[Any]:
        if not 1 <= limit <= PollingLimit.MAX_LIMIT:
            limit = int(PollingLimit.MAX_LIMIT)
        forced, self.forced = self.forced, []
        given = forced + [update for _, update in list(self.pending)[:limit]]
        self.given += len(given)
        return given

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None

    def lead_to(self, webhook: str) -> None:
        """Sets the webhook's address; an empty one removes it."""
        self.webhook = webhook
        self._wake()

    async def wait_for_news(self) -> None:
        """For the webhook: until something was queued after the last call."""
        await self._news.wait()
        self._news.clear()

    def _wake(self) -> None:
        self._news.set()
        if self._poller and not self._poller.done():
            self._poller.set_result(None)


def as_bytes(update: Any) -> bytes:
    return json.dumps(update, ensure_ascii=False).encode()
