"""Everything that this Telegram knows: the bot, its users and chats, and a log of all that happened."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from fake_telegram.chats import Chat, Stored
from fake_telegram.faults import Faults
from fake_telegram.rates import Rates
from fake_telegram.refusals import Json, bad_request, forbidden
from fake_telegram.updates import Updates

TOKEN = "123456789:AAFakeTokenOfTheFakeTelegramServer_1"  # noqa: S105 (opens nothing)
BOT: Json = {
    "id": 123456789, "is_bot": True, "first_name": "Asker", "username": "asker_bot", "can_join_groups": True,
    "can_read_all_group_messages": False, "supports_inline_queries": True, "supports_guest_queries": True,
    "can_connect_to_business": False, "has_main_web_app": False,
}  # fmt: skip


@dataclass(slots=True)
class Options:
    """How the server behaves; the tests set them through the control interface.

    Args:
        privacy: whether the bot is in privacy mode in groups.
        mentions: whether privacy mode lets mentions of the bot through.
        network_seconds: how long each call of the bot is under way, there and back.
        query_seconds: how long callback and inline queries can be answered.
        revoked: whether the token is no longer valid (401).
        chosen_feedback: whether chosen inline results are reported.
        hosts: where the https addresses of webhooks lead to, as a proxy would: {"https://bot.example": "http://..."}.
        keep_calls: whether every call is kept for the record.
    """

    privacy: bool = True
    mentions: bool = True
    network_seconds: float = 0.0
    query_seconds: float = 15.0
    revoked: bool = False
    chosen_feedback: bool = False
    hosts: dict[str, str] = field(default_factory=dict)
    keep_calls: bool = True


@dataclass(slots=True)
class Query:
    """A callback, inline or guest query that waits for an answer."""

    id: str
    kind: str
    at: float
    payload: Json
    answered: bool = False


@dataclass(slots=True)
class World:
    """The state of the server."""

    token: str = TOKEN
    bot: Json = field(default_factory=lambda: dict(BOT))
    options: Options = field(default_factory=Options)
    rates: Rates = field(default_factory=Rates)
    faults: Faults = field(default_factory=Faults)
    updates: Updates = field(default_factory=Updates)
    users: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    inline_messages: dict[str, Stored] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    file_contents: dict[str, bytes] = field(default_factory=dict)
    file_paths: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _listeners: set[asyncio.Future[None]] = field(default_factory=set)

    def number(self) -> int:
        """A new number for ids of queries, files and inline messages."""
        return next(self._numbers)

    def write(self, kind: str, **values: Any) -> Json:
        """Adds an event to the log and wakes who waits for one."""
        event = {"seq": len(self.log) + 1, "at": time.time(), "kind": kind} | values
        self.log.append(event)
        for listener in self._listeners:
            if not listener.done():
                listener.set_result(None)
        return event

    async def next_event(self, seconds: float) -> None:
        """Waits for the next event, or until the time is over."""
        listener: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listeners.add(listener)
        try:
            await asyncio.wait([listener], timeout=seconds)
        finally:
            self._listeners.discard(listener)

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def chat(self, chat_id: Any) -> Chat:
        """The chat by id or @name, as the bot may see it. Raises: Refusal."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            named = [chat for chat in self.chats.values() if f"@{chat.json.get('username')}" == chat_id]
            chat = named[0] if named else None
        else:
            try:
                chat = self.chats.get(int(chat_id))
            except (TypeError, ValueError):
                chat = None
        if chat is None:
            raise bad_request("chat not found")
        if chat.upgraded_to:
            raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.upgraded_to})
        return chat

    def writable(self, chat_id: Any) -> Chat:
        """The chat, if the bot may write there. Raises: Refusal."""
        chat = self.chat(chat_id)
        reasons = {
            "blocked": "bot was blocked by the user",
            "stranger": "bot can't initiate conversation with a user",
            "kicked": f"bot was kicked from the {chat.kind} chat",
            "left": f"bot is not a member of the {chat.kind} chat",
        }
        if chat.bot in reasons:
            raise forbidden(reasons[chat.bot])
        if chat.kind == "channel" and chat.bot != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def keep(self, chat: Chat, message: Json, *, by_bot: bool) -> Stored:
        """Gives a message its number and keeps it."""
        message = {"message_id": chat.next_message} | message
        chat.next_message += 1
        stored = Stored(message, by_bot)
        chat.messages[message["message_id"]] = stored
        return stored

    def ask(self, kind: str, payload: Json) -> Query:
        """Opens a query of the kind callback, inline or guest."""
        query = Query(f"{self.bot['id']}{self.number():09d}", kind, time.monotonic(), payload)
        self.queries[query.id] = query
        return query
