"""House: what every handler works with, and who is speaking."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from telegram import Message, Update, User
from telegram.constants import ChatID
from telegram.ext import Application

from qabot.answering.answer import Answer
from qabot.answering.live import LiveEngine
from qabot.channels.telegram.access import Access
from qabot.channels.telegram.allowances import Allowances
from qabot.channels.telegram.building import Builder
from qabot.channels.telegram.client import Client
from qabot.channels.telegram.desk import Desk
from qabot.channels.telegram.memory.ids import name_of
from qabot.channels.telegram.memory.memory import Memory
from qabot.channels.telegram.metrics import Metrics
from qabot.channels.wording import LANGUAGES, Words, words_for
from qabot.errors import QabotError, StateError
from qabot.settings import Settings

App: TypeAlias = Application[Client, Any, Any, Any, Any, Any]

TYPED = 6
"""Inline queries that typing one question sends, about: Telegram sends one at each pause."""

TELLING = 3
"""Words from which a question shows which language its author reads; a name alone is the same in many."""

ACTIONS = 4
"""Chat actions under way at once: when a hundred questions come together, replies go first."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Signs:
    """Signs of life, for the heartbeat: Unix seconds. `fatal` is an error that the whole bot must end with."""

    started: float = field(default_factory=time.time)
    last_update: float | None = None
    last_poll: float | None = None
    fatal: asyncio.Future[QabotError] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def polled(self) -> None:
        """Telegram has answered."""
        self.last_poll = time.time()

    def end(self, error: QabotError) -> None:
        """Nothing can be done any more: the bot ends with `error`."""
        if not self.fatal.done():
            self.fatal.set_result(error)


class Once:
    """Keys that were seen within the last `seconds`, at most so many of them."""

    _MOST = 10_000

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: OrderedDict[object, float] = OrderedDict()

    def first(self, key: object) -> bool:
        """Whether `key` is the first of its kind for a while."""
        now = time.monotonic()
        while self._seen and (len(self._seen) > self._MOST or next(iter(self._seen.values())) < now - self._seconds):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True


class Errands:
    """Work that outlasts the update that asked for it; no chat waits for it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins with it; what it raises is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def end(self, seconds: float) -> None:
        """Waits up to `seconds` for all of them, then drops them."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=seconds)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("Work in the background has failed", exc_info=error)


@dataclass(frozen=True, slots=True)
class House:
    """The parts of a running bot."""

    settings: Settings
    bot: Client
    engine: LiveEngine
    desk: Desk
    memory: Memory
    access: Access
    allowances: Allowances
    inline_allowances: Allowances
    metrics: Metrics
    builder: Builder
    signs: Signs
    away: Once
    albums: Once
    errands: Errands = field(default_factory=Errands)
    actions: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ACTIONS))

    def words(self, user: User | None) -> Words:
        """The words for `user`: as chosen by /language, else as their Telegram is set."""
        return words_for(self._chosen(user) or (user.language_code if user else None))

    def words_around(self, answer: Answer, user: User | None) -> Words:
        """The words around an answer to `user`: as chosen by /language, else in the language of the question; but as
        Telegram is set where the question is too short to tell, or the bot does not speak its language."""
        asked = answer.question
        tells = asked.language in LANGUAGES and len(asked.text.split()) >= TELLING
        return words_for(asked.language) if tells and not self._chosen(user) else self.words(user)

    def _chosen(self, user: User | None) -> str | None:
        if user is None:
            return None
        try:
            return self.memory.languages.chosen(user.id)
        except StateError as error:
            _log.error("%s", error)
            return None

    def article_link(self, article_id: str) -> str:
        """The short name of an article, by which the bot shows it."""
        try:
            return self.memory.links.name(article_id)
        except StateError as error:
            _log.error("%s", error)
            return name_of(article_id)


_STAND_INS = {ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT}
"""Users that Telegram names where a chat speaks (see `Message.sender_chat` in the Bot API)."""


def speaker(message: Message) -> int:
    """Whose conversation and allowance a message belongs to: its user, or the chat that speaks (a channel, or a group
    in the name of an anonymous administrator)."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat.id


def person(update: Update) -> int | None:
    """The person that an update is of; None where a chat speaks."""
    user = update.effective_user
    return None if user is None or user.id in _STAND_INS else user.id
