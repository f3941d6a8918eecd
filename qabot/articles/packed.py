"""What is packed in a file: read as a file of its own, within what the outer one may unpack to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from qabot.articles.article import Article
from qabot.articles.limits import DEEPEST, Budget
from qabot.articles.readers import HEAD, STREAMED, Kind, guarded, kind_of, reader_of
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

_CONTAINERS: frozenset[Kind] = frozenset({"zip", "gzip", "eml"})


class Metered(io.RawIOBase):
    """A file that is being unpacked, which takes what is read of it off a budget."""

    def __init__(self, unpacked: IO[bytes], budget: Budget) -> None:
        super().__init__()
        self._unpacked = unpacked
        self._budget = budget
        self._furthest = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._unpacked.seek(offset, whence)

    def tell(self) -> int:
        return self._unpacked.tell()

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self._unpacked.read(len(view))
        view[: len(data)] = data
        reached = self._unpacked.tell()
        self._budget.spend(max(0, reached - self._furthest))
        self._furthest = max(self._furthest, reached)
        return len(data)


def read_packed(unpacked: io.RawIOBase, name: str, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The articles in something packed.

    Args:
        unpacked: open at its start.
        name: by which its kind is told, if its content does not.
        path: to show.
        budget: of the file that it is packed in.

    Raises:
        SeedsError: there is no reader for it, it is too large, malformed or packed too deeply.
        OSError: it cannot be read.
    """
    file: BinaryIO = io.BufferedReader(unpacked, 1 << 16)
    head = file.read(HEAD)
    file.seek(0)
    kind = kind_of(name, head)
    if kind in _CONTAINERS and budget.depth >= DEEPEST:
        raise SeedsError(f"is packed more than {DEEPEST} deep")
    if kind not in STREAMED or kind == "zip":
        # In memory: their readers go back and forth, and unpacking cannot.
        data = file.read(budget.limits.file_bytes + 1)
        budget.refuse_large(len(data))
        file = io.BytesIO(data)
    budget.depth += 1
    try:
        yield from guarded(reader_of(kind)(file, path, budget))
    finally:
        budget.depth -= 1
