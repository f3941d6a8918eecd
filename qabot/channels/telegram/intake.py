"""Intake: every update that is received becomes one task, once, and what is not finished is not forgotten."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Sequence

from telegram import Update

from qabot.channels.telegram.house import App
from qabot.channels.telegram.memory.memory import Memory
from qabot.channels.telegram.memory.updates import Received as Claim
from qabot.channels.telegram.metrics import Metrics
from qabot.channels.telegram.ordering import ChatOrder
from qabot.channels.telegram.updates import Received, read_update
from qabot.errors import StateError

_log = logging.getLogger(__name__)

MOST_OF_A_CHAT = 100
"""Updates of one chat that may wait. Telegram takes one message a second there: more would wait for minutes, and a
flood from one chat would leave no room for the others."""

_LEFT_BEHIND_SECONDS = 24 * 3600
"""What a killed process left is worked on after the start; older questions then hear that the bot was away."""


class Intake:
    """Gives updates to the application, one task each. The order of a chat's updates is the processor's business.

    Args:
        application: handles an update.
        order: its update processor.
        memory: tells what was received before, and keeps what is not finished.
        metrics: counts.
    """

    def __init__(self, application: App, order: ChatOrder, memory: Memory, metrics: Metrics) -> None:
        self.last = -1
        self._application = application
        self._order = order
        self._memory = memory
        self._metrics = metrics
        self._tasks: set[asyncio.Task[None]] = set()
        self._of_chat: Counter[int] = Counter()

    @property
    def unfinished(self) -> int:
        """Updates that are being worked on, or wait for their turn."""
        return len(self._tasks)

    async def take(self, batch: Sequence[Received]) -> None:
        """Begins with the new ones of a batch; returns when there is room for more."""
        self.begin(batch)
        # One step of each task: they stand in their chats' lines before the next batch comes.
        await asyncio.sleep(0)
        await self._order.room()

    def begin(self, batch: Sequence[Received]) -> None:
        """Begins with the new ones of a batch; those that were received before, even by a process before, are left."""
        if not batch:
            return
        now = time.time()
        self.last = max(self.last, *(received.id for received in batch))
        claims: dict[Claim, Update] = {}
        for received in batch:
            self._metrics.update(received.kind)
            if received.update:
                body = json.dumps(received.raw, sort_keys=True)
                claims[Claim(received.id, body, _user(received.update), now)] = received.update
            else:
                self._metrics.failed("malformed")
        try:
            new = self._memory.updates.claim(list(claims))
        except StateError as error:
            # Perhaps twice is better than not at all.
            _log.error("%s", error)
            new = list(claims)
        for claim in new:
            self._start(claims[claim])

    def resume(self) -> int:
        """Begins with what a killed process did not finish, and how many updates that were."""
        left = self._memory.updates.left_behind(time.time() - _LEFT_BEHIND_SECONDS)
        for claim in left:
            received = read_update(json.loads(claim.body), self._application.bot)
            if received and received.update and not self._was_answered(received.update):
                self._start(received.update)
            else:
                self._memory.updates.finish(claim.id)
        return len(left)

    def _was_answered(self, update: Update) -> bool:
        message = update.message or update.channel_post
        return message is not None and self._memory.replies.to(message.chat.id, message.message_id) is not None

    async def drain(self, seconds: float) -> int:
        """Waits up to `seconds` for what is being worked on; the rest is dropped, and worked on after the next start.

        Returns:
            How many were dropped.
        """
        left = set(self._tasks)
        if left:
            _, left = await asyncio.wait(left, timeout=seconds)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1)
        return len(left)

    def _start(self, update: Update) -> None:
        """Begins with an update. A chat that sends faster than anything can be answered is not heard for a while."""
        chat = _chat(update)
        if self._of_chat[chat] >= MOST_OF_A_CHAT:
            self._metrics.refused("allowance")
            self._finish(update)
            return
        self._of_chat[chat] += 1
        task = asyncio.create_task(self._work(update), name=f"update {update.update_id}")
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._ended(task, chat))

    def _ended(self, task: asyncio.Task[None], chat: int) -> None:
        self._tasks.discard(task)
        self._of_chat[chat] -= 1
        if not self._of_chat[chat]:
            del self._of_chat[chat]

    async def _work(self, update: Update) -> None:
        try:
            await self._order.process_update(update, self._application.process_update(update))
        except Exception:  # noqa: BLE001 - the error handler itself has failed
            _log.exception("Update %d could not be worked on", update.update_id)
        self._finish(update)

    def _finish(self, update: Update) -> None:
        try:
            self._memory.updates.finish(update.update_id)
        except StateError as error:
            _log.error("%s", error)


def _chat(update: Update) -> int:
    """The chat of an update, or the user of one that has none."""
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else 0


def _user(update: Update | None) -> int | None:
    user = update.effective_user if update else None
    return user.id if user else None
