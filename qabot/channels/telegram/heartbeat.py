"""Heartbeat: the running bot writes every few seconds how it is, and `qabot telegram status` reads it."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, Self

from qabot.settings import Settings

FILE = "telegram.json"

EVERY_SECONDS = 5.0
STALE_SECONDS = 30.0
"""Six beats missed: the event loop hangs, the disk is full, or the process was stopped (SIGSTOP)."""

_LONGEST_FILE = 64 * 1024

_log = logging.getLogger(__name__)

State = Literal["running", "stale", "stopped"]


@dataclass(frozen=True, slots=True)
class Beat:
    """How the bot is. Times are Unix seconds, None if there was none yet.

    `process` tells the process from a later one with the same pid (its start in clock ticks after boot; "" where the
    system does not tell). `stopped` says that it ended in order.
    """

    pid: int
    bot: str
    started: float
    written: float
    generation: str = ""
    last_update: float | None = None
    last_poll: float | None = None
    queue_depth: int = 0
    counters: dict[str, int] = field(default_factory=dict)
    notice: str = ""
    process: str = ""
    stopped: bool = False

    @classmethod
    def from_dict(cls, stored: object) -> Self | None:
        """The beat that `asdict` gave; None if it is not of that form. Fields of a later version are left out."""
        if not isinstance(stored, dict):
            return None
        known = {entry.name: stored[entry.name] for entry in fields(cls) if entry.name in stored}
        if not all(_fits(name, value) for name, value in known.items()):
            return None
        try:
            return cls(**known)
        except TypeError:
            return None


@dataclass(frozen=True, slots=True)
class Health:
    """What the file says of the bot.

    "running": its process lives and wrote lately; "stale": it lives and did not; "stopped": there is none. `why` is
    one sentence without a full stop where it is not running; `age` is seconds since the last beat.
    """

    state: State
    beat: Beat | None
    age: float | None
    why: str


def heartbeat_file(settings: Settings) -> Path:
    return settings.state_folder / FILE


def write_heartbeat(path: Path, beat: Beat) -> None:
    """Replaces the file in one step: a reader sees the old beat or the new one.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(json.dumps(asdict(beat), indent=1) + "\n", encoding="utf-8")
    aside.replace(path)


async def keep_beating(path: Path, snapshot: Callable[[], Beat], every: float = EVERY_SECONDS) -> None:
    """Writes `snapshot()` until cancelled, and then once more, as stopped. A full disk is logged once and ends nothing.

    It runs on the event loop and writes in a thread: an event loop that hangs beats no more, a slow disk holds nothing
    up.
    """
    failing = False
    writing: asyncio.Task[None] | None = None
    try:
        while True:
            try:
                writing = asyncio.create_task(asyncio.to_thread(write_heartbeat, path, snapshot()))
                await asyncio.shield(writing)
                failing = False
            except OSError as error:
                if not failing:
                    _log.warning("The heartbeat %s cannot be written: %s", path, error)
                failing = True
            await asyncio.sleep(every)
    finally:
        if writing:
            await asyncio.wait({writing})  # or the last word would be overwritten
        try:
            write_heartbeat(path, replace(snapshot(), stopped=True))
        except OSError as error:
            _log.warning("The heartbeat %s cannot be written: %s", path, error)


def read_heartbeat(path: Path, now: float | None = None) -> Health:
    """How the bot is, as its file and its process tell. Never raises: what cannot be read is "stopped"."""
    try:
        with path.open("rb") as file:
            beat = Beat.from_dict(json.loads(file.read(_LONGEST_FILE)))
    except FileNotFoundError:
        return Health("stopped", None, None, "it has not run here yet")
    except (OSError, ValueError, RecursionError) as error:
        return Health("stopped", None, None, f"{path} cannot be read: {error}")
    if beat is None:
        return Health("stopped", None, None, f"{path} is no heartbeat")
    age = (time.time() if now is None else now) - beat.written
    if beat.stopped:
        return Health("stopped", beat, age, "it was stopped")
    if not _lives(beat):
        return Health("stopped", beat, age, f"its process {beat.pid} has ended without a word")
    if abs(age) > STALE_SECONDS:
        return Health("stale", beat, age, f"its process {beat.pid} lives, but wrote nothing for {abs(age):.0f} s")
    return Health("running", beat, age, "")


def process_start(pid: int) -> str:
    """When the process began, in clock ticks after boot; "" if there is none or the system has no /proc."""
    try:
        # proc(5): the 22nd field; the second is the program's name in brackets, which may hold anything.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _lives(beat: Beat) -> bool:
    try:
        os.kill(beat.pid, 0)
    except PermissionError:
        pass  # it lives, as another user's
    except (OSError, OverflowError):
        return False
    return not beat.process or process_start(beat.pid) in {"", beat.process}


def _fits(name: str, value: Any) -> bool:
    if name == "pid":
        return isinstance(value, int) and value > 0
    if name in {"started", "written"}:
        return _is_time(value)
    if name in {"last_update", "last_poll"}:
        return value is None or _is_time(value)
    if name == "queue_depth":
        return isinstance(value, int)
    if name == "stopped":
        return isinstance(value, bool)
    if name == "counters":
        return isinstance(value, dict) and all(isinstance(count, int) for count in value.values())
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
