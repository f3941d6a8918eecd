"""ChatOrder: the updates of one chat are worked on in order, those of different chats side by side.

A message waits for everything that came before it in its chat. A button press or a reaction waits only for earlier
ones of its kind: it belongs to an answer that is already there, and Telegram shows a spinner until it is answered, so
it may overtake a question that is still in work; but no message overtakes it (a language that was chosen holds for
the question typed after it, and what `/forget` deletes stays deleted). Inline queries stay in order for each user.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import OrderedDict
from collections.abc import Awaitable, Hashable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

CONCURRENT = 10_000
"""Updates in work at once. One costs a few kilobytes and only waits most of the time; were there fewer, a chat that
sends more than so many would hold up all others."""

_ROOM = CONCURRENT // 2


class _Turn:
    """One update's place in its line."""

    __slots__ = ("called", "press")

    def __init__(self, *, press: bool) -> None:
        self.press = press
        self.called = asyncio.Event()


class _Line:
    """The updates of one chat that are not finished, in order of arrival, and the presses among them."""

    __slots__ = ("presses", "turns")

    def __init__(self) -> None:
        self.turns: OrderedDict[_Turn, None] = OrderedDict()
        self.presses: OrderedDict[_Turn, None] = OrderedDict()

    def join(self, turn: _Turn) -> None:
        self.turns[turn] = None
        if turn.press:
            self.presses[turn] = None
        self._call()

    def leave(self, turn: _Turn) -> None:
        del self.turns[turn]
        self.presses.pop(turn, None)
        self._call()

    def _call(self) -> None:
        for waiting in (self.turns, self.presses):
            if first := next(iter(waiting), None):
                first.called.set()


class ChatOrder(BaseUpdateProcessor):
    """The update processor of the application. What it keeps of a chat is gone when the chat is idle."""

    __slots__ = ("_finished", "_lines", "_unfinished")

    def __init__(self, concurrent: int = CONCURRENT) -> None:
        super().__init__(concurrent)
        self._lines: dict[Hashable, _Line] = {}
        self._unfinished = 0
        self._finished = asyncio.Event()

    @property
    def unfinished(self) -> int:
        """Updates in work or waiting for their turn."""
        return self._unfinished

    @property
    def lines(self) -> int:
        """Chats (and users of inline queries) that have such an update."""
        return len(self._lines)

    async def room(self) -> None:
        """Waits while half of all places are taken: fetch updates after this, Telegram keeps them meanwhile."""
        while self._unfinished >= max(1, min(_ROOM, self.max_concurrent_updates // 2)):
            self._finished.clear()
            await self._finished.wait()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Awaits `coroutine` when it is the turn of `update`."""
        self._unfinished += 1
        try:
            key = _line_of(update)
            if key is None:
                await coroutine
            else:
                await self._in_line(key, _Turn(press=_is_press(update)), coroutine)
        finally:
            self._unfinished -= 1
            self._finished.set()

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do: the application has waited for its tasks."""

    async def _in_line(self, key: Hashable, turn: _Turn, coroutine: Awaitable[Any]) -> None:
        line = self._lines.setdefault(key, _Line())
        line.join(turn)
        try:
            await turn.called.wait()
            await coroutine
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # cancelled while it waited; closing one that has ended does nothing
            line.leave(turn)
            if not line.turns:
                del self._lines[key]


def _line_of(update: object) -> Hashable | None:
    """What `update` stays in order with; None: with nothing."""
    if not isinstance(update, Update):
        return None
    if chat := update.effective_chat:
        return "chat", chat.id
    if user := update.effective_user:
        return "user", user.id
    return None


def _is_press(update: object) -> bool:
    """Whether `update` is about a message of the bot that is already there."""
    if not isinstance(update, Update):
        return False
    return bool(update.callback_query or update.message_reaction or update.message_reaction_count)
