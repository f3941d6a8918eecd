"""Redaction: the token is in no log line, traceback or error message of this process.

The token is part of every address of the Bot API, so it turns up in httpx's INFO lines, in errors of connections, in
python-telegram-bot's `InvalidToken`, and in whatever is logged with a request. A filter on a handler sees neither the
handlers added later nor the traceback, so records are cleaned where they are made, whatever handler gets them.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from types import TracebackType
from typing import Any
from urllib.parse import quote

HIDDEN = "<token>"

_LINES = logging.Formatter()


class Redaction:
    """Hides one token. `install` makes it hold for the whole process."""

    def __init__(self, token: str) -> None:
        bot, colon, secret = token.partition(":")
        # The secret part alone opens the bot too; the colon may be escaped, even twice.
        forms = {re.escape(token), re.escape(quote(token, safe=""))}
        if colon and secret:
            forms.add(rf"(?:{re.escape(bot)}(?::|%(?:25)*3A))?{re.escape(secret)}")
        self._pattern = re.compile("|".join(sorted(forms, key=len, reverse=True)), re.IGNORECASE)

    def text(self, text: str) -> str:
        """`text` without the token, plain or as in an address."""
        return self._pattern.sub(HIDDEN, text)

    def clean(self, record: logging.LogRecord) -> logging.LogRecord:
        """Takes the token out of the message, its arguments, the traceback and the stack of `record`."""
        message = _message(record)
        hidden = self.text(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0] is not None:
            lines = _LINES.formatException(record.exc_info)
            hidden = self.text(lines)
            if hidden != lines:
                # Handlers print `exc_text` if it is there; the error itself would give the token away.
                record.exc_text, record.exc_info = hidden, None
        if record.stack_info:
            record.stack_info = self.text(record.stack_info)
        return record

    def filter(self, record: logging.LogRecord) -> bool:
        """As `clean`, and what was given as `extra` too: for a handler that prints every attribute."""
        for name, value in vars(record).items():
            if isinstance(value, str):
                setattr(record, name, self.text(value))
        self.clean(record)
        return True


def install(token: str) -> Redaction:
    """Hides `token` in every record of `logging` and in the traceback of an error that nobody caught.

    Call it as soon as the token is known, once for each token. It is never taken away again.
    """
    redaction = Redaction(token)
    make = logging.getLogRecordFactory()

    def make_clean(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return redaction.clean(make(*args, **kwargs))

    logging.setLogRecordFactory(make_clean)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redaction)
    _hook(redaction)
    return redaction


def _hook(redaction: Redaction) -> None:
    before, before_in_thread = sys.excepthook, threading.excepthook

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        lines = "".join(traceback.format_exception(kind, error, trace))
        hidden = redaction.text(lines)
        if hidden == lines:
            before(kind, error, trace)
        else:
            sys.stderr.write(hidden)

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        lines = "".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback))
        hidden = redaction.text(lines)
        if hidden == lines:
            before_in_thread(args)
        else:
            sys.stderr.write(hidden)

    sys.excepthook, threading.excepthook = uncaught, uncaught_in_thread


def _message(record: logging.LogRecord) -> str:
    """The whole message. Arguments that do not fit it are put beside it: logging would print them unclean."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - formatting runs the arguments' own code, which may raise anything
        record.msg, record.args = f"{record.msg!r} {record.args!r}", ()
        return str(record.msg)
