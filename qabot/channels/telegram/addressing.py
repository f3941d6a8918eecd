"""Addressing: whether a message asks the bot something, and what.

In private everything does. In a group: /ask, a mention, and a reply to the bot; all else is none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType, MessageEntityType

from qabot.channels.wording import Command


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the bot; empty where it was called without one."""

    text: str


def question_in(message: Message, bot: User) -> Asked | None:
    """What `message` asks the bot; None if it does not address it.

    Called without words of its own, as a reply to another message, that one is the question.
    """
    if not _may_ask(message, bot):
        return None
    text = message.text or message.caption or ""
    command = _command(message, text)
    if command is not None:
        named, _, to = command.partition("@")
        if named.lower() != Command.ASK or (to and not _is_name_of(to, bot)):
            return None
        return _with_replied(text[len(command) + 1 :], message, bot)
    if message.chat.type == ChatType.PRIVATE:
        return Asked(_clean(text)) if text else None
    bare = _without_mentions(message, text, bot)
    if bare is not None:
        return _with_replied(bare, message, bot)
    return Asked(_clean(text)) if text and _replies_to_bot(message, bot) else None


def guest_question(message: Message, bot: User) -> str:
    """What is asked by mentioning the bot where it is a guest; empty if nothing is."""
    text = message.text or message.caption or ""
    bare = _without_mentions(message, text, bot)
    return _with_replied(text if bare is None else bare, message, bot).text


def _may_ask(message: Message, bot: User) -> bool:
    """Not what the bot itself wrote (through inline mode, too), other bots, or a channel's post copied to its group."""
    if message.is_automatic_forward or (message.via_bot and message.via_bot.id == bot.id):
        return False
    return message.sender_chat is not None or message.from_user is None or not message.from_user.is_bot


def _command(message: Message, text: str) -> str | None:
    """The command that the message begins with, without its slash; None if it begins with none."""
    entities = message.entities or message.caption_entities
    first = entities[0] if entities else None
    if first is None or first.type != MessageEntityType.BOT_COMMAND or first.offset != 0:
        return None
    return text[1 : first.length]


def _without_mentions(message: Message, text: str, bot: User) -> str | None:
    """The text without mentions of the bot; None if there are none."""
    units = text.encode("utf-16-le", "surrogatepass")
    kept, at, mentioned = b"", 0, False
    for entity in sorted(message.entities or message.caption_entities, key=lambda entity: entity.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        if start >= at and _mentions(entity, units[start:end].decode("utf-16-le", "replace"), bot):
            kept, at, mentioned = kept + units[at:start], end, True
    return (kept + units[at:]).decode("utf-16-le", "replace") if mentioned else None


def _mentions(entity: MessageEntity, name: str, bot: User) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return entity.type == MessageEntityType.MENTION and _is_name_of(name.removeprefix("@"), bot)


def _is_name_of(name: str, bot: User) -> bool:
    return name.lower() == (bot.username or "").lower()


def _with_replied(text: str, message: Message, bot: User) -> Asked:
    own, replied = _clean(text), message.reply_to_message
    if own or replied is None or _replies_to_bot(message, bot):
        return Asked(own)
    return Asked(_clean(replied.text or replied.caption or ""))


def _replies_to_bot(message: Message, bot: User) -> bool:
    """Whether it answers a message of the bot. In a topic every message seems to reply to the one that opened it."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user.id == bot.id


def _clean(text: str) -> str:
    """Without spaces around it, punctuation that a mention left in front, and halves of characters."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip().lstrip(",:;").strip()
