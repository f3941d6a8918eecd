"""SHA-256 of files, and the check of a generation against its manifest before any of its files is read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from qabot.errors import DamagedIndexError
from qabot.index.manifest import MANIFEST, FileEntry

REMEMBERED_BYTES = 8_000_000
"""Files from this size on are hashed once and then known by their stat, which any change of them alters."""

_REMEMBERED = 64
"""Big files that are remembered: some generations' worth."""

LOCK_SUFFIX = ".lock"
"""tantivy leaves lock files behind, and makes them again when it reads."""

_MEND = "Build it again: qabot index"


def file_entry(path: Path) -> FileEntry:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        return FileEntry(size=os.fstat(file.fileno()).st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def entries(folder: Path) -> dict[str, FileEntry]:
    """An entry for every file in `folder`, by its relative path, but for the manifest and empty lock files."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST and path.suffix != LOCK_SUFFIX
    )
    return {path.relative_to(folder).as_posix(): file_entry(path) for path in files}


def check_files(folder: Path, expected: Mapping[str, FileEntry], memory: Path | None) -> None:
    """Compares the files of a generation with its manifest.

    Args:
        folder: the generation.
        expected: the manifest's entries.
        memory: a file that remembers, by stat, the big files that were found whole before; it may be missing
            or unwritable, which only costs time. None: hash every file, and remember nothing.

    Raises:
        DamagedIndexError: a file is missing, of another size or of another content; names it.
    """
    known = _recall(memory) if memory else []
    seen: list[str] = []
    for name, entry in expected.items():
        path = folder / name
        try:
            stat = path.stat()
            if stat.st_size != entry.size:
                raise DamagedIndexError(f"{path} has {stat.st_size} bytes instead of {entry.size}", _MEND)
            # Not by its path: a generation is renamed when it is published.
            mark = f"{stat.st_dev} {stat.st_ino} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {entry.sha256}"
            big = entry.size >= REMEMBERED_BYTES
            if not (big and mark in known) and file_entry(path) != entry:
                raise DamagedIndexError(f"{path} is not the file that was written: its checksum differs", _MEND)
        except OSError as error:
            raise DamagedIndexError(f"{path} cannot be read: {error.strerror}", _MEND) from error
        if big:
            seen.append(mark)
    if memory and not set(seen) <= set(known):
        _remember(memory, [*seen, *(mark for mark in known if mark not in seen)][:_REMEMBERED])


def _recall(memory: Path) -> list[str]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [mark for mark in known if isinstance(mark, str)] if isinstance(known, list) else []


def _remember(memory: Path, seen: Sequence[str]) -> None:
    aside = memory.with_suffix(f".{os.getpid()}")
    with suppress(OSError):  # it is only a memory
        memory.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(seen), encoding="utf-8")
        aside.replace(memory)
