"""What is not a question: voices, stickers, pictures, unknown commands, and news of the chat itself."""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatType, MessageEntityType

from qabot.channels.telegram.house import House
from qabot.channels.telegram.sending import place_of, say
from qabot.channels.telegram.text import plain
from qabot.channels.wording import Words


async def heard_otherwise(house: House, update: Update, message: Message) -> None:
    """One friendly line in private, and nothing in groups: it was not for the bot."""
    if message.migrate_to_chat_id:
        house.memory.move_chat(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        house.memory.move_chat(message.migrate_from_chat_id, message.chat.id)
    if message.chat.type != ChatType.PRIVATE or (message.via_bot and message.via_bot.id == house.bot.id):
        return
    line = _line(message, house.words(update.effective_user))
    if line is None or (message.media_group_id and not house.albums.first(message.media_group_id)):
        return
    await say(house, place_of(message, update.update_id), plain(line))


def _line(message: Message, words: Words) -> str | None:
    """What to say to a message without a question; None if it only tells of a change to the chat."""
    if message.entities and message.entities[0].type == MessageEntityType.BOT_COMMAND:
        return words.unknown_command
    if message.voice or message.audio or message.video_note:
        return words.voice
    if message.sticker or message.animation or message.dice:
        return words.sticker
    if message.photo or message.video:
        return words.picture
    if message.effective_attachment is not None:
        return words.other_kind
    return None
