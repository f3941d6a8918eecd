"""Lease: a reader's word that it reads a generation, kept by the kernel until the reader closes it or dies.

It is a shared flock on the generation's folder itself: nothing is written, so it works in folders that may only be
read, and nothing is left behind by a killed process. Who wants to remove the folder takes the exclusive lock first.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qabot.errors import DamagedIndexError


class Lease:
    """While it is open, no process removes `folder`. Where the file system has no locks, it only looks like one.

    Raises:
        DamagedIndexError: the folder is gone, or going.
    """

    __slots__ = ("_descriptor",)

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = None
        gone = DamagedIndexError(f"{folder} is not there", "Build it again: qabot index")
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            raise gone from None
        except OSError:  # may be entered but not listed: the files can still be read
            return
        self._descriptor = descriptor
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise gone from None
        except OSError:  # network file systems without locks
            return
        if not _is(folder, descriptor):
            self.close()
            raise gone

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.close()


@contextmanager
def sole(folder: Path) -> Iterator[bool]:
    """Whether nobody reads `folder`; if so, nobody can begin to until the block ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        except OSError:  # no locks here: an open file stays readable after its removal
            yield True
        else:
            yield _is(folder, descriptor)
    finally:
        os.close(descriptor)


def _is(folder: Path, descriptor: int) -> bool:
    """Whether the folder of that name is still the open one."""
    try:
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    except OSError:
        return False
