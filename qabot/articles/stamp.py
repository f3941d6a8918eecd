"""Stamp: what a file's entry says about its content, so that an unchanged file need not be read again."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

_TICK_NS = 20_000_000
"""Two changes within a tick of the file system's clock may leave one time; kernels tick every 1 to 10 ms."""


class Stamp(NamedTuple):
    """Size, times and number of a file. Any write, replacement or renaming gives another one."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int


def stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def let_settle(stamp: Stamp) -> None:
    """Waits until the file is a tick old: a change after this is seen in its stamp."""
    age = time.time_ns() - stamp.changed_ns
    if 0 <= age < _TICK_NS:
        time.sleep((_TICK_NS - age) / 1e9)
