"""What all chats have in common: people write in them, and the test waits for the bot."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from fake_telegram.client.control import Control
from fake_telegram.client.messages import PATIENCE, BotMessage, Message
from fake_telegram.refusals import Json
from fake_telegram.transcript import transcript


class Chat:
    """A chat. What the test waits for begins after what it waited for last.

    Args:
        owner: the person of a private chat.
    """

    def __init__(self, control: Control, chat_id: int, names: dict[int, str], owner: int | None = None) -> None:
        self.control = control
        self.id = chat_id
        self.owner = owner
        self._names = names
        self._seen: int = control("last_seq")

    def wait(self, seconds: float = PATIENCE) -> BotMessage:
        """The bot's next message here."""
        event = self._next({"kind": "sent"}, seconds)
        assert event, f"no message of the bot within {seconds} s\n{self.transcript()}"
        return BotMessage(self.control, event["message"], self.owner)

    def wait_for(self, text: str, seconds: float = PATIENCE) -> BotMessage:
        """The bot's next message here that contains this text; others before it are passed over."""
        while True:
            message = self.wait(seconds)
            if text in message.text:
                return message

    def wait_action(self, seconds: float = PATIENCE) -> str:
        """The bot's next chat action here, such as "typing"; messages are not passed over."""
        match = {"kind": "action", "chat_id": self.id}
        event = self.control("wait", after=self._seen, seconds=seconds, match=match)
        assert event, f"no action of the bot within {seconds} s\n{self.transcript()}"
        return str(event["action"])

    def stays_silent(self, seconds: float = 0.5) -> None:
        """Fails if the bot writes here within this time."""
        event = self._next({"kind": "sent"}, seconds)
        assert not event, f"the bot wrote\n{self.transcript()}"

    def messages(self) -> list[BotMessage]:
        """All messages of the bot here, as they were sent."""
        events = self.control("events", chat_id=self.id)
        return [BotMessage(self.control, event["message"], self.owner) for event in events if event["kind"] == "sent"]

    def events(self) -> list[Json]:
        """All that happened here."""
        found: list[Json] = self.control("events", chat_id=self.id)
        return found

    def transcript(self) -> str:
        """All that happened here, as people would see it."""
        return transcript(self.events(), self._names)

    def _next(self, match: Json, seconds: float) -> Json | None:
        event: Json | None = self.control("wait", after=self._seen, seconds=seconds, match={"chat_id": self.id} | match)
        if event:
            self._seen = event["seq"]
        return event

    def _say(self, text: str | None, reply_to: Message | int | None, **asked: Any) -> Message:
        number = reply_to.id if isinstance(reply_to, Message) else reply_to
        given = {name: value for name, value in asked.items() if value is not None}
        done = self.control("message", chat_id=self.id, text=text, reply_to=number, **given)
        return Message(self.control, done["message"])

    def edit(self, message: Message, text: str, entities: Sequence[Json] | None = None) -> Message:
        """The person edits their message."""
        done = self.control("edit", chat_id=self.id, message_id=message.id, text=text, entities=entities)
        return Message(self.control, done["message"])

    def delete(self, message: Message) -> None:
        """The person deletes a message; the bot is not told, but cannot reply to it any more."""
        self.control("delete", chat_id=self.id, message_id=message.id)

    def _react(self, user_id: int, message: Message, emoji: str, old: str) -> None:
        self.control("react", chat_id=self.id, user_id=user_id, message_id=message.id,
                     new=[emoji] if emoji else [], old=[old] if old else [])  # fmt: skip


def file_of(name: str, content: bytes, mime_type: str | None = None, size: int | None = None) -> Json:
    """A document for `message`; `size` is what Telegram says of it, if it is to differ."""
    file: Json = {"name": name, "base64": base64.b64encode(content).decode()}
    return file | ({"mime_type": mime_type} if mime_type else {}) | ({"size": size} if size is not None else {})
