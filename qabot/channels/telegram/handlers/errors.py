"""Errors of handlers: logged, told in one friendly line, and the bot goes on."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.error import Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import CallbackContext

from qabot.channels.telegram.addressing import question_in
from qabot.channels.telegram.handlers.replying import answer_inline, toast
from qabot.channels.telegram.house import House
from qabot.channels.telegram.polling import refused
from qabot.channels.telegram.sending import place_of, say
from qabot.channels.telegram.text import plain
from qabot.errors import StateError, StoppingError

_log = logging.getLogger(__name__)


async def failed(house: House, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """A handler has raised an error."""
    error = context.error
    if isinstance(error, InvalidToken):
        await _look_at_token(house)
        return
    if isinstance(error, StoppingError):
        return
    if isinstance(error, Forbidden):
        _log.info("A chat is closed to the bot: %s", error.message)
        return
    if isinstance(error, StateError):
        house.metrics.failed("memory")
        _log.error("%s", error)
    elif isinstance(error, NetworkError):
        house.metrics.failed("network")
        _log.warning("Telegram was not reached: %s", error)
    else:
        house.metrics.failed("handler")
        number = update.update_id if isinstance(update, Update) else 0
        _log.error("Update %d could not be answered", number, exc_info=error)
    if isinstance(update, Update):
        with suppress(TelegramError):
            await _apologise(house, update)


async def _look_at_token(house: House) -> None:
    """Ends the bot if the token is not valid any more; a method that a server does not know looks the same."""
    try:
        await house.bot.get_me()
    except InvalidToken:
        house.signs.end(refused())
    except TelegramError as error:
        _log.warning("Telegram was not reached: %s", error)
    else:
        _log.error("Telegram's server does not know a method that this bot uses")


async def _apologise(house: House, update: Update) -> None:
    words = house.words(update.effective_user)
    message = update.message or update.channel_post
    if update.callback_query:
        await toast(update.callback_query, words.failed)
    elif update.inline_query:
        await answer_inline(update.inline_query, [], button=None)
    elif message and (message.chat.type == ChatType.PRIVATE or question_in(message, house.bot.bot) is not None):
        await say(house, place_of(message, update.update_id), plain(words.failed))
