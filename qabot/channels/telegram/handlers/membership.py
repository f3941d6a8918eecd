"""Membership: the bot was added to a group, or blocked."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from qabot.channels.telegram.house import House
from qabot.channels.telegram.notices import group_hello
from qabot.channels.telegram.sending import Place, say

_log = logging.getLogger(__name__)

_OUT = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


async def membership(house: House, update: Update, _: object) -> None:
    """Says hello in a group that the bot was added to: what it hears there, and that it says nothing else."""
    change = update.my_chat_member
    if change is None:
        return
    was_out, is_out = change.old_chat_member.status in _OUT, change.new_chat_member.status in _OUT
    if is_out:
        _log.info("Chat %d is closed to the bot now", change.chat.id)
    elif was_out and change.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
        place = Place(change.chat.id, update=update.update_id)
        await say(house, place, group_hello(house.words(change.from_user), house.bot.username))
