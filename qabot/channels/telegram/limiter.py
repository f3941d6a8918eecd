"""ChatLimiter: sends no faster than Telegram takes, and lets one limited chat delay no other.

The numbers are `telegram.constants.FloodLimit`: one message a second in a chat, twenty a minute in a group, thirty a
second overall (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Telegram allows short bursts
in a chat, and three messages that make one reply should come at once: a chat may have `BURST` in as many seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Literal, TypeAlias

from telegram.constants import FloodLimit
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from qabot.channels.telegram.windows import Window

BURST = 3
"""Messages that may go to one chat at once; the mean stays at one a second."""

RETRIES = 3
"""Times that a request is sent again after Telegram has refused it for its frequency (429)."""

LONGEST_WAIT = 120.0
"""Seconds. A chat that Telegram closes for longer gets its error at once: nobody waits for that reply."""

RESERVE = 6
"""One place in so many of the whole is not for answers: a command is answered at once while they fill all others."""

_MINUTE = 60.0
_MARGIN = 0.1
"""Seconds added to what RetryAfter says, which is rounded to whole ones."""

_SENDING = ("send", "edit", "copyMessage", "forwardMessage", "stopPoll", "stopMessageLiveLocation")
_ACTION = "sendChatAction"

_log = logging.getLogger(__name__)

Lane: TypeAlias = Literal["answers"]
"""What a request says of itself as `rate_limit_args`: it is the answer to a question."""

Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Request: TypeAlias = Callable[[], Coroutine[Any, Any, Result]]


class _Chat:
    """What was sent to a chat lately. Its requests go one after the other: two at once could arrive swapped."""

    __slots__ = ("closed_until", "turn", "waiting", "windows")

    def __init__(self, windows: list[Window]) -> None:
        self.windows = windows
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.closed_until = 0.0

    def wait(self, now: float) -> float:
        return max(self.closed_until - now, *(window.wait(now) for window in self.windows))

    def is_idle(self, now: float) -> bool:
        return not self.waiting and now >= max(self.closed_until, *(window.empty_at() for window in self.windows))


class ChatLimiter(BaseRateLimiter[Lane]):
    """The rate limiter of the bot. Requests of one chat go in order; whoever waits longest for the whole goes first,
    but answers to questions leave some room for all else (see `RESERVE`).

    Not limited: what sends and edits no message (answers to buttons and inline queries, deleting, reading).
    `sendChatAction` takes no message's place, and is dropped and reported as done wherever it would have to wait.

    Args:
        overall: messages a second to all chats.
        group: messages a minute to a group or channel.
        burst: messages to one chat in as many seconds.
        retries: see `RETRIES`.
        on_limited: called at each 429.
    """

    def __init__(
        self,
        *,
        overall: int = FloodLimit.MESSAGES_PER_SECOND,
        group: int = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP,
        burst: int = BURST,
        retries: int = RETRIES,
        on_limited: Callable[[], None] | None = None,
    ) -> None:
        self._overall = Window(overall, 1.0)
        self._overall_turn = asyncio.Lock()
        self._answers = Window(max(1, overall - overall // RESERVE), 1.0)
        self._answers_turn = asyncio.Lock()
        # Where more messages may be sent than usual, more "typing" is only more work.
        self._actions = Window(max(1, min(overall, FloodLimit.MESSAGES_PER_SECOND) // 2), 1.0)
        self._group = group
        self._burst = burst
        self._retries = retries
        self._on_limited = on_limited
        self._chats: OrderedDict[int | str, _Chat] = OrderedDict()

    @property
    def chats(self) -> int:
        """Chats that it remembers: those of the last minute, and those that wait."""
        return len(self._chats)

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do: who waits is a task of the application."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Result:
        """The result of the request, sent when it may be.

        Raises:
            RetryAfter: Telegram refused it once more than `retries` times, or for longer than `LONGEST_WAIT`.
        """
        chat_id = _chat_id(data)

        def request() -> Coroutine[Any, Any, Result]:
            return callback(*args, **kwargs)

        if endpoint == _ACTION and chat_id is not None:
            return await self._action(self._chat(chat_id), request)
        if not endpoint.startswith(_SENDING):
            return await self._patiently(request, None, rate_limit_args)
        if chat_id is None:
            return await self._patiently(request, _Chat([Window(1, 0.0)]), rate_limit_args)
        chat = self._chat(chat_id)
        chat.waiting += 1
        try:
            async with chat.turn:
                return await self._patiently(request, chat, rate_limit_args)
        finally:
            chat.waiting -= 1

    async def _patiently(self, request: Request, chat: _Chat | None, lane: Lane | None) -> Result:
        """Sends `request` when `chat` and the whole allow it, and again as often as Telegram says to wait."""
        tries = 0
        while True:
            if chat:
                await self._wait(chat, lane)
            try:
                return await request()
            except RetryAfter as error:
                pause = self._note(error)
                if chat:
                    chat.closed_until = max(chat.closed_until, _now() + pause)
                tries += 1
                if tries > self._retries or pause > LONGEST_WAIT:
                    raise
                if not chat:
                    await asyncio.sleep(pause)
            finally:
                if chat:
                    _restamp(chat)

    async def _wait(self, chat: _Chat, lane: Lane | None) -> None:
        while (pause := chat.wait(_now())) > 0:
            if pause > LONGEST_WAIT:
                raise RetryAfter(round(pause))
            await asyncio.sleep(pause)
        if lane == "answers":
            await _in_turn(self._answers_turn, self._answers)
        await _in_turn(self._overall_turn, self._overall)
        for window in chat.windows:
            window.add(_now())

    async def _action(self, chat: _Chat, request: Request) -> Result:
        """Shows "typing", unless the reply itself or another chat's needs the room."""
        now = _now()
        if chat.waiting or chat.closed_until > now or self._overall.free(now) < self._actions.limit:
            return True
        if self._actions.wait(now) > 0:
            return True
        self._actions.add(now)
        try:
            return await request()
        except RetryAfter as error:
            chat.closed_until = max(chat.closed_until, _now() + self._note(error))
            return True

    def _note(self, error: RetryAfter) -> float:
        """How long Telegram wants to hear nothing, in seconds."""
        if self._on_limited:
            self._on_limited()
        after = error.retry_after
        pause = (after if isinstance(after, int | float) else after.total_seconds()) + _MARGIN
        _log.info("Telegram takes nothing there for %.1f s", pause)
        return pause

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            windows = [Window(self._burst, self._burst / FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)]
            if isinstance(chat_id, str) or chat_id < 0:
                windows.append(Window(self._group, _MINUTE))
            chat = self._chats[chat_id] = _Chat(windows)
        self._chats.move_to_end(chat_id)
        self._forget_idle(chat_id)
        return chat

    def _forget_idle(self, used: int | str) -> None:
        """Looks at the two that were not used for longest: one more than can be added at a time."""
        for _ in range(2):
            key = next(iter(self._chats))
            if key == used:
                return
            if self._chats[key].is_idle(_now()):
                del self._chats[key]
            else:
                self._chats.move_to_end(key)


async def _in_turn(turn: asyncio.Lock, window: Window) -> None:
    """Waits until there is room in `window`, and takes it; first come, first served."""
    async with turn:
        while (pause := window.wait(_now())) > 0:
            await asyncio.sleep(pause)
        window.add(_now())


def _restamp(chat: _Chat) -> None:
    """Moves the last event to now, when its answer has come: on the way to Telegram a second may shrink."""
    for window in chat.windows:
        window.take_back()
        window.add(_now())


def _chat_id(data: dict[str, Any]) -> int | str | None:
    """The chat that a request is for: its number, or the name of a channel or group."""
    chat_id = data.get("chat_id")
    if isinstance(chat_id, str):
        text = chat_id.strip()
        return int(text) if text.removeprefix("-").isdecimal() else text.lower()
    return chat_id if isinstance(chat_id, int) else None


def _now() -> float:
    return asyncio.get_running_loop().time()
