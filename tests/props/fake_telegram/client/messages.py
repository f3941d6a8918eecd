"""Messages in a test's hands: what a person wrote, what the bot wrote, and what a pressed button brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_telegram.client.control import Control
from fake_telegram.found_entities import entity_text
from fake_telegram.refusals import Json

PATIENCE = 15.0
"""Seconds that a test waits for the bot unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was when the test got it."""

    control: Control
    json: Json

    @property
    def id(self) -> int:
        return int(self.json["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.json["chat"]["id"])

    @property
    def text(self) -> str:
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def thread(self) -> int | None:
        return self.json.get("message_thread_id")

    @property
    def reply_to(self) -> int | None:
        """Number of the message that this one replies to."""
        number: int | None = self.json.get("reply_to_message", {}).get("message_id")
        return number

    def now(self) -> Message:
        """The message as it is now."""
        found = self.control("message_now", chat_id=self.chat_id, message_id=self.id)
        return type(self)(self.control, found["message"])


@dataclass(frozen=True, slots=True)
class BotMessage(Message):
    """A message of the bot. `owner` presses its buttons if nobody else is named."""

    owner: int | None = None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Type and text of each entity."""
        return [(entity["type"], entity_text(self.text, entity)) for entity in self.json.get("entities", [])]

    @property
    def links(self) -> dict[str, str]:
        """Addresses of the links by their texts."""
        return {
            entity_text(self.text, entity): entity["url"]
            for entity in self.json.get("entities", [])
            if entity["type"] == "text_link"
        }

    @property
    def buttons(self) -> list[list[str]]:
        """Labels of the keyboard, row by row."""
        return [[button["text"] for button in row] for row in self._rows]

    def button(self, label: str) -> Json:
        """The button with this label, or else the only one whose label contains it."""
        every = [button for row in self._rows for button in row]
        found = [button for button in every if button["text"] == label]
        found = found or [button for button in every if label in button["text"]]
        assert len(found) == 1, f"{len(found)} buttons for {label!r}; there are: {self.buttons}"
        return dict(found[0])

    def press(self, label: str, by: Any = None, *, inaccessible: bool = False) -> Press:
        """A person presses a button; `inaccessible` shows the bot no message, as for very old ones."""
        return self.press_data(str(self.button(label)["callback_data"]), by, inaccessible=inaccessible)

    def press_data(self, data: str, by: Any = None, *, inaccessible: bool = False, anything: bool = False) -> Press:
        """Presses the button with these data; with `anything` also one that is not there (any more)."""
        who = by.id if by is not None else self.owner
        assert who is not None, "say who presses: by=anna"
        after = self.control("last_seq")
        asked = self.control("press", chat_id=self.chat_id, message_id=self.id, user_id=who, data=data,
                             inaccessible=inaccessible, any_data=anything)  # fmt: skip
        return Press(self.control, asked["query_id"], after)

    def wait_edit(self, seconds: float = PATIENCE) -> BotMessage:
        """The message after its next edit; at once if it was already edited since the test got it."""
        after = self.control("last_seq")
        found = self.control("message_now", chat_id=self.chat_id, message_id=self.id)
        if found["message"] != self.json:
            return BotMessage(self.control, found["message"], self.owner)
        event = self.control("wait", after=after, seconds=seconds,
                             match={"kind": "edited", "chat_id": self.chat_id, "message_id": self.id})  # fmt: skip
        assert event, f"the bot did not edit within {seconds} s: {self.text}"
        return BotMessage(self.control, event["message"], self.owner)

    @property
    def deleted(self) -> bool:
        return bool(self.control("message_now", chat_id=self.chat_id, message_id=self.id)["deleted"])

    @property
    def _rows(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.json.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button."""

    control: Control
    query_id: str
    after: int

    def answer(self, seconds: float = PATIENCE) -> str:
        """What the bot shows over the chat; empty if it only stops the waiting clock of the button."""
        match = {"kind": "callback_answer", "query_id": self.query_id}
        event = self.control("wait", after=self.after, seconds=seconds, match=match)
        assert event, f"the bot did not answer the pressed button within {seconds} s"
        return str(event["text"])
