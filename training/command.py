"""Running a recipe as a command: errors in one line on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from qabot.errors import QabotError

ERROR, INTERRUPTED = 2, 130


def run_command(
    parser: argparse.ArgumentParser, work: Callable[[argparse.Namespace], None], arguments: Sequence[str] | None
) -> int:
    """Does `work` with what `parser` makes of `arguments` (the process's own, if None); gives the exit code."""
    given = parser.parse_args(arguments)
    try:
        work(given)
    except QabotError as error:
        print(f"Error: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("Interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0
