"""Commands that everybody may use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from telegram import InlineKeyboardMarkup, Update
from telegram.constants import ChatType

from qabot.channels.telegram.about import help_text, latest_text, privacy_text, sources_text, start_text
from qabot.channels.telegram.buttons import forget_keyboard, language_keyboard
from qabot.channels.telegram.house import House, person, speaker
from qabot.channels.telegram.replies import Reply
from qabot.channels.telegram.sending import place_of, say, send
from qabot.channels.telegram.sources import article_reply
from qabot.channels.telegram.text import Composed, plain
from qabot.channels.wording import Words
from qabot.errors import NoIndexError
from qabot.index.store import Store

T = TypeVar("T")

LATEST = 10
"""Articles that /latest shows."""


async def start(house: House, update: Update, _: object) -> None:
    """/start: what the bot is; with the short name of an article, that article."""
    message = update.message
    if message is None:
        return
    words = house.words(update.effective_user)
    _, _, key = (message.text or "").partition(" ")
    article = house.memory.links.article(key.strip()) if key.strip() else None
    if article is None:
        await _say(house, update, start_text(words, _count(house)))
        return
    reply = await _in_thread(house, lambda store: _shown(store, article, key.strip(), words))
    await send(house, place_of(message, update.update_id), reply.parts if reply else [(plain(words.no_index), None)])


async def help_(house: House, update: Update, _: object) -> None:
    """/help: how to ask, and the commands."""
    await _say(house, update, help_text(house.words(update.effective_user), admin=_is_admin_here(house, update)))


async def sources(house: House, update: Update, _: object) -> None:
    """/sources: what the articles are."""
    words = house.words(update.effective_user)
    counts = await _in_thread(house, Store.counts)
    await _say(house, update, sources_text(words, counts) if counts else plain(words.no_index))


async def latest(house: House, update: Update, _: object) -> None:
    """/latest: the newest articles."""
    words = house.words(update.effective_user)
    articles = await _in_thread(house, lambda store: store.latest(LATEST))
    text = latest_text(words, articles or [], bot_username=house.bot.username, article_link=house.article_link)
    message = update.message
    if message is not None:
        await send(house, place_of(message, update.update_id), Reply(text).parts)


async def new(house: House, update: Update, _: object) -> None:
    """/new: the conversation begins anew."""
    message = update.message
    if message is None:
        return
    place = place_of(message)
    house.memory.conversations.forget(place.chat, speaker(message), place.thread)
    await _say(house, update, plain(house.words(update.effective_user).new_conversation))


async def privacy(house: House, update: Update, _: object) -> None:
    """/privacy: what is kept, and for how long."""
    words = house.words(update.effective_user)
    await _say(house, update, privacy_text(words, house.settings.telegram_keep_days))


async def forget(house: House, update: Update, _: object) -> None:
    """/forget: asks whether to delete everything about the user."""
    words = house.words(update.effective_user)
    if await _in_private(house, update, words):
        await _say(house, update, plain(words.forget_confirm), keyboard=forget_keyboard(words))


async def language(house: House, update: Update, _: object) -> None:
    """/language: asks which one."""
    words = house.words(update.effective_user)
    if await _in_private(house, update, words):
        await _say(house, update, plain(words.choose_language), keyboard=language_keyboard(words))


async def _in_private(house: House, update: Update, words: Words) -> bool:
    """Whether the command came in private; elsewhere it is said that it belongs there."""
    message = update.message
    if message is None or message.chat.type == ChatType.PRIVATE:
        return message is not None
    await _say(house, update, plain(words.private_only))
    return False


async def _say(house: House, update: Update, text: Composed, keyboard: InlineKeyboardMarkup | None = None) -> None:
    if update.message is not None:
        await say(house, place_of(update.message, update.update_id), text, keyboard)


def _count(house: House) -> int | None:
    """How many articles there are; None if there is no index."""
    try:
        with house.engine.hold() as engine:
            return engine.generation.manifest.articles
    except NoIndexError:
        return None


async def _in_thread(house: House, read: Callable[[Store], T]) -> T | None:
    """What `read` finds in the articles, in a thread: many articles take a while. None if there is no index."""

    def look() -> T | None:
        try:
            with house.engine.hold() as engine:
                return read(engine.generation.store)
        except NoIndexError:
            return None

    return await asyncio.to_thread(look)


def _shown(store: Store, article_id: str, key: str, words: Words) -> Reply:
    article = store.find_article(article_id)
    return article_reply(article, words, key=key) if article else Reply(plain(words.gone))


def _is_admin_here(house: House, update: Update) -> bool:
    message = update.message
    in_private = message is not None and message.chat.type == ChatType.PRIVATE
    return in_private and house.access.is_admin(person(update))
