"""Inline mode and guest mode: the bot is asked in a chat that it is not a member of."""

from __future__ import annotations

import logging
import time

from telegram import InlineQueryResultArticle, Message, Update, User
from telegram.error import NetworkError

from qabot.answering.answer import Answer
from qabot.channels.telegram.addressing import guest_question
from qabot.channels.telegram.handlers.replying import CACHE_SECONDS, answer_inline
from qabot.channels.telegram.house import House, speaker
from qabot.channels.telegram.inline import RESULTS, guest_result, inline_results, notice_result
from qabot.channels.wording import Words
from qabot.errors import BusyError, GenerationError, NoIndexError, QuestionError

_log = logging.getLogger(__name__)


async def asked_inline(house: House, update: Update, _: object) -> None:
    """`@bot question` is being typed in any chat: up to five quotes to send there."""
    query = update.inline_query
    if query is None:
        return
    words = house.words(query.from_user)
    if not query.query.strip():
        await answer_inline(query, [], button=words.inline_prompt)
        return
    if house.inline_allowances.take(query.from_user.id):
        house.metrics.refused("allowance")
        await answer_inline(query, [], button=words.busy)
        return
    outcome = await _ask(house, query.query, words, quotes=RESULTS)
    if isinstance(outcome, str):
        await answer_inline(query, [], button=outcome)
        return
    words = house.words_around(outcome, query.from_user)
    results = inline_results(outcome, words, bot_username=house.bot.username, article_link=house.article_link)
    await answer_inline(query, results, button=None, cache=CACHE_SECONDS)


async def asked_as_guest(house: House, update: Update, _: object) -> None:
    """The bot is mentioned in a chat that it is not a member of: it may answer with one message."""
    message = update.guest_message
    if message is None or message.guest_query_id is None:
        return
    user = update.effective_user or message.guest_bot_caller_user
    try:
        await house.bot.answer_guest_query(message.guest_query_id, await _guest_result(house, message, user))
    except NetworkError as error:
        _log.info("A guest's question was not answered: %s", error)


async def _guest_result(house: House, message: Message, user: User | None) -> InlineQueryResultArticle:
    words = house.words(user)
    question = guest_question(message, house.bot.bot)
    if not question:
        return notice_result(words.empty)
    if house.allowances.take(speaker(message)):
        house.metrics.refused("allowance")
        return notice_result(words.busy)
    outcome = await _ask(house, question, words, quotes=None)
    if isinstance(outcome, str):
        return notice_result(outcome)
    words = house.words_around(outcome, user)
    return guest_result(outcome, words, bot_username=house.bot.username, article_link=house.article_link)


async def _ask(house: House, question: str, words: Words, *, quotes: int | None) -> Answer | str:
    """The answer, or the words to say instead."""
    began = time.monotonic()
    try:
        answer = await house.desk.ask(question, quotes=quotes)
    except BusyError:
        house.metrics.refused("busy")
        return words.busy
    except QuestionError:
        house.metrics.refused("question")
        return words.empty
    except NoIndexError:
        return words.no_index
    except GenerationError as error:
        _log.error("%s", error)
        house.metrics.failed("engine")
        return words.index_broken
    house.metrics.answered(answer.verdict, time.monotonic() - began)
    return answer
