"""A small house: articles, some of them hostile, and ways to run the command in a process or at a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DAM_QUESTION = "How much did the dam near Almaty cost?"
DAM_SENTENCE = "The dam near Almaty cost 12 million dollars."
HOSTILE_QUESTION = "How many zebras did the zebra census count?"
HOSTILE_SENTENCE = (
    "The zebra census counted \x1b[31m512 zebras\x1b[0m "
    "[bold red]last year[/bold red] [2] :smile: \u202eby night\u202c."
)
ARTICLES: list[dict[str, object]] = [
    {
        "id": "dam",
        "title": "Almaty opens a dam",
        "published": "2023-07-04",
        "source": "Kazinform",
        "url": "https://example.org/dam",
        "text": f"Almaty, the largest city of Kazakhstan, opened a dam on Monday.\n\n{DAM_SENTENCE}"
        " Its wall is 150 metres high.\n\nEngineers had planned it since 1966.",
    },
    {
        "id": "chess",
        "title": "Carlsen wins in Stavanger",
        "published": "2023-06-09",
        "source": "Nordic Herald",
        "text": "Magnus Carlsen won the chess tournament in Stavanger.\n\nThe prize was 60,000 euros.",
    },
    {
        "id": "-zebra 1",
        "title": "Zebras \x1b[2J[bold]counted[/bold] :smile:",
        "source": "Savanna \u202eNews",
        "text": f"{HOSTILE_SENTENCE}\n\nNobody knows why the census was held.",
    },
    {"id": "bees", "text": "Beekeepers in Slovenia counted 11,000 hives this spring."},
]

_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "qabot", *sys.argv[1:]])
"""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def write_seeds(home: Path, articles: list[dict[str, object]] = ARTICLES) -> None:
    (home / "seeds").mkdir(exist_ok=True)
    lines = [json.dumps(article) + "\n" for article in articles]
    (home / "seeds/articles.jsonl").write_text("".join(lines), encoding="utf-8")


def start(*words: str, **options: Any) -> subprocess.Popen[bytes]:
    """A real process of the command."""
    return subprocess.Popen([sys.executable, "-m", "qabot", *words], **options)


def run_process(*words: str, **options: Any) -> Ran:
    """Runs a real process of the command to its end; its output is read as UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "qabot", *words], capture_output=True, check=False, timeout=60, **options
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


class Terminal:
    """A person at a terminal: types keys, sees what is shown."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self._process = process
        self.raw = ""

    @property
    def text(self) -> str:
        """What is shown, without the escape sequences that style it."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, text: str, times: int = 1) -> None:
        deadline = time.monotonic() + 30
        while self.text.count(text) < times:
            assert time.monotonic() < deadline, f"{text!r} was not shown, but: {self.text}"
            assert self._read(), f"{text!r} was not shown, but: {self.text}"

    def end(self) -> int:
        while self._read():
            pass
        return self._process.wait(timeout=30)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 30)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def at_terminal(*words: str, **environment: str) -> Iterator[Terminal]:
    """A real process of the command at a terminal of 80 by 24."""
    master, slave = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PAGER", "LESS")}
    with closing(os.fdopen(master, "wb", buffering=0)):
        process = subprocess.Popen(
            [sys.executable, "-c", _TERMINAL, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=plain | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "PAGER": "cat"} | environment,
        )
        os.close(slave)
        try:
            yield Terminal(master, process)
        finally:
            process.kill()
            process.wait()
