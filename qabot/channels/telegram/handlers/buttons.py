"""Buttons: what happens when one under a message of the bot is pressed, however old it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType, MessageEntityType
from telegram.error import TelegramError

from qabot.channels.telegram.buttons import answer_keyboard
from qabot.channels.telegram.callbacks import Callback, Verb, parse_callback
from qabot.channels.telegram.handlers.admin import BUILD
from qabot.channels.telegram.handlers.replying import toast
from qabot.channels.telegram.handlers.uploads import add
from qabot.channels.telegram.house import House
from qabot.channels.telegram.memory.answers import Remembered
from qabot.channels.telegram.memory.feedback import Value
from qabot.channels.telegram.replies import Reply
from qabot.channels.telegram.sending import Place, edit, send
from qabot.channels.telegram.sources import article_reply, further_reply, more_reply, source_count, source_reply
from qabot.channels.telegram.text import Composed, plain
from qabot.channels.wording import LANGUAGES, Words, words_for
from qabot.errors import NoIndexError
from qabot.index.store import Store


async def pressed(house: House, update: Update, _: object) -> None:
    """A button was pressed."""
    query = update.callback_query
    if query is None:
        return
    words = house.words(query.from_user)
    callback = parse_callback(query.data)
    message = query.message
    if callback is None or message is None:
        await toast(query, words.too_old)
        return
    match callback.verb:
        case Verb.SOURCE | Verb.MORE | Verb.FURTHER:
            await _open(house, query, callback, words)
        case Verb.GOOD | Verb.BAD:
            await _rate(house, query, callback, words)
        case Verb.PAGE:
            await _turn(house, query, callback, words)
        case Verb.ADD | Verb.DROP:
            await _upload(house, query, callback, words)
        case Verb.FORGET | Verb.KEEP:
            await _forget(house, query, callback, words)
        case Verb.LANGUAGE:
            await _choose(house, query, callback.key)


async def _open(house: House, query: CallbackQuery, callback: Callback, words: Words) -> None:
    """Shows a source of an answer or further passages, below it."""
    chat = _chat(query)
    answer = house.memory.answers.find(callback.key, chat)
    if answer is None:
        await toast(query, words.too_old)
        return
    if not await toast(query):
        return  # pressed in an outage, long ago
    words = words_for(answer.language)
    reply = await _read(house, words, lambda store: _opened(house, answer, callback, store, words))
    await send(house, Place(chat, answer.thread, reply_to=_message_id(query)), reply.parts)


def _opened(house: House, answer: Remembered, callback: Callback, store: Store, words: Words) -> Reply:
    name, link = house.bot.username, house.article_link
    first = source_count(answer.quotes) + 1
    if callback.verb is Verb.SOURCE:
        return source_reply(answer.quotes, callback.number, store, words, bot_username=name, article_link=link)
    if callback.verb is Verb.FURTHER:
        return further_reply(
            answer.candidates, callback.number, store, words, first=first, bot_username=name, article_link=link
        )
    return more_reply(
        answer.candidates, store, words, answer_id=answer.id, first=first, bot_username=name, article_link=link
    )


async def _rate(house: House, query: CallbackQuery, callback: Callback, words: Words) -> None:
    """Keeps what somebody thinks of an answer; pressed again, takes it back."""
    answer = house.memory.answers.find(callback.key, _chat(query))
    if answer is None:
        await toast(query, words.too_old)
        return
    value: Value | None = 1 if callback.verb is Verb.GOOD else -1
    if house.memory.feedback.given(answer.id, query.from_user.id) == value:
        value = None
    house.memory.feedback.give(answer.id, query.from_user.id, value)
    said = {1: words.thanks_good, -1: words.thanks_bad, None: words.feedback_withdrawn}
    await toast(query, said[value])
    if isinstance(query.message, Message) and query.message.chat.type == ChatType.PRIVATE:
        await _tick(query, answer, value)


async def _tick(query: CallbackQuery, answer: Remembered, value: Value | None) -> None:
    """Ticks the button, where only one person sees it."""
    keyboard = answer_keyboard(
        words_for(answer.language),
        answer.id,
        sources=source_count(answer.quotes),
        more=bool(answer.candidates),
        rating=value,
    )
    try:
        await query.edit_message_reply_markup(keyboard)
    except TelegramError:
        return  # a tick is all that is lost


async def _turn(house: House, query: CallbackQuery, callback: Callback, words: Words) -> None:
    """Shows a page of an article: the first in a message of its own, the others in that one's place."""
    article_id = house.memory.links.article(callback.key)
    if article_id is None:
        await toast(query, words.too_old)
        return
    if not await toast(query):
        return

    def page(store: Store) -> Reply:
        article = store.find_article(article_id)
        if article is None:
            return Reply(plain(words.gone))
        return article_reply(article, words, key=callback.key, page=callback.number)

    reply = await _read(house, words, page)
    text, keyboard = reply.parts[0]
    if not (_turns_pages(query) and await edit(house, _chat(query), _message_id(query), text, keyboard)):
        await send(house, Place(_chat(query), _thread(query), reply_to=_message_id(query)), reply.parts)


def _turns_pages(query: CallbackQuery) -> bool:
    """Whether the message is a page of an article itself; a source, which quotes a paragraph, has the same button."""
    message = query.message
    if not isinstance(message, Message):
        return True
    return all(entity.type != MessageEntityType.EXPANDABLE_BLOCKQUOTE for entity in message.entities)


async def _upload(house: House, query: CallbackQuery, callback: Callback, words: Words) -> None:
    """Adds what an admin sent, or does not; cancels a build."""
    if not house.access.is_admin(query.from_user.id):
        await toast(query, words.admins_only)
        return
    if callback.key == BUILD:
        await toast(query)
        house.builder.cancel()
        return
    upload = house.memory.uploads.take(callback.key, _chat(query), query.from_user.id)
    if upload is None:
        await toast(query, words.too_old)
    elif callback.verb is Verb.ADD:
        await toast(query, words.working)
        house.errands.run(add(house, query, upload))
    else:
        await _become(house, query, plain(words.upload_dropped))


async def _forget(house: House, query: CallbackQuery, callback: Callback, words: Words) -> None:
    """Deletes everything about the user, or nothing."""
    if callback.verb is Verb.KEEP:
        await _become(house, query, plain(words.kept))
        return
    await asyncio.to_thread(house.memory.forget_user, query.from_user.id)
    # The language chosen is forgotten, too.
    await _become(house, query, plain(house.words(query.from_user).forgotten))


async def _choose(house: House, query: CallbackQuery, language: str) -> None:
    """The bot speaks another language from now on."""
    house.memory.languages.choose(query.from_user.id, language if language in LANGUAGES else None)
    await _become(house, query, plain(house.words(query.from_user).language_set))


async def _become(house: House, query: CallbackQuery, text: Composed) -> None:
    """The message with the button says `text` instead, without buttons."""
    await toast(query)
    await edit(house, _chat(query), _message_id(query), text)


async def _read(house: House, words: Words, read: Callable[[Store], Reply]) -> Reply:
    """What `read` makes of the articles in service, in a thread."""

    def look() -> Reply:
        try:
            with house.engine.hold() as engine:
                return read(engine.generation.store)
        except NoIndexError:
            return Reply(plain(words.no_index))

    return await asyncio.to_thread(look)


def _chat(query: CallbackQuery) -> int:
    return query.message.chat.id if query.message else query.from_user.id


def _message_id(query: CallbackQuery) -> int:
    return query.message.message_id if query.message else 0


def _thread(query: CallbackQuery) -> int | None:
    message = query.message
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
