"""Copies of files of a generation, checked while they are made. Never links: what is copied here is changed later."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qabot.errors import DamagedIndexError
from qabot.index.manifest import FileEntry

_AT_ONCE = 4_000_000


def copy_checked(source: Path, target: Path, entry: FileEntry) -> None:
    """Copies `source`, of which a manifest says `entry`, to the new file `target`.

    Raises:
        DamagedIndexError: it is not the file that was written.
        OSError: it cannot be copied.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(_AT_ONCE):
            digest.update(block)
            writing.write(block)
    if digest.hexdigest() != entry.sha256:
        cause = f"{source} is not the file that was written: its checksum differs"
        raise DamagedIndexError(cause, "Build it again: qabot index --full")
