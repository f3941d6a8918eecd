"""Webhook: Telegram sends updates to a small server on loopback, which a proxy makes public.

python-telegram-bot's server takes bodies of 100 MB and refuses malformed updates, which Telegram then sends again; this
one has a limit, and what is malformed counts as received.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import SecretStr
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from qabot.channels.telegram.polling import Patience, backoff, refused
from qabot.channels.telegram.updates import ALLOWED, Received, read_update
from qabot.errors import ChannelError, ConflictError
from qabot.settings import Settings

_log = logging.getLogger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_WATCH_SECONDS = 60.0
_BACKLOG = 128
_BODY_SECONDS = 10
_IDLE_SECONDS = 90
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Door:
    """Where Telegram knocks: a public address that nobody can guess, and a word that it says there.

    Both are made from the token, so they stay the same when the bot starts again, and do not tell it.
    """

    url: str
    path: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings, token: SecretStr) -> Door:
        """The door for the bot with `token`, under the public address in the settings."""
        path = _derived(token, "path")[:32]
        return cls(f"{settings.telegram_webhook.rstrip('/')}/{path}", path, _derived(token, "secret"))


def _derived(token: SecretStr, purpose: str) -> str:
    return hmac.new(token.get_secret_value().encode(), f"qabot webhook {purpose}".encode(), hashlib.sha256).hexdigest()


class Inlet(RequestHandler):
    """One request of Telegram's: an update, which is received before it is answered with 200."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, bot: Bot, take: Callable[[Received], bool]) -> None:
        """Tornado's way to give a handler what it works with."""
        self._secret = secret
        self._bot = bot
        self._take = take

    def post(self) -> None:
        """Takes the update. 403 without the secret; 503 while too much is unfinished, and Telegram comes again."""
        given = self.request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            raw = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise HTTPError(HTTPStatus.BAD_REQUEST) from None
        received = read_update(raw, self._bot)
        if received is None:
            _log.warning("An update without a usable id was left out")
        elif not self._take(received):
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_status(HTTPStatus.OK)

    def write_error(self, status_code: int, **_: object) -> None:  # noqa: ARG002 - tornado names it
        """Nothing is told to those who have no business here."""
        self.finish()

    def log_exception(self, *_: object) -> None:
        """What strangers send is not worth a line each."""


@contextmanager
def listening(settings: Settings, door: Door, bot: Bot, take: Callable[[Received], bool]) -> Iterator[int]:
    """A server at the address in the settings, until the end; gives its port.

    Args:
        settings: where to listen, and how large a body may be.
        door: the last part of the path, and the secret. Before it may stand what a proxy leaves there.
        bot: updates are bound to it.
        take: receives an update; False if it should come again later.

    Raises:
        ChannelError: the address cannot be listened on.
    """
    shared = {"secret": door.secret, "bot": bot, "take": take}
    application = Application([(rf"/(?:.*/)?{door.path}/?", Inlet, shared)], log_function=lambda _: None)
    limit = settings.telegram_body_kb * 1024
    server = HTTPServer(
        application,
        max_body_size=limit,
        max_buffer_size=max(limit, 65536),
        body_timeout=_BODY_SECONDS,
        idle_connection_timeout=_IDLE_SECONDS,
    )
    host, _, port = settings.telegram_listen.rpartition(":")
    try:
        # tornado's own way leaves a socket open where it fails.
        door_socket = socket.create_server((host, int(port)), backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        cause = f"Cannot listen on {settings.telegram_listen}: {error}"
        raise ChannelError(cause, "Change the setting telegram_listen") from error
    door_socket.setblocking(False)
    server.add_socket(door_socket)
    try:
        yield door_socket.getsockname()[1]
    finally:
        server.stop()


async def announce(bot: Bot, door: Door, patience: Patience) -> None:
    """Tells Telegram where the door is; tries again until it is heard.

    Raises:
        TokenError: Telegram does not accept the token.
        ChannelError: Telegram does not accept the address.
    """
    failures = 0
    while True:
        try:
            await bot.set_webhook(door.url, secret_token=door.secret, allowed_updates=ALLOWED)
        except InvalidToken as error:
            raise refused() from error
        except BadRequest as error:
            cause = f"Telegram does not accept the webhook: {error.message}"
            raise ChannelError(cause, "Change the setting telegram_webhook") from error
        except TelegramError as error:
            failures += 1
            _log.warning("The webhook cannot be set, trying again: %s", error)
            await asyncio.sleep(backoff(failures, patience))
        else:
            return


async def watch_door(bot: Bot, door: Door, polled: Callable[[], None], *, every: float = _WATCH_SECONDS) -> None:
    """Looks now and then whether Telegram still knows the token and the address, for ever.

    Raises:
        TokenError: Telegram does not accept the token any more.
        ConflictError: another process has set or taken away the webhook.
    """
    told: object = _NOTHING
    while True:
        try:
            info = await bot.get_webhook_info()
        except InvalidToken as error:
            raise refused() from error
        except TelegramError as error:
            _log.warning("Telegram cannot be reached: %s", error)
        else:
            if info.url != door.url:
                mend = "Stop the other one, or give this one a token of its own from @BotFather"
                raise ConflictError("Another process has changed the webhook of this bot", mend)
            polled()
            if told not in (_NOTHING, info.last_error_date):
                _log.warning("Telegram could not deliver to the webhook: %s", info.last_error_message)
            told = info.last_error_date
        await asyncio.sleep(every)
