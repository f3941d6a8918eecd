"""Generations on disk: written aside, put in place by one rename, named by CURRENT.

generations/
  CURRENT                the id of the generation in service
  000007-20260704T1015Z  a published generation: immutable
  .building-…            one that is being written, or was when its process was killed
  .lock                  held by the process that builds
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qabot.errors import BuildInProgressError, DamagedIndexError, NoIndexError

CURRENT = "CURRENT"
_BUILDING = ".building-"
_LOCK = ".lock"
_ID = re.compile(r"(\d{6})-\d{8}T\d{4}Z")


def current_generation(generations: Path) -> Path:
    """The folder of the generation in service.

    Raises:
        NoIndexError: none was published.
        DamagedIndexError: CURRENT names a generation that is not there.
    """
    try:
        name = (generations / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoIndexError(f"There is no index in {generations} yet", "Build it: qabot index") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(f"{generations / CURRENT} cannot be read: {error}", "Build it: qabot index") from error
    folder = generations / name
    if not _ID.fullmatch(name) or not folder.is_dir():
        raise DamagedIndexError(f"{generations / CURRENT} names {name!r}, which is not there", "Build it: qabot index")
    return folder


def published_generations(generations: Path) -> list[Path]:
    """All published generations, oldest first."""
    return sorted(path for path in generations.iterdir() if path.is_dir() and _ID.fullmatch(path.name))


@contextmanager
def building(generations: Path) -> Iterator[Path]:
    """A fresh folder to write a generation in, its name being `.building-<id>`, while no other process can build.

    What killed builds left is removed first; what this one leaves unpublished, at the end.

    Raises:
        BuildInProgressError: another process builds.
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
        for left in generations.glob(_BUILDING + "*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = generations / (_BUILDING + _new_id(generations))
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def generation_id(folder: Path) -> str:
    """The id that the generation being written in `folder` will have."""
    return folder.name.removeprefix(_BUILDING)


def publish(folder: Path, keep: int) -> Path:
    """Puts the generation written in `folder` into service, and removes all but the newest `keep` generations.

    Everything is on the disk before CURRENT names it: a crash at any point leaves either the old or the new one.
    """
    generations = folder.parent
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    final = generations / generation_id(folder)
    folder.rename(final)
    _sync(generations)
    aside = generations / f"{CURRENT}.new"
    aside.write_text(final.name + "\n", encoding="utf-8")
    _sync(aside)
    aside.replace(generations / CURRENT)
    _sync(generations)
    for old in published_generations(generations)[:-keep]:
        if old != final:
            _remove(old)
    return final


def _remove(old: Path) -> None:
    """Takes `old` out of sight, then away. A reader that is just opening it may still make a lock file in it; what is
    left then is removed by the next build."""
    aside = old.with_name(_BUILDING + old.name)
    old.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _new_id(generations: Path) -> str:
    """Time of the build and a running number: ids sort by age even when the clock is set back."""
    numbers = [int(path.name.partition("-")[0]) for path in published_generations(generations)]
    return f"{max(numbers, default=0) + 1:06d}-{datetime.now(UTC):%Y%m%dT%H%MZ}"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
