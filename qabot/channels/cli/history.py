"""Line editing for `qabot chat`: history from session to session, and completion of its commands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_LINES_KEPT = 1000


def history_file() -> Path:
    """In the folder for what programs remember, by the XDG Base Directory Specification."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if state.startswith("/") else Path.home() / ".local/state"
    return folder / "qabot/history"


@contextlib.contextmanager
def line_editing(commands: Sequence[str]) -> Iterator[None]:
    """Arrow keys, history and Tab for `input` in this block, where Python has readline; else nothing."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return

    def complete(text: str, state: int) -> str | None:
        fitting = [command for command in commands if command.startswith(text)] if text.startswith("/") else []
        return fitting[state] if state < len(fitting) else None

    path = history_file()
    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    try:
        yield
    finally:
        readline.set_history_length(_LINES_KEPT)
        # A history that cannot be kept is no reason to end with an error.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)
            path.chmod(0o600)
