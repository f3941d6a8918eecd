"""A person, the private chat with the bot, and inline questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_telegram.client.chats import Chat, file_of
from fake_telegram.client.control import Control
from fake_telegram.client.messages import PATIENCE, BotMessage, Message
from fake_telegram.refusals import Json


class User:
    """A person. `json` is the User object of the Bot API."""

    def __init__(self, control: Control, json: Json, names: dict[int, str]) -> None:
        self.control = control
        self.json = json
        self._names = names
        self._private: Private | None = None
        names[self.id] = self.name

    @property
    def id(self) -> int:
        return int(self.json["id"])

    @property
    def name(self) -> str:
        return str(self.json["first_name"])

    def private(self) -> Private:
        """The chat with the bot; always the same one."""
        self._private = self._private or Private(self.control, self, self._names)
        return self._private

    def inline(self, query: str, offset: str = "", chat_type: str = "sender") -> Inline:
        """Types `@bot query` in some chat."""
        after = self.control("last_seq")
        asked = self.control("inline", user_id=self.id, query=query, offset=offset, chat_type=chat_type)
        return Inline(self.control, asked["query_id"], after, self.id)

    def blocks_the_bot(self) -> None:
        self.control("bot_status", chat_id=self.id, user_id=self.id, status="blocked")

    def unblocks_the_bot(self) -> None:
        self.control("bot_status", chat_id=self.id, user_id=self.id, status="member")


class Private(Chat):
    """The private chat of a person with the bot."""

    def __init__(self, control: Control, user: User, names: dict[int, str]) -> None:
        super().__init__(control, user.id, names, owner=user.id)
        self.user = user

    def say(self, text: str, reply_to: Message | int | None = None, **asked: Any) -> Message:
        """Writes to the bot. `asked`: entities, age (seconds that the message is old), content."""
        return self._say(text, reply_to, user_id=self.user.id, **asked)

    def show(self, content: Json, caption: str | None = None) -> Message:
        """Sends something that is no text: one of `media`."""
        return self._say(None, None, user_id=self.user.id, content=content, caption=caption)

    def send_file(
        self, name: str, content: bytes, mime_type: str | None = None, caption: str | None = None,
        size: int | None = None,
    ) -> Message:  # fmt: skip
        file = file_of(name, content, mime_type, size)
        return self._say(None, None, user_id=self.user.id, file=file, caption=caption)

    def react(self, message: Message, emoji: str, old: str = "") -> None:
        """Sets the reaction; an empty one takes `old` away."""
        self._react(self.user.id, message, emoji, old)


@dataclass(frozen=True, slots=True)
class Inline:
    """An inline question."""

    control: Control
    query_id: str
    after: int
    owner: int

    def answer(self, seconds: float = PATIENCE) -> Json:
        """The bot's answer: results, cache_time, is_personal, next_offset, button."""
        match = {"kind": "inline_answer", "query_id": self.query_id}
        event: Json | None = self.control("wait", after=self.after, seconds=seconds, match=match)
        assert event, f"the inline question was not answered within {seconds} s"
        return event

    def results(self, seconds: float = PATIENCE) -> list[Json]:
        found: list[Json] = self.answer(seconds)["results"]
        return found

    def choose(self, result: Json, chat: Chat) -> BotMessage:
        """Sends a result into a chat; its buttons can be pressed by anybody there."""
        done = self.control("choose", query_id=self.query_id, result_id=result["id"], chat_id=chat.id)
        return BotMessage(self.control, done["message"], self.owner)

    def stays_silent(self, seconds: float = 0.5) -> None:
        match = {"kind": "inline_answer", "query_id": self.query_id}
        assert not self.control("wait", after=self.after, seconds=seconds, match=match), "the bot answered"
