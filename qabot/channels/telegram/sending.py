"""Sending: a reply goes to where it belongs, and what Telegram answers to it harms nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from qabot.channels.telegram.house import House
from qabot.channels.telegram.limiter import Lane
from qabot.channels.telegram.memory.updates import Updates
from qabot.channels.telegram.requests import DEPARTURE
from qabot.channels.telegram.text import Composed
from qabot.errors import StateError

_log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Part = tuple[Composed, InlineKeyboardMarkup | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes: a chat, a topic in it, the channel's direct messages of somebody, and what it replies to.

    `update` is the id of the update that it replies to, `lane` the one of the limiter.
    """

    chat: int
    thread: int | None = None
    direct: int | None = None
    reply_to: int | None = None
    update: int | None = None
    lane: Lane | None = None

    @property
    def reply_parameters(self) -> ReplyParameters | None:
        """The message that was asked with may be gone by now; the reply still comes."""
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True) if self.reply_to else None


def place_of(message: Message, update: int | None = None) -> Place:
    """Where a reply to `message` goes. In private it needs no reference: there is no other conversation.

    Args:
        message: that is replied to.
        update: id of the update, whose reply is then out.
    """
    return Place(
        message.chat.id,
        message.message_thread_id if message.is_topic_message else None,
        message.direct_messages_topic.topic_id if message.direct_messages_topic else None,
        None if message.chat.type == ChatType.PRIVATE else message.message_id,
        update,
    )


async def send(house: House, place: Place, parts: Sequence[Part]) -> tuple[int, ...]:
    """Sends the parts of a reply in order, and the ids of those that arrived.

    Whoever has blocked the bot, thrown it out or may not be written to is no error; what else fails is logged.
    """
    sent: list[int] = []
    telling = DEPARTURE.set(None if place.update is None else _Departure(house.memory.updates, place.update))
    try:
        for text, keyboard in parts:
            message, place = await _send_part(house, place, text, keyboard)
            if message.message_id:
                sent.append(message.message_id)
            place = replace(place, reply_to=None)
            # A reply of which a part is out is not begun again.
            DEPARTURE.set(None)
    except TelegramError as error:
        _explain(house, error, place.chat)
    finally:
        DEPARTURE.reset(telling)
    return tuple(sent)


async def say(house: House, place: Place, text: Composed, keyboard: InlineKeyboardMarkup | None = None) -> int | None:
    """Sends one short message; its id, or None if it did not arrive."""
    sent = await send(house, place, [(text, keyboard)])
    return sent[0] if sent else None


async def edit(
    house: House, chat: int, message: int, text: Composed, keyboard: InlineKeyboardMarkup | None = None
) -> bool:
    """Makes an earlier message of the bot say `text`. False if that is not possible: it is gone, say."""
    try:
        await house.bot.edit_message_text(
            text.text, chat, message, entities=text.entities, reply_markup=keyboard, link_preview_options=NO_PREVIEW
        )
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return True
        _log.info("Message %d in chat %d was not edited: %s", message, chat, error.message)
        return False
    except TelegramError as error:
        _explain(house, error, chat)
        return False
    return True


async def replace_reply(house: House, place: Place, old: Sequence[int], parts: Sequence[Part]) -> tuple[int, ...]:
    """Puts a reply in the place of an earlier one: edits its messages, deletes those too many, sends those missing."""
    kept: list[int] = []
    for message, (text, keyboard) in zip(old, parts, strict=False):
        if not await edit(house, place.chat, message, text, keyboard):
            break
        kept.append(message)
    for message in old[len(kept) :]:
        try:
            await house.bot.delete_message(place.chat, message)
        except TelegramError as error:
            _log.info("Message %d in chat %d was not deleted: %s", message, place.chat, error)
    return (*kept, *await send(house, place, parts[len(kept) :]))


async def _send_part(
    house: House, place: Place, text: Composed, keyboard: InlineKeyboardMarkup | None
) -> tuple[Message, Place]:
    """Sends a message; the place with what was learned about it. Raises: TelegramError."""
    try:
        return await _post(house, place, text, keyboard), place
    except ChatMigrated as error:
        house.memory.move_chat(place.chat, error.new_chat_id)
        place = replace(place, chat=error.new_chat_id, reply_to=None)
    except Forbidden:
        raise
    except BadRequest as error:
        reason = error.message.lower()
        if "thread not found" in reason or "topic" in reason:
            place = replace(place, thread=None, direct=None)
        elif "entit" in reason or "button" in reason or "url" in reason:
            # Composing has gone wrong somewhere: the words are still worth sending.
            _log.error("Telegram refused a reply: %s", error.message)
            house.metrics.failed("telegram")
            text, keyboard = Composed(text.text), None
        else:
            raise
    return await _post(house, place, text, keyboard), place


async def _post(house: House, place: Place, text: Composed, keyboard: InlineKeyboardMarkup | None) -> Message:
    return await house.bot.send_message(
        place.chat,
        text.text,
        entities=text.entities,
        reply_markup=keyboard,
        message_thread_id=place.thread,
        direct_messages_topic_id=place.direct,
        reply_parameters=place.reply_parameters,
        link_preview_options=NO_PREVIEW,
        rate_limit_args=place.lane,
    )


@dataclass(frozen=True, slots=True)
class _Departure:
    """Remembers of an update whether its reply may be out, from just before it is."""

    updates: Updates
    update: int

    def leaves(self) -> None:
        """See `requests.Departure`."""
        self._note(self.updates.departing)

    def stays(self) -> None:
        """See `requests.Departure`."""
        self._note(self.updates.not_sent)

    def _note(self, state: Callable[[int], None]) -> None:
        try:
            state(self.update)
        except StateError as error:
            _log.warning("%s", error)


def _explain(house: House, error: TelegramError, chat: int) -> None:
    """Logs why a chat was not reached.

    Raises:
        InvalidToken: the token is the reason; that is for those who run the bot.
    """
    if isinstance(error, InvalidToken):
        raise error
    if isinstance(error, Forbidden):
        _log.info("Chat %d cannot be written to: %s", chat, error.message)
    elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        _log.warning("A message did not reach chat %d: %s", chat, error)
        house.metrics.failed("network")
    else:
        _log.warning("Telegram refused a message to chat %d: %s", chat, error)
        house.metrics.failed("telegram")
