"""The process that reads files which could take all time or memory; `isolated` starts it and talks to it.

It is told what to read on its standard input and answers on its standard output, in frames (see `wire`). It ends when
its input does, so it does not outlive who started it.
"""

from __future__ import annotations

import base64
import math
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from qabot.articles.limits import MEGABYTE, Limits
from qabot.articles.readers import STREAMED, Kind
from qabot.articles.reading import Item, read_file
from qabot.articles.record import make_article
from qabot.articles.wire import as_json, pack, unpack
from qabot.errors import SeedsError

OUT_OF_MEMORY = "needs more memory than max_memory_mb = {}"

_BATCH = 64
_BATCH_SECONDS = 0.5
_BATCH_CHARS = 500_000
_SPARE_SECONDS = 5
"""Processor time past the limit after which the system ends this process, if nobody else does."""

_TIRED = 0.5
"""Share of the memory limit from which a new process is better: memory that libraries took is not given back."""


class Worker:
    """Reads what it is told and writes what it finds."""

    def __init__(self, told: BinaryIO, tell: BinaryIO) -> None:
        self._told = told
        self._tell = tell
        self._limits = Limits(**unpack(told.read))
        self._bound_memory()

    def run(self) -> None:
        with suppress(EOFError, BrokenPipeError):
            while True:
                task = unpack(self._told.read)
                try:
                    self._do(task)
                except MemoryError:
                    self._say(["failed", OUT_OF_MEMORY.format(self._limits.max_memory_mb)])
                    return

    def _do(self, task: list[Any]) -> None:
        self._allow_time()
        match task:
            case ["file", path, shown]:
                self._read_file(Path(path), shown)
            case ["page", body, about]:
                self._read_page(base64.b64decode(body), about)

    def _read_file(self, path: Path, shown: str) -> None:
        streamed = False

        def begin(kind: Kind) -> None:
            nonlocal streamed
            streamed = kind in STREAMED and kind != "zip"
            self._say(["begin"])

        batch: list[Item] = []
        size, since = 0, time.monotonic()
        for item in read_file(path, shown, self._limits, begin):
            batch.append(item)
            size += len(getattr(item, "text", ""))
            # What an archive or a document gave is told at once: the next thing in it may end this process.
            if not streamed or len(batch) >= _BATCH or size > _BATCH_CHARS or time.monotonic() - since > _BATCH_SECONDS:
                self._say_items(batch)
                batch, size, since = [], 0, time.monotonic()
        self._say_items(batch)
        self._say(["end", self._is_tired()])

    def _read_page(self, body: bytes, about: dict[str, Any]) -> None:
        from qabot.articles.html import page_record  # noqa: PLC0415
        from qabot.articles.readers import guarded  # noqa: PLC0415

        self._say(["begin"])
        try:
            [article] = guarded(make_article(page_record(body, **about)) for _ in (1,))
            self._say_items([article])
        except SeedsError as error:
            self._say(["failed", error.cause])
        self._say(["end", self._is_tired()])

    def _say_items(self, items: list[Item]) -> None:
        if items:
            self._say(["items", [as_json(item) for item in items]])
            self._allow_time()

    def _say(self, value: Any) -> None:
        self._tell.write(pack(value))
        self._tell.flush()

    def _bound_memory(self) -> None:
        bound = _address_space() + self._limits.max_memory_mb * MEGABYTE
        with suppress(ValueError, OSError):  # a lower limit stands already, or the system knows none
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def _allow_time(self) -> None:
        """Processor time for the next article: the system's own clock, should the other side be gone."""
        spent = math.ceil(time.process_time() + self._limits.max_read_seconds) + _SPARE_SECONDS
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (spent, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    def _is_tired(self) -> bool:
        unit = 1 if sys.platform == "darwin" else 1024
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        return most > _TIRED * self._limits.max_memory_mb * MEGABYTE


def _address_space() -> int:
    """Bytes of address space that this process has; the libraries still to be loaded are allowed for."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError):
        return 500 * MEGABYTE
    return pages * os.sysconf("SC_PAGE_SIZE") + 300 * MEGABYTE


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this process
    tell = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the frames
    Worker(sys.stdin.buffer, tell).run()
