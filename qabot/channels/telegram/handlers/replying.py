"""Replying to presses and queries, which wait for a few seconds only."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from telegram import CallbackQuery, InlineQuery, InlineQueryResult, InlineQueryResultsButton
from telegram.constants import CallbackQueryLimit
from telegram.error import BadRequest, TelegramError

from qabot.channels.telegram.characters import cut

_log = logging.getLogger(__name__)

CACHE_SECONDS = 30
"""How long Telegram may give the same results to the same person: the articles may change."""

_BUTTON = 64
"""Most UTF-16 units of the button above inline results that are surely shown."""


async def toast(query: CallbackQuery, text: str | None = None) -> bool:
    """Answers the press of a button, with a line that is shown for a moment. False if it was pressed too long ago."""
    try:
        text = cut(text, CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH) if text else None
        return await query.answer(text)
    except BadRequest as error:
        _log.info("The press of a button was not answered: %s", error.message)
        return False
    except TelegramError as error:
        _log.info("The press of a button was not answered: %s", error)
        return True


async def answer_inline(
    query: InlineQuery, results: Sequence[InlineQueryResult], *, button: str | None, cache: int = 0
) -> None:
    """Answers an inline query; `button`, above the results, leads to the bot's chat. Too late is no error."""
    leading = InlineQueryResultsButton(cut(button, _BUTTON), start_parameter="inline") if button else None
    try:
        await query.answer(results, cache_time=cache, is_personal=True, button=leading)
    except TelegramError as error:
        _log.info("An inline query was not answered: %s", error)
