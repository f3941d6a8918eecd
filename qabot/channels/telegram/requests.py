"""Requests to Telegram that outlive a disturbance of the network: sent again, unless they may have been heard."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from qabot.channels.telegram.polling import Patience, backoff

_log = logging.getLogger(__name__)

CONNECTIONS = 64
"""Requests under way at once; more wait for one of these to end. Telegram takes 30 messages a second."""

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CUT = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
_MADE_ANEW = ("send", "copy", "forward")
"""Methods that make something each time that they are called."""

_SENT = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\{\s*"message_id"')

_REFUSED = re.compile(rb'(?<!\\)"ok"\s*:\s*false')
_RETRY_AFTER = re.compile(r"retry after (\d{1,5})")

_CUT_TRIES = 4
_SECONDS_OF = {
    "sendChatAction": 0.0,
    "deleteWebhook": 3.0,
    "answerCallbackQuery": 10.0,
    "answerInlineQuery": 10.0,
    "answerGuestQuery": 20.0,
}
"""What is not worth waiting for any longer."""


class Departure(Protocol):
    """Hears when a request may have been heard by Telegram, and when it surely was not."""

    def leaves(self) -> None:
        """It is sent now."""

    def stays(self) -> None:
        """It did not get out."""


DEPARTURE: ContextVar[Departure | None] = ContextVar("departure", default=None)
"""Whom to tell about the requests of this task."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for one request: to connect, to send and to be answered, for a free connection, and with tries again."""

    connect: float = 5
    read: float = 30
    write: float = 10
    pool: float = 60
    all_tries: float = 300


class PlainRequest(HTTPXRequest):
    """python-telegram-bot's request, which goes by the status; this one also by what the answer says."""

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """As `BaseRequest.do_request` says."""
        return understood(*await super().do_request(*args, **options))


class PatientRequest(PlainRequest):
    """Sends a request again when it was not heard, or Telegram's server had a fault of its own (5xx).

    A connection that is cut before the answer leaves open whether the request was heard: nearly always it was not,
    so it is sent again. One whose answer does not come in time probably was: what would make a second message is not.
    """

    def __init__(self, patience: Patience, timeouts: Timeouts) -> None:
        super().__init__(
            connection_pool_size=CONNECTIONS,
            connect_timeout=timeouts.connect,
            read_timeout=timeouts.read,
            write_timeout=timeouts.write,
            pool_timeout=timeouts.pool,
        )
        self._patience = patience
        self._timeouts = timeouts

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """As `BaseRequest.do_request` says."""
        name = url.rpartition("/")[2]
        clock = asyncio.get_running_loop().time
        deadline = clock() + _SECONDS_OF.get(name, self._timeouts.all_tries)
        departure = DEPARTURE.get()
        tries = 0
        while True:
            tries += 1
            if departure:
                departure.leaves()
            try:
                code, body = await super().do_request(
                    url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
                )
            except NetworkError as error:
                if departure and isinstance(error.__cause__, _UNSENT):
                    departure.stays()
                pause = backoff(tries, self._patience)
                if not _may_try_again(error, name, tries) or clock() + pause > deadline:
                    raise
            else:
                if departure and code == httpx.codes.TOO_MANY_REQUESTS:
                    departure.stays()
                pause = backoff(tries, self._patience)
                again = code >= httpx.codes.INTERNAL_SERVER_ERROR or (_is_no_answer(code, body) and tries < _CUT_TRIES)
                if not again or clock() + pause > deadline:
                    return code, body
            _log.debug("%s is sent again in %.1f s", name, pause)
            await asyncio.sleep(pause)


def understood(code: int, body: bytes) -> tuple[int, bytes]:
    """Status and body of an answer in order: small servers refuse with the status 200, and limit without a time."""
    if httpx.codes.is_success(code) and not _REFUSED.search(body):
        return code, body
    try:
        answer = json.loads(body)
    except ValueError:
        return code, body
    if not isinstance(answer, dict):
        return code, b""
    if httpx.codes.is_success(code):
        if answer.get("ok") is not False:
            return code, body
        said = answer.get("error_code")
        code = said if isinstance(said, int) and httpx.codes.is_error(said) else int(httpx.codes.BAD_REQUEST)
    if code != httpx.codes.TOO_MANY_REQUESTS:
        return code, body
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if not parameters.get("retry_after"):
        seconds = _RETRY_AFTER.search(str(answer.get("description")))
        parameters = {**parameters, "retry_after": int(seconds[1]) if seconds else 1}
    return code, json.dumps({**answer, "parameters": parameters}).encode()


def _may_try_again(error: NetworkError, name: str, tries: int) -> bool:
    cause = error.__cause__
    if isinstance(cause, _UNSENT):
        return True
    if isinstance(cause, _CUT):
        return tries < _CUT_TRIES
    return isinstance(error, TimedOut) and tries < _CUT_TRIES and not name.startswith(_MADE_ANEW)


def _is_no_answer(code: int, body: bytes) -> bool:
    """Whether what stands there in place of Telegram's answer is not from Telegram, or not whole.

    An answer that begins with the message that was sent is cut, but says that it was.
    """
    whole = body.startswith(b"{") and body.rstrip().endswith(b"}")
    return httpx.codes.is_success(code) and not whole and not _SENT.match(body)
