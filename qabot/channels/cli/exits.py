"""Exits: how the command ends. Codes as grep has them, errors in one line, a traceback only with --debug."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from qabot.channels.cli.terminal import safe
from qabot.errors import QabotError

ANSWERED = 0
NOT_FOUND = 1
ERROR = 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""
CLOSED_PIPE = 141
"""128 and the number of SIGPIPE: what `grep … | head -1` ends with."""

_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of the errors of parsing; typer shows them, and they too end with 2."""


class Guarded(TyperGroup):
    """The commands of qabot, none of which ends with a traceback unless --debug asks for one."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command and turns what it raises into one line and an exit code."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, _USAGE_ERROR):
            raise
        except BrokenPipeError:
            _silence_stdout()
            raise typer.Exit(CLOSED_PIPE) from None
        except KeyboardInterrupt:
            say_line("Interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, a person gets one line
            report(error, debug=bool(getattr(ctx.obj, "debug", False)))
            if isinstance(error, OSError):
                _silence_stdout()
            raise typer.Exit(ERROR) from None
        return result


def report(error: Exception, *, debug: bool) -> None:
    """Says in one line on stderr what went wrong and what mends it; before it the traceback, if `debug`."""
    if debug:
        with contextlib.suppress(OSError):
            traceback.print_exception(error)
    if isinstance(error, QabotError):
        say_line(f"Error: {error}")
        return
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    mend = "" if debug else ". Run it again with --debug to see where"
    say_line(f"Error: unexpected {what}{mend}")


def say_line(text: str) -> None:
    """One line on stderr, if anybody still listens there."""
    with contextlib.suppress(OSError):
        print(safe(text, one_line=True), file=sys.stderr, flush=True)


def _silence_stdout() -> None:
    """Sends what is left in stdout's buffer nowhere, so that Python does not complain of it at the end."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
