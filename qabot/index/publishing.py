"""Generations on disk: written aside, put in place by one rename, named by CURRENT.

generations/
  CURRENT                the id of the generation in service
  000007-20260704T1015Z  a published generation: immutable
  .building-…            one that is being written, or was when its process was killed
  .lock                  held by the process that builds
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from qabot.errors import BuildInProgressError, DamagedIndexError, NoIndexError
from qabot.index.lease import sole

CURRENT = "CURRENT"
_BUILDING = ".building-"
_LOCK = ".lock"
_ID = re.compile(r"[0-9]{6,12}-[0-9]{8}T[0-9]{4}Z")


def current_generation(generations: Path) -> Path:
    """The folder of the generation in service.

    Raises:
        NoIndexError: none was published.
        DamagedIndexError: CURRENT is missing or unreadable, or names a generation that is not there.
    """
    current = generations / CURRENT
    try:
        name = current.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if published_generations(generations):
            raise DamagedIndexError(f"{current} is missing", "Build it: qabot index") from None
        raise NoIndexError(f"There is no index in {generations} yet", "Build it: qabot index") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(f"{current} cannot be read: {error}", "Build it: qabot index") from error
    folder = generations / name
    if not _ID.fullmatch(name) or not folder.is_dir():
        raise DamagedIndexError(f"{current} names {name[:50]!r}, which is not there", "Build it: qabot index")
    return folder


def published_generations(generations: Path) -> list[Path]:
    """All published generations, oldest first; none where there is no such folder.

    Raises:
        DamagedIndexError: the folder cannot be listed.
    """
    try:
        found = [path for path in generations.iterdir() if _ID.fullmatch(path.name) and path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise DamagedIndexError(f"{generations} cannot be read: {error.strerror}", "Give access to it") from error
    return sorted(found, key=_number)


def generations_before(generations: Path, folder: Path | None) -> list[Path]:
    """The published generations that are older than the one in `folder`, newest first; all of them for None."""
    published = published_generations(generations)[::-1]
    return [path for path in published if folder is None or _number(path) < _number(folder)]


@contextmanager
def alone(generations: Path) -> Iterator[None]:
    """No other process builds, or removes generations, until the block ends. What killed ones left is removed first.

    Raises:
        BuildInProgressError: another process does.
        OSError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only builds need it

    generations.mkdir(parents=True, exist_ok=True)
    lock = FileLock(generations / _LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        cause = f"Another process is building an index in {generations}"
        raise BuildInProgressError(cause, "Wait until it has finished; then: qabot index") from None
    try:
        for left in leftovers(generations):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()


@contextmanager
def building(generations: Path) -> Iterator[Path]:
    """A fresh folder to write a generation in, its name being `.building-<id>`, while no other process can build.

    What is left in it unpublished is removed at the end; raises as `alone` does.
    """
    with alone(generations):
        folder = generations / (_BUILDING + _new_id(generations))
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def is_being_built(generations: Path) -> bool:
    """Whether a process builds, or removes generations, just now."""
    try:
        with (generations / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # there is no lock yet
        return False
    return False


def leftovers(generations: Path) -> list[Path]:
    """What killed builds left, and the one that is being written while a process builds."""
    return sorted(generations.glob(_BUILDING + "*"))


def generation_id(folder: Path) -> str:
    """The id that the generation being written in `folder` will have."""
    return folder.name.removeprefix(_BUILDING)


def publish(folder: Path, keep: int) -> Path:
    """Puts the generation written in `folder` into service, and removes what `remove_older` does.

    Everything is on the disk before CURRENT names it: a crash at any point leaves either the old or the new one.

    Raises:
        OSError: it cannot be put into service; the one before it still is.
    """
    generations = folder.parent
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    final = generations / generation_id(folder)
    folder.rename(final)
    try:
        _sync(generations)
        aside = generations / f"{CURRENT}.new"
        aside.write_text(final.name + "\n", encoding="utf-8")
        _sync(aside)
        aside.replace(generations / CURRENT)
    except OSError:
        final.rename(folder)  # whoever made the folder removes it there
        raise
    _sync(generations)
    remove_older(generations, keep, serving=final)
    return final


def remove_older(generations: Path, keep: int, serving: Path) -> tuple[list[Path], list[Path]]:
    """Removes all generations but `serving`, the newest `keep`, and those that a process reads.

    Only for the process that holds the lock of `building`.

    Returns:
        Those that were removed, and those that were not because a process reads them or the disk refused.
    """
    removed: list[Path] = []
    left: list[Path] = []
    for old in published_generations(generations)[:-keep]:
        if old != serving:
            (removed if _remove(old) else left).append(old)
    return removed, left


def _remove(old: Path) -> bool:
    """Takes `old` out of sight, then away, if nobody reads it. What is left in sight or not is no error: the build is
    done, and the next one tries again."""
    with suppress(OSError), sole(old) as unread:
        if unread:
            aside = old.with_name(_BUILDING + old.name)
            old.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
            return True
    return False


def _new_id(generations: Path) -> str:
    """Time of the build and a running number: ids sort by age even when the clock is set back."""
    numbers = [_number(path) for path in published_generations(generations)]
    return f"{max(numbers, default=0) + 1:06d}-{datetime.now(UTC):%Y%m%dT%H%MZ}"


def _number(folder: Path) -> int:
    return int(folder.name.partition("-")[0])


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
