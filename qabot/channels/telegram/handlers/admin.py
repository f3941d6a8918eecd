"""Admins: how the bot is, and building the index again."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup, Update, User
from telegram.constants import ChatType

from qabot.channels.telegram.about import Status, status_text
from qabot.channels.telegram.building import Stage
from qabot.channels.telegram.buttons import button
from qabot.channels.telegram.callbacks import Verb
from qabot.channels.telegram.house import House, person
from qabot.channels.telegram.notices import failure_text, progress_text, rebuilt_text
from qabot.channels.telegram.sending import Place, edit, place_of, say
from qabot.channels.telegram.text import Composed, plain
from qabot.channels.wording import Words
from qabot.errors import BuildCancelledError, NoIndexError, QabotError

if TYPE_CHECKING:
    from qabot.index.building import Build

_log = logging.getLogger(__name__)

EDIT_SECONDS = 3.0
"""Least time between two edits of the message that shows how far a build is."""

BUILD = "build"
"""The key of the button that cancels a build."""


async def status(house: House, update: Update, _: object) -> None:
    """/status: the index and the bot in figures."""
    place = await _admin_place(house, update)
    if place is None:
        return
    totals = house.metrics.totals()
    try:
        with house.engine.hold() as engine:
            manifest = engine.generation.manifest
            index = (manifest.generation, manifest.articles, manifest.passages, manifest.newest)
    except NoIndexError:
        index = ("–", 0, 0, None)
    figures = Status(
        *index,
        waiting=house.desk.depth,
        answered=totals.get("answers", 0),
        refused=totals.get("refusals", 0),
        errors=totals.get("errors", 0),
        running_seconds=time.time() - house.signs.started,
        notice=house.engine.notice,
    )
    await say(house, place, status_text(house.words(update.effective_user), figures))


async def rebuild(house: House, update: Update, _: object) -> None:
    """/rebuild: the articles are read again, in the background."""
    place = await _admin_place(house, update)
    if place is None:
        return
    if house.builder.busy:
        await say(house, place, plain(house.words(update.effective_user).rebuild_running))
    else:
        house.errands.run(show_build(house, place, update.effective_user))


async def show_build(house: House, place: Place, user: User | None) -> None:
    """Builds the index, and shows in one message how far it is and what came of it."""
    words = house.words(user)
    stage = Stage()
    building = asyncio.create_task(house.builder.build(stage))
    try:
        message = await say(house, place, progress_text(words, stage.name, 0, None), _cancelling(words))
        shown = ""
        while not building.done():
            await asyncio.wait([building], timeout=EDIT_SECONDS)
            text = progress_text(words, stage.name, stage.done, stage.total)
            if message is not None and not building.done() and text.text != shown:
                shown = text.text
                await edit(house, place.chat, message, text, _cancelling(words))
        result = await _result(building, words)
    except asyncio.CancelledError:
        house.builder.cancel()
        with suppress(QabotError):
            await building
        raise
    if message is None or not await edit(house, place.chat, message, result):
        await say(house, place, result)


async def _result(building: asyncio.Task[Build], words: Words) -> Composed:
    try:
        build = await building
    except BuildCancelledError:
        return plain(words.rebuild_failed)
    except QabotError as error:
        _log.warning("The index was not built: %s", error)
        return failure_text(words.rebuild_failed, str(error))
    return rebuilt_text(words, build.seconds, build.articles)


def _cancelling(words: Words) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button(words.cancel, Verb.DROP, BUILD)]])


async def _admin_place(house: House, update: Update) -> Place | None:
    """Where to answer an admin in private; others are told so, and None is given."""
    message = update.message
    if message is None:
        return None
    place, words = place_of(message, update.update_id), house.words(update.effective_user)
    if not house.access.is_admin(person(update)):
        await say(house, place, plain(words.admins_only))
        return None
    if message.chat.type != ChatType.PRIVATE:
        await say(house, place, plain(words.private_only))
        return None
    return place
