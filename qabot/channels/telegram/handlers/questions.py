"""Questions: in private and in groups, new and edited."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from telegram import Message, Update
from telegram.constants import ChatType

from qabot.answering.answer import Answer
from qabot.articles.language import detect
from qabot.channels.telegram.addressing import question_in
from qabot.channels.telegram.allowances import Exceeded
from qabot.channels.telegram.handlers.other import heard_otherwise
from qabot.channels.telegram.handlers.uploads import heard_upload
from qabot.channels.telegram.house import House, person, speaker
from qabot.channels.telegram.memory.replies import Replied
from qabot.channels.telegram.metrics import Refusal
from qabot.channels.telegram.notices import too_fast, too_long, too_many_today
from qabot.channels.telegram.replies import answer_reply, further_quotes
from qabot.channels.telegram.sending import Part, place_of, replace_reply, send
from qabot.channels.telegram.text import Composed, plain
from qabot.channels.telegram.working import typing
from qabot.channels.wording import Words, words_for
from qabot.errors import BusyError, GenerationError, NoIndexError, QuestionError, StateError
from qabot.questions.conversation import Conversation
from qabot.questions.question import checked

_KEPT = timedelta(hours=25)
"""Telegram keeps updates for 24 hours (Bot API, "Getting updates"): an older date is the fault of some clock."""

_log = logging.getLogger(__name__)


async def heard(house: House, update: Update, _: object) -> None:
    """A message: a question, or one of the other things that people send."""
    message = update.message or update.channel_post
    if message is None or (message.chat.type == ChatType.PRIVATE and await heard_upload(house, update, message)):
        return
    asked = question_in(message, house.bot.bot)
    if asked is None or (not asked.text and message.caption is None and message.text is None):
        await heard_otherwise(house, update, message)
    else:
        await _answer(house, update, message, asked.text, None)


async def edited(house: House, update: Update, _: object) -> None:
    """An edited message: its answer is edited, too. Telegram also says so where nothing that matters was changed."""
    message = update.edited_message or update.edited_channel_post
    asked = question_in(message, house.bot.bot) if message else None
    if message is None or asked is None or not asked.text:
        return
    old = house.memory.replies.to(message.chat.id, message.message_id)
    if old is None and _is_late(house, message.date):
        return
    if old and old.answer:
        answered = house.memory.answers.find(old.answer, message.chat.id)
        if answered is None or answered.question == asked.text:
            return
    await _answer(house, update, message, asked.text, old)


async def _answer(house: House, update: Update, message: Message, question: str, old: Replied | None) -> None:
    """Answers `question`, or says why not; in the place of the reply `old`, if there is one."""
    began = time.monotonic()
    # A chat that speaks has set no language; its question is in one.
    user = update.effective_user if person(update) else None
    words = house.words(user) if user else words_for(detect(question))
    refusal = _refusal(house, message, question, words)
    if refusal is None:
        outcome = await _ask(house, message, question, words, old)
    elif refusal == "silence":
        return
    else:
        outcome = refusal
    if isinstance(outcome, Composed):
        await _deliver(house, update, message, [(outcome, None)], None, old)
        return
    answer, conversation = outcome
    words = house.words_around(answer, user) if user else words
    kept = _remember(house, message, question, answer, words)
    reply = answer_reply(
        answer, words, answer_id=kept, bot_username=house.bot.username, article_link=house.article_link
    )
    await _deliver(house, update, message, reply.parts, kept, old)
    _save(house, message, answer.continue_conversation(conversation))
    house.metrics.answered(answer.verdict, time.monotonic() - began)


def _refusal(house: House, message: Message, question: str, words: Words) -> Composed | Literal["silence"] | None:
    """Why a question is not even asked: what to say, or that nothing more is to be said; None if it is."""
    if _is_late(house, message.edit_date or message.date):
        house.metrics.refused("stale")
        return plain(words.stale) if house.away.first(message.chat.id) else "silence"
    try:
        checked(question, house.settings.max_question_chars)
    except QuestionError:
        house.metrics.refused("question")
        if any(character.isalnum() for character in question):
            return too_long(words, house.settings.max_question_chars)
        return plain(words.empty if question else words.ask_usage)
    if exceeded := house.allowances.take(speaker(message)):
        house.metrics.refused("allowance")
        return _too_many(words, exceeded)
    return None


async def _ask(
    house: House, message: Message, question: str, words: Words, old: Replied | None
) -> tuple[Answer, Conversation] | Composed:
    """The answer and the conversation that it was given in, or what to say instead."""
    who, place = speaker(message), place_of(message)
    conversation = _load(house, message)
    if old is not None:
        conversation = _before(conversation, house, old)
    try:
        async with typing(house, place):
            answer = await house.desk.ask(question, conversation=conversation)
    except BusyError:
        house.allowances.give_back(who)
        return _said(house, "busy", words.busy)
    except NoIndexError:
        return plain(words.no_index)
    except GenerationError as error:
        _log.error("%s", error)
        house.metrics.failed("engine")
        return plain(words.index_broken)
    return answer, conversation


def _before(conversation: Conversation, house: House, old: Replied) -> Conversation:
    """The conversation as it was before the question that `old` replied to, if that was the last one."""
    answered = house.memory.answers.find(old.answer, old.chat) if old.answer else None
    if (
        answered
        and conversation.turns
        and conversation.with_turn(answered.question).turns[-1].question == (conversation.turns[-1].question)
    ):
        return Conversation(conversation.turns[:-1])
    return conversation


def _load(house: House, message: Message) -> Conversation:
    place = place_of(message)
    try:
        return house.memory.conversations.load(place.chat, speaker(message), place.thread)
    except StateError as error:
        _log.error("%s", error)
        house.metrics.failed("memory")
        return Conversation()


def _save(house: House, message: Message, conversation: Conversation) -> None:
    place = place_of(message)
    try:
        house.memory.conversations.save(place.chat, speaker(message), conversation, place.thread)
    except StateError as error:
        _log.error("%s", error)
        house.metrics.failed("memory")


def _remember(house: House, message: Message, question: str, answer: Answer, words: Words) -> str | None:
    """The id by which the buttons find the answer; None if it cannot be kept: then there are no buttons."""
    place = place_of(message)
    try:
        return house.memory.answers.remember(
            chat=place.chat,
            user=speaker(message),
            thread=place.thread,
            question=question,
            read_as=answer.question.read_as if answer.question.read_as != answer.question.text else None,
            generation=answer.reach.generation,
            quotes=tuple(str(quote.citation) for quote in answer.quotes),
            candidates=tuple(str(quote.citation) for quote in further_quotes(answer)),
            language=words.code,
        ).id
    except StateError as error:
        _log.error("%s", error)
        house.metrics.failed("memory")
        return None


async def _deliver(
    house: House, update: Update, message: Message, parts: Sequence[Part], answer: str | None, old: Replied | None
) -> None:
    """Sends the reply and remembers which messages it is."""
    place = replace(place_of(message, update.update_id), lane="answers")
    if old is None:
        sent = await send(house, place, parts)
    else:
        sent = await replace_reply(house, place, old.messages, parts)
    try:
        if old and old.answer:
            house.memory.answers.forget(old.answer)
        house.memory.replies.remember(place.chat, message.message_id, speaker(message), sent, answer)
    except StateError as error:
        _log.error("%s", error)
        house.metrics.failed("memory")


def _too_many(words: Words, exceeded: Exceeded) -> Composed:
    if exceeded.period == "minute":
        return too_fast(words, exceeded.limit, exceeded.seconds)
    return too_many_today(words, exceeded.limit)


def _said(house: House, reason: Refusal, text: str) -> Composed:
    house.metrics.refused(reason)
    return plain(text)


def _is_late(house: House, sent: datetime) -> bool:
    """Whether a message is so old that it came in an outage, and nobody waits for its answer any more."""
    stale = timedelta(minutes=house.settings.telegram_stale_minutes)
    return stale < datetime.now(UTC) - sent < _KEPT
