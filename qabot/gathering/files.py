"""Files that are whole or not there: written under a hidden name, synced, then put in place by one rename."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from pathlib import Path, PurePosixPath

from qabot.errors import WriteError

LONGEST_NAME = 200
"""Bytes of a file's name: most file systems take 255, and the name it is written under first is longer."""

_UNSAFE = re.compile(r'[/\\:*?"<>|%]')
_RESERVED = frozenset("con prn aux nul".split()) | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}


def write_file(path: Path, data: bytes, *, within: Path) -> None:
    """Writes `data` to `path`. A process that is killed leaves the old file, or none.

    Args:
        path: its folder is made.
        data: all of it.
        within: the folder that the file must not leave; see `make_folder`.

    Raises:
        WriteError: the disk is full or the folder cannot be written.
    """
    make_folder(path.parent, within=within)
    try:
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def make_folder(folder: Path, *, within: Path) -> None:
    """Makes `folder` and those above it.

    Raises:
        WriteError: it cannot be made, or there is a link on the way from `within`: what lies behind it is not read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        straight = folder.resolve() == within.resolve() / folder.relative_to(within)
    except OSError as error:
        raise cannot_write(folder, error) from error
    if not straight:
        raise WriteError(f"{folder} is a link, or behind one", "Put a folder in its place")


def cannot_write(path: Path, error: OSError) -> WriteError:
    """The error for a file or folder that could not be written."""
    return WriteError(f"{path} cannot be written: {error.strerror or error}", "Give access or make room, then again")


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` last, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def safe_name(name: str, *, longest: int = LONGEST_NAME) -> str:
    """`name` as a file's name on any system: one line, visible, no separators, at most `longest` bytes; or "".

    The suffix stays when the name is cut.
    """
    name = "".join(ch if ch.isprintable() else " " for ch in unicodedata.normalize("NFC", name))
    name = " ".join(_UNSAFE.sub("-", name.encode("utf-8", "replace").decode()).split()).strip(". ")
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > 20:
        suffix = ""
    stem = name.removesuffix(suffix)
    if stem.casefold() in _RESERVED:
        stem = f"{stem}_"
    stem = stem.encode()[: longest - len(suffix.encode())].decode("utf-8", "ignore")
    return f"{stem.strip('. ')}{suffix}" if stem.strip(". ") else ""
