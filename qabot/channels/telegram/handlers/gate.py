"""Gate: every update passes here first, and those of people who are not let in go no further."""

from __future__ import annotations

import time

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from qabot.channels.telegram.addressing import question_in
from qabot.channels.telegram.handlers.replying import answer_inline, toast
from qabot.channels.telegram.house import House, speaker
from qabot.channels.telegram.inline import notice_result
from qabot.channels.telegram.sending import place_of, say
from qabot.channels.telegram.text import plain


async def gate(house: House, update: Update, _: object) -> None:
    """Stops what is not to be answered; a stranger is told so once.

    Raises:
        ApplicationHandlerStop: it is.
    """
    house.signs.last_update = time.time()
    message = update.effective_message if update.callback_query is None else None
    user = speaker(message) if message else (update.effective_user.id if update.effective_user else None)
    chat = update.effective_chat.id if update.effective_chat else None
    standing = house.access.standing(user, chat)
    if standing == "allowed":
        return
    if _concerns_bot(house, update):
        house.metrics.refused(standing)
        await _refuse(house, update, told=house.access.tell(user, chat))
    raise ApplicationHandlerStop


def _concerns_bot(house: House, update: Update) -> bool:
    """Whether an update is one that would be answered: most of what is said in a group is not."""
    message = update.message or update.edited_message or update.channel_post or update.edited_channel_post
    if message is None:
        return bool(update.callback_query or update.inline_query or update.guest_message)
    return message.chat.type == ChatType.PRIVATE or question_in(message, house.bot.bot) is not None


async def _refuse(house: House, update: Update, *, told: bool) -> None:
    words = house.words(update.effective_user)
    if update.callback_query:
        await toast(update.callback_query, words.stranger if told else None)
    elif update.inline_query:
        await answer_inline(update.inline_query, [], button=None)
    elif update.guest_message and update.guest_message.guest_query_id and told:
        await house.bot.answer_guest_query(update.guest_message.guest_query_id, notice_result(words.stranger))
    elif told and (message := update.message or update.channel_post):
        await say(house, place_of(message, update.update_id), plain(words.stranger))
