"""Chats as the bot's side of Telegram sees them, and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from fake_telegram.refusals import Json

GENERAL_TOPIC = 1
"""The thread of a forum that cannot be addressed: its messages have no message_thread_id."""


@dataclass(slots=True)
class Stored:
    """A message. `edits` counts how often it was edited; `deleted` ones stay for the record; `reached` the bot or not.

    One that was sent through the bot has its `inline_message_id`, which real messages do not show.
    """

    message: Json
    by_bot: bool
    edits: int = 0
    deleted: bool = False
    reached: bool = False


def as_shown(message: Json, *hidden: str) -> Json:
    """A message as it is delivered: without what only the fake knows, and without the `hidden` fields."""
    return {name: value for name, value in message.items() if name not in ("inline_message_id", *hidden)}


@dataclass(slots=True)
class Topic:
    name: str
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A chat.

    Args:
        json: the Chat object of the Bot API.
        bot: the bot's part in it: member, administrator, left, kicked; in private chats also "stranger" (never
            started) and "blocked".
        members: status by user id.
        last_bot_is_ours: whether no other bot wrote after this one, which decides on commands without a name.
    """

    json: Json
    bot: str
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Stored] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    next_message: int = 1
    last_bot_is_ours: bool = True
    upgraded_to: int | None = None

    @property
    def id(self) -> int:
        return int(self.json["id"])

    @property
    def kind(self) -> str:
        return str(self.json["type"])

    @property
    def is_group(self) -> bool:
        return self.kind in ("group", "supergroup")

    @property
    def is_forum(self) -> bool:
        return bool(self.json.get("is_forum"))

    def living(self, message_id: int) -> Stored | None:
        stored = self.messages.get(message_id)
        return stored if stored and not stored.deleted else None
