"""Updates as they come: each is understood alone, so that one that is malformed harms no other.

python-telegram-bot's own `get_updates` refuses a whole batch for one malformed update, and asks for it again for ever.
"""

from __future__ import annotations

import datetime as dtm
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from telegram import Bot, CallbackQuery, Chat, InlineQuery, Message, MessageReactionUpdated, Update, User

from qabot.channels.telegram.completing import completed_update, numbered

ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.INLINE_QUERY,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.MESSAGE_REACTION,
    Update.GUEST_MESSAGE,
)
"""What Telegram is asked to send. Reactions come only if they are named."""

_GREATEST_ID = 2**53
"""Telegram's ids fit into a double; SQLite and the Bot API's offset would not take much greater ones."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """An update: its id, its JSON, and what it says; `update` is None where that cannot be understood."""

    id: int
    raw: dict[str, Any]
    update: Update | None

    @property
    def kind(self) -> str:
        """The kind of update, as the Bot API names it; "malformed" or "other"."""
        if self.update is None:
            return "malformed"
        return next((kind for kind in ALLOWED if kind in self.raw), "other")


def read_updates(batch: Iterable[object], bot: Bot) -> Iterable[Received]:
    """Those of a batch that have an id; the others can neither be answered nor passed."""
    for raw in batch:
        received = read_update(raw, bot)
        if received is None:
            _log.warning("An update without a usable id was left out")
        else:
            yield received


def read_update(raw: object, bot: Bot) -> Received | None:
    """One update; None if it has no usable id."""
    identity = numbered(raw.get("update_id")) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or type(identity) is not int or not 0 <= identity < _GREATEST_ID:
        return None
    try:
        update = Update.de_json(completed_update(raw), bot)
        _check(update)
    except Exception as error:  # noqa: BLE001 - whatever a malformed update does to the parser, only it is left out
        _log.warning("Update %d is malformed and was left out: %s", identity, type(error).__name__)
        return Received(identity, raw, None)
    return Received(identity, raw, update)


def _check(update: Update) -> None:
    """The parser takes any value for any field; these are the ones that handlers rely on.

    Raises:
        TypeError: one is of another type.
    """
    for message in (
        update.message,
        update.edited_message,
        update.channel_post,
        update.edited_channel_post,
        update.guest_message,
    ):
        if message is not None:
            _check_message(message)
    if (query := update.callback_query) is not None:
        _is(query, CallbackQuery)
        _are(str, query.id)
        _may_be(str, query.data)
        _check_user(query.from_user)
        if query.message is not None:
            _are(int, query.message.message_id)
            _check_chat(query.message.chat)
    if (inline := update.inline_query) is not None:
        _is(inline, InlineQuery)
        _are(str, inline.id, inline.query)
        _check_user(inline.from_user)
    if (reaction := update.message_reaction) is not None:
        _is(reaction, MessageReactionUpdated)
        _are(int, reaction.message_id)
        _check_chat(reaction.chat)


def _check_message(message: Message) -> None:
    _is(message, Message)
    _are(int, message.message_id)
    _may_be(int, message.message_thread_id, message.migrate_to_chat_id, message.migrate_from_chat_id)
    _may_be(str, message.text, message.caption, message.guest_query_id, message.media_group_id)
    _is(message.date, dtm.datetime)
    _check_chat(message.chat)
    if message.from_user is not None:
        _check_user(message.from_user)
    if message.sender_chat is not None:
        _check_chat(message.sender_chat)
    if message.reply_to_message is not None:
        _check_message(message.reply_to_message)
    length = len((message.text or message.caption or "").encode("utf-16-le", "surrogatepass")) // 2
    for entity in (*(message.entities or ()), *(message.caption_entities or ())):
        _are(int, entity.offset, entity.length)
        if entity.offset < 0 or entity.length < 0 or entity.offset + entity.length > length:
            raise TypeError("an entity reaches out of its text")


def _check_chat(chat: Chat) -> None:
    _is(chat, Chat)
    _are(int, chat.id)
    _are(str, chat.type)


def _check_user(user: User) -> None:
    _is(user, User)
    _are(int, user.id)
    _may_be(str, user.language_code)


def _are(kind: type, *values: object) -> None:
    for value in values:
        _is(value, kind)


def _may_be(kind: type, *values: object) -> None:
    for value in values:
        if value is not None:
            _is(value, kind)


def _is(value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} instead of {kind.__name__}")
