"""Checking: whether the bot can do its work, and how what is off is mended. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram import BotCommandScopeAllPrivateChats, User, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from qabot.channels.model_change import model_change
from qabot.channels.telegram.about import bot_commands
from qabot.channels.telegram.application import make_bot
from qabot.channels.telegram.client import Client
from qabot.channels.telegram.limiter import ChatLimiter
from qabot.channels.telegram.memory.memory import open_memory
from qabot.channels.telegram.polling import Patience, refused
from qabot.channels.telegram.requests import Timeouts
from qabot.channels.telegram.token import token_file_is_open
from qabot.channels.wording import words_for
from qabot.errors import ChannelError, GenerationError, StateError
from qabot.index.manifest import read_manifest
from qabot.index.publishing import current_generation
from qabot.settings import Settings

_SECONDS = 3.0
"""For how long a request is tried again where the network has failed."""


class Level(IntEnum):
    """How much a finding matters; the command ends with the greatest."""

    FINE = 0
    OFF = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and how it is, in a line; `mend` is what to do if it is not fine."""

    level: Level
    what: str
    mend: str = ""


async def check(settings: Settings, token: SecretStr) -> list[Finding]:
    """Asks Telegram about the bot, and looks at what is on this machine.

    Raises:
        TokenError: Telegram does not accept the token.
        ChannelError: Telegram cannot be reached.
    """
    bot = make_bot(settings, token, ChatLimiter(), Patience(), Timeouts(read=10, all_tries=_SECONDS))
    try:
        await bot.initialize()
        found = [*_rights(bot.bot), *await _webhook_state(bot, settings), *await _menus(bot)]
    except InvalidToken:
        raise refused() from None
    except TelegramError as error:
        cause = f"Telegram cannot be reached at {settings.telegram_api}: {error.message}"
        raise ChannelError(cause, "Look at the network and the setting telegram_api") from error
    finally:
        await bot.shutdown()
    return [*found, *_machine(settings)]


def _rights(me: User) -> Iterator[Finding]:
    """What @BotFather has allowed the bot."""
    yield Finding(Level.FINE, f"@{me.username} ({me.full_name}), id {me.id}")
    if me.can_join_groups is False:
        yield Finding(Level.OFF, "It cannot be added to groups", "@BotFather: /setjoingroups, Enable")
    else:
        yield Finding(Level.FINE, "It can be added to groups")
    if me.can_read_all_group_messages:
        yield Finding(Level.FINE, "It hears everything in groups, and answers /ask, mentions and replies to it")
    else:
        hears = "Privacy mode is on: in groups it hears /ask, replies to it, and mentions where Telegram passes them on"
        yield Finding(Level.FINE, hears)
    if me.supports_inline_queries is False:
        yield Finding(Level.OFF, "Inline mode is off", "@BotFather: /setinline, then a placeholder")
    else:
        yield Finding(Level.FINE, "Inline mode is on")
    if me.supports_guest_queries:
        yield Finding(Level.FINE, "Guest mode is on")
    else:
        yield Finding(Level.FINE, "Guest mode is off; @BotFather can turn it on in the settings of the bot")


async def _webhook_state(bot: Client, settings: Settings) -> list[Finding]:
    """How updates come. The token was accepted before: what is refused here, the server cannot tell."""
    try:
        return list(_webhook(settings, await bot.get_webhook_info()))
    except (InvalidToken, BadRequest):
        return [Finding(Level.OFF, "The server does not tell how updates come", "Is telegram_api a whole Bot API?")]


def _webhook(settings: Settings, info: WebhookInfo) -> Iterator[Finding]:
    """How updates come. The address of a webhook is secret; its host is enough."""
    host, wanted = urlsplit(info.url).hostname, urlsplit(settings.telegram_webhook).hostname
    if info.url and not wanted:
        mend = "qabot telegram takes it away when it starts; is another program using this token?"
        yield Finding(Level.OFF, f"A webhook is set, to {host}, and the settings say polling", mend)
    elif wanted and not info.url:
        yield Finding(Level.FINE, "No webhook is set yet; qabot telegram sets it when it starts")
    elif wanted and host != wanted:
        yield Finding(Level.OFF, f"The webhook leads to {host}, not to {wanted}", "Start qabot telegram: it sets it")
    else:
        yield Finding(Level.FINE, f"The webhook leads to {host}" if info.url else "Updates come by polling")
    if info.pending_update_count:
        yield Finding(Level.FINE, f"{info.pending_update_count:,} updates are waiting")
    if info.url and info.last_error_message:
        what = f"Telegram could not deliver on {info.last_error_date:%d %B, %H:%M}: {info.last_error_message}"
        yield Finding(Level.OFF, what, "Look at the proxy: docs/telegram.md")


async def _menus(bot: Client) -> list[Finding]:
    """Whether the commands are in Telegram's menu. Raises: TelegramError."""
    try:
        shown = await bot.get_my_commands(BotCommandScopeAllPrivateChats())
    except (InvalidToken, BadRequest):
        return [Finding(Level.OFF, "The server has no menu of commands", "Is telegram_api a whole Bot API?")]
    if list(shown) == bot_commands(words_for(None)):
        return [Finding(Level.FINE, "The commands are in Telegram's menu")]
    return [Finding(Level.FINE, "The commands are not in Telegram's menu yet; qabot telegram puts them there")]


def _machine(settings: Settings) -> Iterator[Finding]:
    """What is on this machine."""
    try:
        manifest = read_manifest(current_generation(settings.generations_folder))
    except GenerationError as error:
        yield Finding(Level.BROKEN, error.cause, error.mend)
    else:
        yield Finding(Level.FINE, f"The index {manifest.generation} has {manifest.articles:,} articles")
        if model_change(settings):
            was = f"The index was made with {manifest.recipe.model}, not with {settings.model} as set now"
            yield Finding(Level.OFF, was, "The bot answers with that model, if it is here. Build it again: qabot index")
    try:
        open_memory(settings).close()
    except StateError as error:
        yield Finding(Level.BROKEN, error.cause, error.mend)
    else:
        yield Finding(Level.FINE, f"The memory in {settings.state_folder} can be used")
    if settings.telegram_token is None and token_file_is_open(settings):
        path = settings.token_file
        yield Finding(Level.OFF, f"Other users of this machine can read {path}", f"chmod 600 {path}")
    if not settings.telegram_admins:
        yield Finding(Level.FINE, "Nobody is an admin (setting telegram_admins), so nobody can send it articles")
