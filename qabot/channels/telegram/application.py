"""Application: python-telegram-bot's, with this bot's parts in it."""

from __future__ import annotations

from functools import partial

from pydantic import SecretStr
from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from qabot.channels.telegram.client import Client
from qabot.channels.telegram.handlers import admin, commands
from qabot.channels.telegram.handlers.buttons import pressed
from qabot.channels.telegram.handlers.errors import failed
from qabot.channels.telegram.handlers.gate import gate
from qabot.channels.telegram.handlers.inline import asked_as_guest, asked_inline
from qabot.channels.telegram.handlers.membership import membership
from qabot.channels.telegram.handlers.questions import edited, heard
from qabot.channels.telegram.handlers.reactions import reacted
from qabot.channels.telegram.house import App, House
from qabot.channels.telegram.limiter import ChatLimiter
from qabot.channels.telegram.ordering import ChatOrder
from qabot.channels.telegram.polling import Patience
from qabot.channels.telegram.requests import PatientRequest, PlainRequest, Timeouts
from qabot.channels.wording import Command
from qabot.settings import Settings

_COMMANDS = {
    Command.START: commands.start,
    Command.HELP: commands.help_,
    Command.SOURCES: commands.sources,
    Command.LATEST: commands.latest,
    Command.NEW: commands.new,
    Command.PRIVACY: commands.privacy,
    Command.FORGET: commands.forget,
    Command.LANGUAGE: commands.language,
    Command.STATUS: admin.status,
    Command.REBUILD: admin.rebuild,
}
"""All but /ask, which is a question like others."""

_FIRST = -1


class _Guest(filters.UpdateFilter):
    """Messages to which the bot answers as a guest."""

    def filter(self, update: Update) -> bool:
        """Whether `update` is one."""
        return update.guest_message is not None


def make_bot(
    settings: Settings, token: SecretStr, limiter: ChatLimiter, patience: Patience, timeouts: Timeouts
) -> Client:
    """The client of the Bot API at the address in the settings."""
    address = settings.telegram_api.rstrip("/")
    return Client(
        token.get_secret_value(),
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=PatientRequest(patience, timeouts),
        get_updates_request=PlainRequest(connection_pool_size=2, connect_timeout=timeouts.connect),
        rate_limiter=limiter,
    )


def make_application(bot: Client, order: ChatOrder) -> App:
    """An application without an updater: polling and the webhook are this package's own."""
    return ApplicationBuilder().bot(bot).updater(None).job_queue(None).concurrent_updates(order).build()


def add_handlers(application: App, house: House) -> None:
    """Everything that the bot does on an update. The first handler of a group that fits is the one."""
    new = filters.UpdateType.MESSAGE
    application.add_handler(TypeHandler(Update, partial(gate, house)), group=_FIRST)
    application.add_handler(MessageHandler(_Guest(), partial(asked_as_guest, house)))
    for command, answer in _COMMANDS.items():
        application.add_handler(CommandHandler(command, partial(answer, house), filters=new))
    application.add_handler(MessageHandler(new | filters.UpdateType.CHANNEL_POST, partial(heard, house)))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED, partial(edited, house)))
    application.add_handler(CallbackQueryHandler(partial(pressed, house)))
    application.add_handler(InlineQueryHandler(partial(asked_inline, house)))
    application.add_handler(MessageReactionHandler(partial(reacted, house)))
    application.add_handler(ChatMemberHandler(partial(membership, house), ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(partial(failed, house))
