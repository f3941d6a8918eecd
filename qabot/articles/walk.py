"""The files of the seeds folder, in an order that is the same everywhere, and how one is opened safely."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError, one_line


def walk(root: Path) -> Iterator[Path | Skipped]:
    """The regular files under `root`, folder by folder and sorted by name; what is no such file is Skipped.

    Hidden files and folders are passed over. Links are not followed: what they name inside the folder is met in its
    own place, and what lies outside is not the folder's.

    Args:
        root: an existing folder.
    """
    home = root.resolve()
    waiting = [root]
    while waiting:
        path = waiting.pop()
        shown = shown_path(path, root)
        try:
            mode = path.lstat().st_mode if path != root else stat.S_IFDIR
            if stat.S_ISLNK(mode):
                yield _link(path, home, shown)
            elif stat.S_ISDIR(mode):
                names = sorted((name for name in os.listdir(path) if not name.startswith(".")), key=os.fsencode)  # noqa: PTH208
                waiting += [path / name for name in reversed(names)]
            elif stat.S_ISREG(mode):
                yield path
            else:
                yield Skipped(shown, "is no file or folder but a pipe, socket or device")
        except OSError as error:
            yield Skipped(shown, why(error))


def open_file(path: Path) -> BinaryIO:
    """`path` for reading, without waiting on a pipe and without following a link that took its place meanwhile.

    Raises:
        SeedsError: it is no regular file (any more).
        OSError: it cannot be opened.
    """
    flags = os.O_RDONLY
    for flag in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"):  # whichever this system has
        flags |= getattr(os, flag, 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise SeedsError("is no regular file")


def shown_path(path: Path, root: Path) -> str:
    """`path` relative to `root` with `/` between the names, on one line.

    Control characters, backslashes and bytes that are no UTF-8 are shown as escapes, so that two names are never shown
    as one.
    """
    return shown_name(os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "surrogateescape"))


def shown_name(name: str) -> str:
    """`name`, of a file or of something in an archive, on one line; see `shown_path`."""
    text = name.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode() for ch in text)


def why(error: OSError) -> str:
    """The reason of a failure to read, as a phrase for a Skipped."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR | errno.ESTALE:
            return "vanished while the folder was read"
        case errno.EACCES | errno.EPERM:
            return "cannot be read: permission denied"
        case errno.ELOOP:
            return "became a link while the folder was read"
        case _:
            return f"cannot be read: {one_line(error.strerror or type(error).__name__)}"


def _link(path: Path, home: Path, shown: str) -> Skipped:
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return Skipped(shown, "is a link to nothing")
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        return Skipped(shown, "is a link that cannot be followed")
    if target.is_relative_to(home):
        return Skipped(shown, f"is a link to {shown_path(target, home)}, which is read in its own place", harmless=True)
    return Skipped(shown, "is a link that leads out of the seeds folder")
