"""Reading in processes of their own, with limits of time and memory, that live on from file to file.

Each process is given a few files ahead and answers in their order, so the pipe between is all the queue there is: a
process that is far ahead waits. One that takes too long, needs too much memory or crashes is replaced, its file is one
Skipped, and the files behind it are read by the next.
"""

from __future__ import annotations

import base64
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from qabot.articles.article import Article
from qabot.articles.limits import Limits
from qabot.articles.reading import FileDone, Item
from qabot.articles.skipped import Skipped
from qabot.articles.wire import from_json, pack, unpack
from qabot.errors import SeedsError

_START_SECONDS = 60
"""Most seconds for a process to start, or to find a file on a disk that sleeps."""

_UNREAD_BYTES = 32_768
"""Half of what a pipe holds: more told ahead could make both sides wait for each other."""

_PROGRAM = """
import sys
sys.path.extend(folder for folder in sys.argv[1:] if folder not in sys.path)
from qabot.articles.worker import main
main()
"""


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A file that has been given to a process, for `Pool.results`."""

    shown: str
    task: list[Any] = field(repr=False)
    process: _Process = field(repr=False)


class Pool:
    """Up to `jobs` processes that read, started when there is something for them."""

    def __init__(self, limits: Limits, jobs: int) -> None:
        self._limits = limits
        self._processes = [_Process(limits) for _ in range(max(1, jobs))]

    def submit(self, path: Path, shown: str) -> Ticket:
        """Has `path` read by the process that has least before it."""
        return self._give(["file", os.fspath(path), shown], shown)

    def submit_page(self, body: bytes, about: dict[str, Any]) -> Ticket:
        """As `submit`, for a page that is no file; `about` are the other arguments of `page_record`."""
        return self._give(["page", base64.b64encode(body).decode("ascii"), about], about["path"])

    def _give(self, task: list[Any], shown: str) -> Ticket:
        process = min(self._processes, key=lambda process: len(process.waiting))
        ticket = Ticket(shown, task, process)
        process.give(ticket)
        return ticket

    def results(self, ticket: Ticket) -> Iterator[Item]:
        """What the file gave; tickets have to come in the order in which they were given out.

        A failure is a Skipped, then FileDone without a stamp.
        """
        process = ticket.process
        found = 0
        seconds = float(_START_SECONDS)
        while True:
            try:
                match process.hear(seconds):
                    case ["begin"]:
                        seconds = self._limits.max_read_seconds
                    case ["items", values]:
                        found += len(values)
                        yield from map(from_json, values)
                    case ["failed", reason]:
                        yield Skipped(ticket.shown, _partly(reason, found))
                        found = -1
                    case ["end", tired]:
                        process.finished(tired=tired)
                        return
            except _FailedError as failure:
                process.replace()
                if found >= 0:
                    yield Skipped(ticket.shown, _partly(failure.reason, found))
                yield FileDone(ticket.shown, None)
                return

    def close(self) -> None:
        """Ends the processes, whatever they are doing."""
        for process in self._processes:
            process.stop()


def read_page(body: bytes, limits: Limits, *, url: str | None, charset: str | None, path: str, own_id: str) -> Article:
    """The article of a web page, read in a process of its own; see `page_record` for the arguments.

    Raises:
        SeedsError: there is no article in it, or it takes too much time or memory.
    """
    with closing(Pool(limits, 1)) as pool:
        ticket = pool.submit_page(body, {"url": url, "charset": charset, "path": path, "own_id": own_id})
        for item in pool.results(ticket):
            if isinstance(item, Article):
                return item
            if isinstance(item, Skipped):
                raise SeedsError(item.reason)
    raise SeedsError("holds no text")


class _FailedError(Exception):
    """A process gave no answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Process:
    """One process that reads, and the files that it has been given and not finished."""

    def __init__(self, limits: Limits) -> None:
        self.waiting: deque[Ticket] = deque()
        self._limits = limits
        self._told: deque[int] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._answering = select.poll()  # holds no descriptor of its own

    def give(self, ticket: Ticket) -> None:
        self.waiting.append(ticket)
        if self._process:
            self._tell_more()
        elif len(self.waiting) == 1:
            self._start()

    def hear(self, seconds: float) -> Any:
        """The next frame.

        Raises:
            _FailedError: it did not come within `seconds`, or the process is gone.
        """
        if not self._process:
            self._start()
        deadline = time.monotonic() + seconds
        try:
            return unpack(lambda size: self._read(size, deadline))
        except EOFError as error:
            raise _FailedError(self._why_gone()) from error

    def finished(self, *, tired: bool) -> None:
        """The first file that waits is done; a `tired` process is replaced."""
        self.waiting.popleft()
        self._told.popleft()
        if tired:
            self._restart()
        else:
            self._tell_more()

    def replace(self) -> None:
        """Gives up the first file that waits and the process with it."""
        self.waiting.popleft()
        self._restart()

    def stop(self) -> None:
        if self._process:
            if self._process.stdout:
                self._answering.unregister(self._process.stdout)
            self._process.kill()
            # Closing flushes what could not be written to a process that is gone.
            with suppress(BrokenPipeError):
                self._process.__exit__(None, None, None)
            self._process = None
            self._told.clear()

    def _restart(self) -> None:
        self.stop()
        if self.waiting:
            self._start()

    def _start(self) -> None:
        # Not by multiprocessing: it runs the caller's program again. -P keeps the current folder off the path, where
        # a seed might be called json.py; secrets in the environment are no business of what reads hostile files.
        command = [sys.executable, "-P", "-c", _PROGRAM, *(folder for folder in sys.path if folder)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QABOT_")}
        try:
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
        except OSError:
            return  # heard as a failure of the first file
        if self._process.stdout:
            self._answering.register(self._process.stdout, select.POLLIN)
        self._tell(pack(asdict(self._limits)))
        self._tell_more()

    def _tell_more(self) -> None:
        """Tells the process of files that wait, as far as it surely takes them while it is writing itself."""
        for ticket in islice(self.waiting, len(self._told), None):
            frame = pack(ticket.task)
            if self._told and sum(self._told) + len(frame) > _UNREAD_BYTES:
                return
            self._told.append(len(frame))
            self._tell(frame)

    def _tell(self, frame: bytes) -> None:
        if self._process and self._process.stdin:
            with suppress(BrokenPipeError):  # it is gone: heard as a failure
                self._process.stdin.write(frame)
                self._process.stdin.flush()

    def _read(self, size: int, deadline: float) -> bytes:
        if not (self._process and self._process.stdout):
            raise _FailedError("no process could be started to read it")
        parts = bytearray()
        while len(parts) < size:
            left = deadline - time.monotonic()
            if not self._answering.poll(max(0.0, left) * 1000):
                raise _FailedError(self._too_slow())
            part = os.read(self._process.stdout.fileno(), min(size - len(parts), 1 << 20))
            if not part:
                break
            parts += part
        return bytes(parts)

    def _why_gone(self) -> str:
        code = self._process.wait() if self._process else 0
        if code == -getattr(signal, "SIGXCPU", 0):
            return self._too_slow()
        if code == -getattr(signal, "SIGKILL", 0):
            return "needs more memory than there is"
        return f"crashes its reader ({signal.Signals(-code).name})" if code < 0 else "crashes its reader"

    def _too_slow(self) -> str:
        return f"takes longer than max_read_seconds = {self._limits.max_read_seconds:g}"


def _partly(reason: str, found: int) -> str:
    return f"was read in part: {reason}" if found else reason
