"""A scene: a home with an index, a fake Telegram, and the real bot that answers there, in a thread or in a process."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_telegram.client.users import Private, User
from fake_telegram.driver import FakeTelegram
from pydantic import SecretStr

from qabot.channels.telegram.polling import Patience
from qabot.channels.telegram.running import run
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import Settings, load_settings

CHECKOUT = Path(__file__).resolve().parents[2]
SEED_QUESTION = "What did Kazakhstan propose for Afghanistan?"
DAM_QUESTION = "How much did the dam near Almaty cost?"
DAM_SENTENCE = "The dam near Almaty cost 12 million dollars."
CHESS_QUESTION = "Who won the chess tournament in Stavanger?"
CHESS_SENTENCE = "Magnus Carlsen won the chess tournament in Stavanger."
NO_ANSWER = "How many moons does the planet Jupiter have?"
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
        "text": f"{CHESS_SENTENCE}\n\nThe prize was 60,000 euros. " + "The halls were full on every day. " * 200,
    },
    {
        "id": "зебра 1",
        "title": "Zebras <b>counted</b> *_[x](y)_* 🦓",
        "source": "Savanna \u202eNews",
        "text": "The zebra census counted <b>512 zebras</b> _last_ *year* [2](tg://x) 🦓🦓.\n\nNobody knows why.",
    },
    {
        "id": "most",
        "title": "Новый мост через Иртыш",
        "published": "2023-05-02",
        "source": "Казинформ",
        "url": "https://example.org/most",
        "text": "Новый мост через Иртыш построили за 18 месяцев. Его длина составляет 1200 метров.",
    },
]
IMPATIENT = Patience(
    wait=2, slack=2, first_retry=0.05, longest_retry=0.3, conflict=1, settled=60, settled_conflict=2, calm=2
)

BURST = 20
"""Messages to one chat at once: no test waits for the limiter, which has its own."""


def make_home(folder: Path, encoder: Encoder) -> Path:
    """A home with the real seed and the made-up articles, indexed."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    for seed in (CHECKOUT / "seeds").glob("*.txt"):
        shutil.copy(seed, seeds)
    lines = [json.dumps(article) + "\n" for article in ARTICLES]
    (seeds / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    build(load_settings(folder), encoder)
    return folder


@dataclass(slots=True)
class Bot:
    """The bot in a thread of this process."""

    stop: Callable[[], None]
    ended: Future[None]
    said: list[str] = field(default_factory=list)

    def end(self) -> None:
        """Ends it in order; raises what it ended with."""
        self.stop()
        self.ended.result(timeout=30)


@contextmanager
def bot_in_thread(settings: Settings, token: str, *, patience: Patience = IMPATIENT) -> Iterator[Bot]:
    """Runs the bot until the block ends."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    ended: Future[None] = Future()
    bot = Bot(lambda: _from_outside(loop, stop.set), ended)

    def work() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(run(settings, SecretStr(token), stop, patience=patience, burst=BURST, said=bot.said.append))
            ended.set_result(None)
        except BaseException as error:  # noqa: BLE001 - the test gets it
            ended.set_exception(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield bot
    finally:
        bot.stop()
        thread.join(timeout=30)
        assert not thread.is_alive(), "the bot did not end"


def _from_outside(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


@dataclass(slots=True)
class Scene:
    """A fake Telegram with a bot that runs."""

    telegram: FakeTelegram
    settings: Settings
    bot: Bot

    def person(self, name: str = "Anna", language: str | None = "en") -> tuple[User, Private]:
        """Somebody new, and their chat with the bot."""
        user = self.telegram.user(name, language)
        return user, user.private()


@contextmanager
def scene(home: Path, telegram: FakeTelegram, *, patience: Patience = IMPATIENT, **flags: Any) -> Iterator[Scene]:
    """The bot runs at `home` with these settings, and receives updates."""
    settings = load_settings(home, telegram_api=telegram.api, **flags)
    with bot_in_thread(settings, telegram.token, patience=patience) as bot:
        wait_until(lambda: receives(telegram) or bot.ended.done())
        yield Scene(telegram, settings, bot)


def receives(telegram: FakeTelegram) -> bool:
    """Whether the bot has polled, or has set its webhook."""
    state = telegram.state()
    return state["polls"] > 0 or bool(state["webhook"].get("url"))


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Fails if it does not become true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


class Process:
    """The bot as a real process; its output is kept."""

    def __init__(self, home: Path, telegram: FakeTelegram, *words: str, **settings: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QABOT_")}
        named = {f"QABOT_{name.upper()}": value for name, value in settings.items()}
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qabot", "--home", str(home), "telegram", *words],
            env=environment
            | {"QABOT_TELEGRAM_TOKEN": telegram.token, "QABOT_TELEGRAM_API": telegram.api, "NO_COLOR": "1"}
            | named,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.end()

    def end(self, seconds: float = 30) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(timeout=seconds)
        self._reader.join(timeout=5)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def _read(self) -> None:
        if self.process.stdout:
            for line in self.process.stdout:
                self.output += line
