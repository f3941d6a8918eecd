"""Groups with their topics, and channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_telegram.client.chats import Chat, file_of
from fake_telegram.client.control import Control
from fake_telegram.client.messages import PATIENCE, BotMessage, Message
from fake_telegram.client.users import User
from fake_telegram.refusals import Json


class Group(Chat):
    """A group or supergroup, or with `thread` one topic of it."""

    thread: int | None = None

    def say(self, who: User, text: str, reply_to: Message | int | None = None, **asked: Any) -> Message:
        """A member writes. `asked`: entities, age, content, as_group (anonymous administrator), as_channel (its id)."""
        return self._say(text, reply_to, user_id=who.id, thread=self.thread, **asked)

    def say_anonymously(self, text: str, reply_to: Message | int | None = None) -> Message:
        """An administrator writes in the name of the group."""
        return self._say(text, reply_to, as_group=True, thread=self.thread)

    def show(self, who: User, content: Json, caption: str | None = None, reply_to: Message | None = None) -> Message:
        asked = {"user_id": who.id, "content": content, "caption": caption, "thread": self.thread}
        return self._say(None, reply_to, **asked)

    def send_file(self, who: User, name: str, content: bytes, caption: str | None = None) -> Message:
        file = file_of(name, content)
        return self._say(None, None, user_id=who.id, file=file, caption=caption, thread=self.thread)

    def react(self, who: User, message: Message, emoji: str, old: str = "") -> None:
        """Sets the reaction; bots are told of it only where they are administrators."""
        self._react(who.id, message, emoji, old)

    def topic(self, name: str, by: User) -> Group:
        """Opens a topic; the group has to be a forum."""
        made = self.control("topic", chat_id=self.id, user_id=by.id, name=name)
        topic = Group(self.control, self.id, self._names)
        topic.thread = made["thread"]
        return topic

    def close_topic(self) -> None:
        self.control("topic", chat_id=self.id, thread=self.thread, closed=True)

    def guest(self, who: User, text: str, reply_to: Message | None = None) -> Guest:
        """A member calls the bot by name in a group that it is not in."""
        after = self.control("last_seq")
        number = reply_to.id if reply_to else None
        asked = self.control("guest", chat_id=self.id, user_id=who.id, text=text, reply_to=number)
        return Guest(self.control, asked["query_id"], after)

    def bot_is(self, status: str, by: User) -> None:
        """The bot becomes member, administrator, left or kicked."""
        self.control("bot_status", chat_id=self.id, user_id=by.id, status=status)

    def another_bot_writes(self, text: str = "I am @other_bot") -> Message:
        """From now on commands without a name are for that bot; so is every reply to the message."""
        return Message(self.control, self.control("other_bot", chat_id=self.id, text=text))

    def upgrade(self, by: User) -> Group:
        """Becomes a supergroup with another id."""
        made = self.control("upgrade", chat_id=self.id, user_id=by.id)
        return Group(self.control, made["id"], self._names)

    def _next(self, match: Json, seconds: float) -> Json | None:
        here = {"thread": self.thread} if self.thread else {}
        return super()._next(match | here, seconds)


class Channel(Chat):
    """A channel."""

    def post(self, text: str) -> Message:
        return self._say(text, None)


@dataclass(frozen=True, slots=True)
class Guest:
    """A call of the bot as a guest."""

    control: Control
    query_id: str
    after: int

    def answer(self, seconds: float = PATIENCE) -> BotMessage:
        """The message that the bot puts into the chat."""
        match = {"kind": "guest_answer", "query_id": self.query_id}
        event = self.control("wait", after=self.after, seconds=seconds, match=match)
        assert event, f"the guest's question was not answered within {seconds} s"
        posted = self.control("wait", after=self.after, match={"kind": "posted", "chat_id": event["chat_id"]})
        return BotMessage(self.control, posted["message"])
