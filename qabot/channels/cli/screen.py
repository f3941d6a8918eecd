"""The one way to print text for people."""

from __future__ import annotations

import sys

from rich.console import Console

_PLAIN_WIDTH = 200
"""Columns for tables where there is no terminal to ask."""


class Screen(Console):
    """A console that prints text as it is: no markup, no emoji codes, no colouring by guess, no hard wrapping.

    It is plain where the stream is no terminal; NO_COLOR is honoured.
    """

    def __init__(self, *, stderr: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        width = None if stream.isatty() else _PLAIN_WIDTH
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False, soft_wrap=True)

    @property
    def styled(self) -> bool:
        """Whether bold and reverse can be seen here; where not, text has to mark things with characters."""
        return self.is_terminal and self.color_system is not None

    def on_broken_pipe(self) -> None:
        """Lets the error through to `Guarded`, which knows what to do with it."""
        raise  # noqa: PLE0704 - rich calls this while it handles the error
