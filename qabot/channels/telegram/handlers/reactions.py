"""Reactions: 👍 and 👎 on an answer count as its buttons do. In groups Telegram tells them to administrators only."""

from __future__ import annotations

import asyncio

from telegram import MessageReactionUpdated, ReactionTypeEmoji, Update, User
from telegram.constants import ReactionEmoji

from qabot.channels.telegram.house import House
from qabot.channels.telegram.memory.feedback import Value

_LATER = (0.5, 2.0)
"""Seconds until it is looked again whether the message has become known."""


async def reacted(house: House, update: Update, _: object) -> None:
    """Somebody reacted to a message of the bot, or took the reaction back."""
    reaction = update.message_reaction
    if reaction is None or reaction.user is None:
        return
    if not _keep(house, reaction, reaction.user):
        house.errands.run(_keep_later(house, reaction, reaction.user))


async def _keep_later(house: House, reaction: MessageReactionUpdated, user: User) -> None:
    """Telegram may tell of a reaction to a message before it has answered that the message was sent."""
    for seconds in _LATER:
        await asyncio.sleep(seconds)
        if _keep(house, reaction, user):
            return


def _keep(house: House, reaction: MessageReactionUpdated, user: User) -> bool:
    """Keeps what it says of an answer. False if the message is not known to be the bot's."""
    replied = house.memory.replies.by(reaction.chat.id, reaction.message_id)
    if replied is None:
        return False
    value = _value(reaction.new_reaction)
    if replied.answer and (value is not None or _value(reaction.old_reaction) is not None):
        house.memory.feedback.give(replied.answer, user.id, value)
    return True


def _value(reactions: tuple[object, ...]) -> Value | None:
    emojis = {reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)}
    if ReactionEmoji.THUMBS_UP in emojis:
        return 1
    return -1 if ReactionEmoji.THUMBS_DOWN in emojis else None
