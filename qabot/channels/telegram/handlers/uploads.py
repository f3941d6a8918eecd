"""Uploads: an admin sends an article as a file or a link; after a confirmation it is added and the index built."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from telegram import CallbackQuery, Document, Message, Update
from telegram.constants import FileSizeLimit, MessageEntityType
from telegram.error import TelegramError

from qabot.articles.readers import KINDS
from qabot.channels.telegram.buttons import upload_keyboard
from qabot.channels.telegram.handlers.admin import show_build
from qabot.channels.telegram.house import House, person
from qabot.channels.telegram.memory.uploads import Upload
from qabot.channels.telegram.notices import failure_text, upload_added, upload_question, upload_too_large
from qabot.channels.telegram.sending import Place, edit, place_of, say
from qabot.channels.telegram.text import Composed, plain
from qabot.channels.wording import Words
from qabot.errors import FetchError, QabotError

if TYPE_CHECKING:
    from qabot.gathering.adding import Added

_log = logging.getLogger(__name__)

_MEGABYTE = 1_000_000
_LONGEST_NAME = 200


async def heard_upload(house: House, update: Update, message: Message) -> bool:
    """Asks an admin whether to add the file or the link that a message consists of. False if it is neither."""
    admin = person(update)
    if admin is None or not house.access.is_admin(admin):
        return False
    words, place = house.words(update.effective_user), place_of(message, update.update_id)
    if message.document is not None and message.animation is None:
        refusal = _refusal(house, message.document, words)
        if refusal is not None:
            await say(house, place, refusal)
            return True
        upload = Upload(place.chat, admin, "file", message.document.file_id, _name(message.document))
    elif link := _link(message):
        upload = Upload(place.chat, admin, "link", link, link)
    else:
        return False
    kept = house.memory.uploads.wait(upload)
    await say(house, place, upload_question(words, upload.name), upload_keyboard(words, kept))
    return True


async def add(house: House, query: CallbackQuery, upload: Upload) -> None:
    """Adds a confirmed upload, says so in the place of the question, and builds the index."""
    words = house.words(query.from_user)
    place = Place(upload.chat)
    added = False
    try:
        article = await _added(house, upload)
        added = not article.already
        result = upload_added(words, article.articles) if added else plain(words.upload_already)
    except QabotError as error:
        _log.warning("An upload was not added: %s", error)
        result = failure_text(words.upload_failed, str(error))
    if query.message is None or not await edit(house, upload.chat, query.message.message_id, result):
        await say(house, place, result)
    if added and not house.builder.planned:
        await show_build(house, place, query.from_user)


async def _added(house: House, upload: Upload) -> Added:
    """Adds the article to the seeds. Raises: QabotError."""
    from qabot.gathering.adding import add_file, add_url  # noqa: PLC0415 - a bot rarely adds

    if upload.kind == "link":
        return await asyncio.to_thread(add_url, upload.source, house.settings)
    with tempfile.TemporaryDirectory(prefix="qabot-upload-") as folder:
        path = Path(folder) / "upload"
        try:
            file = await house.bot.get_file(upload.source)
            await file.download_to_drive(path)
        except TelegramError as error:
            _log.warning("A file was not received: %s", error)
            raise FetchError("Telegram does not give the file", "Send it again") from None
        return await asyncio.to_thread(add_file, path, house.settings, name=upload.name)


def _refusal(house: House, document: Document, words: Words) -> Composed | None:
    most = min(FileSizeLimit.FILESIZE_DOWNLOAD // _MEGABYTE, house.settings.max_file_mb)
    if (document.file_size or 0) > most * _MEGABYTE:
        return upload_too_large(words, most)
    if PurePosixPath(_name(document)).suffix.lower() not in KINDS:
        return plain(words.upload_kind)
    return None


def _name(document: Document) -> str:
    """What the file is called; where it has no name, one by its type."""
    name = document.file_name or f"article{mimetypes.guess_extension(document.mime_type or '') or ''}"
    path = PurePosixPath(name.replace("\\", "/"))
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix


def _link(message: Message) -> str | None:
    """The address that a message consists of, and nothing else."""
    text = message.text or ""
    entities = [entity for entity in message.entities if entity.type == MessageEntityType.URL]
    if len(entities) != 1 or message.parse_entity(entities[0]) != text.strip():
        return None
    return text.strip() if "://" in text else f"https://{text.strip()}"
