"""Menus: the commands and descriptions that Telegram shows, in every language of the bot."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from qabot.channels.telegram.about import bot_commands
from qabot.channels.telegram.client import Client
from qabot.channels.wording import LANGUAGES, Command, Words, words_for
from qabot.settings import Settings

_log = logging.getLogger(__name__)

_IN_GROUPS = {Command.ASK, Command.NEW, Command.LATEST, Command.SOURCES, Command.HELP, Command.PRIVACY}


async def set_menus(bot: Client, settings: Settings) -> None:
    """Registers what differs from what Telegram shows. A failure costs only a menu, and is tried at the next start."""
    for code, words in (("", words_for(None)), *LANGUAGES.items()):
        everybody = bot_commands(words)
        in_groups = [command for command in everybody if command.command in _IN_GROUPS]
        await _try(_commands(bot, everybody, BotCommandScopeAllPrivateChats(), code))
        await _try(_commands(bot, in_groups, BotCommandScopeAllGroupChats(), code))
        for admin in settings.telegram_admins:
            scope = BotCommandScopeChat(admin)
            await _try(_commands(bot, bot_commands(words, admin=True), scope, code))
        await _try(_descriptions(bot, words, code))


async def _commands(bot: Client, wanted: list[BotCommand], scope: BotCommandScope, code: str) -> None:
    shown = await bot.get_my_commands(scope, language_code=code)
    if list(shown) != wanted:
        await bot.set_my_commands(wanted, scope, language_code=code)


async def _descriptions(bot: Client, words: Words, code: str) -> None:
    if (await bot.get_my_description(code)).description != words.description:
        await bot.set_my_description(words.description, code)
    if (await bot.get_my_short_description(code)).short_description != words.about:
        await bot.set_my_short_description(words.about, code)


async def _try(change: Awaitable[None]) -> None:
    try:
        await change
    except TelegramError as error:
        _log.info("A menu was not set: %s", error)
