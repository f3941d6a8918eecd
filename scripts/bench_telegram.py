"""The Telegram bot under load: the real process against the fake Telegram of the tests. See scripts/bench_telegram."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "props"))

from fake_telegram.driver import FakeTelegram  # noqa: E402 - found by the line above
from fake_telegram.load import Load, load_of  # noqa: E402

from qabot.channels.wording import words_for  # noqa: E402

QABOT = Path(sys.executable).with_name("qabot")
QUESTION = "What did Kazakhstan propose for Afghanistan?"
TICK = os.sysconf("SC_CLK_TCK")
STARTS = 5
FAULTS = ("429", "500", "502", "hang_up", "bad_json")
PATIENCE = 60.0
"""Seconds to wait for the last replies."""


class Bot:
    """A process of `qabot telegram` that answers from the index of `home`, with a state of its own."""

    def __init__(self, telegram: FakeTelegram, home: Path, state: Path, **settings: int) -> None:
        names = {f"QABOT_{name.upper()}": str(value) for name, value in settings.items()}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QABOT_")}
        self.polled = 0.0
        self.log = state / "log"
        with self.log.open("ab") as log:
            self.began = time.time()
            self._process = subprocess.Popen(
                [str(QABOT), "--home", str(state), "telegram", "--embeddings", str(home / "embeddings")],
                env=environment | {"QABOT_TELEGRAM_TOKEN": telegram.token, "QABOT_TELEGRAM_API": telegram.api} | names,
                stdout=log,
                stderr=log,
            )

    def end(self) -> None:
        self._process.terminate()
        if self._process.wait(timeout=60) != 0:
            sys.exit(f"the bot ended with {self._process.returncode}: {self.log.read_text()}")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def cpu(self) -> float:
        return cpu_of(self._process.pid)

    def memory(self, name: str = "VmRSS") -> float:
        """MB in memory now, or at most (VmHWM); pages of mapped files, such as the index, among them."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used: user and system time (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def running(home: Path, **settings: int) -> Iterator[tuple[FakeTelegram, Bot]]:
    """A new Telegram, and a bot that receives its updates; nobody asks too much unless `settings` say so."""
    settings = {"telegram_per_minute": 10_000, "telegram_per_day": 10_000} | settings
    with FakeTelegram() as telegram, tempfile.TemporaryDirectory() as state:
        bot = Bot(telegram, home, Path(state), **settings)
        while (seen := telegram.state())["polls"] == 0:
            if not bot.running:
                bot.end()
            time.sleep(0.02)
        bot.polled = seen["last_poll"]
        time.sleep(2)  # until the menus are registered, which happens once
        yield telegram, bot
        bot.end()


def start(home: Path) -> None:
    """From the start of the process to its first getUpdates, and the memory before the first question."""
    seconds, megabytes = [], []
    for _ in range(STARTS):
        with running(home) as (_, bot):
            seconds.append(bot.polled - bot.began)
            megabytes.append(bot.memory())
    row("start to first poll", f"{statistics.median(seconds):.2f} s", f"{max(megabytes):.0f} MB then")


def updates(home: Path) -> None:
    """CPU of updates that ask the engine nothing."""
    with running(home, telegram_per_second=1000) as (telegram, bot):
        telegram.configure(privacy=False, keep_calls=False)
        users = people(telegram, 200)
        group = telegram.group("Newsroom", *(telegram.user(f"Member {number}") for number in range(20)))
        chatter = [say(group.id, users[number % 20], f"so they say, {number}") for number in range(1000)]
        starts = [say(user, user, "/start") for user in users for _ in range(3)]
        for what, messages in (("ignored in a group", chatter), ("/start", starts)):
            telegram.bulk(messages[:100], per_second=200)  # what is loaded at first use
            settle(telegram, bot)
            before = bot.cpu
            telegram.bulk(messages[100:], per_second=200)
            settle(telegram, bot)
            spent = (bot.cpu - before) * 1000 / len(messages[100:])
            row(f"CPU of an update: {what}", f"{spent:.2f} ms", f"{len(messages[100:]):,} of them, 200 a second")


def sustained(home: Path, questions: list[str]) -> None:
    """50 questions a second for half a minute, from 500 chats; Telegram itself takes fewer replies of most bots."""
    for what, settings in (("as shipped", {}), ("sentences_encoded = 0", {"sentences_encoded": 0})):
        with running(home, telegram_per_second=1000, **settings) as (telegram, bot):
            telegram.configure(keep_calls=False)
            users = people(telegram, 500)
            asked(telegram, bot, users, islice(cycle(questions), 50), 20)
            used = bot.cpu, cpu_of(telegram.pid)
            load, seconds, memory = asked(telegram, bot, users, islice(cycle(questions), 1500), 50)
            cores = (bot.cpu - used[0]) / seconds, (cpu_of(telegram.pid) - used[1]) / seconds
            note = f"{len(load.seconds) / seconds:.1f} replies a second on {cores[0]:.2f} + {cores[1]:.2f} cores"
            report(f"50 questions a second, {what}", load, telegram, f"{note}; {memory}")
            row(f"memory, {what}", f"{bot.memory('VmHWM'):.0f} MB", "at most; the mapped index among it")


def faults(home: Path, questions: list[str]) -> None:
    """200 chats, 2,000 questions, 50 ms of network, 5 % of all calls go wrong."""
    with running(home) as (telegram, bot):
        telegram.configure(network_seconds=0.05, keep_calls=False)
        telegram.chance_of(0.05, *FAULTS)
        load, _, memory = asked(telegram, bot, people(telegram, 200), islice(cycle(questions), 2000), 20)
        struck = sum(telegram.state()["faults"].values())
        report("20 questions a second, 50 ms, 5 % faults", load, telegram, f"{struck} faults; {memory}")


def dropped(home: Path, questions: list[str]) -> None:
    """The message is sent, but the bot never hears of it."""
    with running(home) as (telegram, bot):
        telegram.configure(keep_calls=False)
        telegram.chance_of(0.05, "drop", methods=("sendMessage",))
        load, _, _ = asked(telegram, bot, people(telegram, 100), islice(cycle(questions), 200), 20)
        struck = sum(telegram.state()["faults"].values())
        report("5 % of replies arrive, unconfirmed", load, telegram, f"{struck} such replies")


def crowded(home: Path, questions: list[str]) -> None:
    """/start while 100 questions run; then more questions than may wait. All with Telegram's 30 messages a second."""
    with running(home) as (telegram, bot):
        users = people(telegram, 300)
        asked(telegram, bot, users, islice(cycle(questions), 20), 20)
        after = telegram.control("last_seq")
        telegram.bulk([say(user, user, text) for user, text in zip(users[:100], cycle(questions), strict=False)])
        telegram.bulk([say(user, user, "/start") for user in users[100:110]], per_second=4)
        settle(telegram, bot)
        rows = telegram.control("summary", after=after)["questions"]
        waits = sorted(row["seconds"] for row in rows if row["text"] == "/start")
        note = f"slowest of {len(waits)}, in {max(row['seconds'] for row in rows):.1f} s of questions"
        row(
            "/start while 100 questions run",
            f"{waits[-1] * 1000:.0f} ms",
            f"p50 {statistics.median(waits) * 1000:.0f} ms; {note}",
        )
        after = telegram.control("last_seq")
        telegram.bulk([say(user, user, text) for user, text in zip(users[150:], cycle(questions), strict=False)])
        settle(telegram, bot)
        report("150 questions at once", load_of(telegram.control("summary", after=after)), telegram, "100 may wait")
        came = min(event["at"] for event in telegram.events(after) if event["kind"] == "said")
        busy = [event["at"] - came for event in telegram.events(after) if is_busy(event)]
        if busy:
            row('"busy" past the queue', f"{busy[0] * 1000:.0f} ms", f"the first of {len(busy)}; last {busy[-1]:.1f} s")


def asked(
    telegram: FakeTelegram, bot: Bot, users: list[int], questions: Iterator[str], per_second: float
) -> tuple[Load, float, str]:
    """Asks each user's question in turn; what became of them, the seconds until the last reply, and notes."""
    messages = [say(user, user, text) for user, text in zip(cycle(users), questions, strict=False)]
    after, began = telegram.control("last_seq"), time.monotonic()
    telegram.bulk(messages, per_second)
    memory = []
    for part in (0.1, 0.5, 1.0):
        time.sleep(max(0.0, began + part * len(messages) / per_second - time.monotonic()))
        memory.append(f"{bot.memory():.0f}")
    settle(telegram, bot)
    events = telegram.events(after)
    last = max(event["at"] for event in events if event["kind"] == "sent")
    first = min(event["at"] for event in events if event["kind"] == "said")
    busy = sum(map(is_busy, events))
    return telegram.load(after), last - first, f'{busy} heard "busy"; {" → ".join(memory)} MB'


def is_busy(event: dict[str, Any]) -> bool:
    return event["kind"] == "sent" and event["message"].get("text") == words_for("en").busy


def settle(telegram: FakeTelegram, bot: Bot) -> None:
    """Waits until nothing happens any more: no event for two seconds."""
    events, since, began = -1, time.monotonic(), time.monotonic()
    while time.monotonic() - since < 2 and time.monotonic() - began < 3 * PATIENCE:
        if not bot.running:
            bot.end()
        now = telegram.control("last_seq")
        if now != events:
            events, since = now, time.monotonic()
        time.sleep(0.1)


def people(telegram: FakeTelegram, number: int) -> list[int]:
    return [telegram.user(f"Person {at}", "en").id for at in range(number)]


def say(chat: int, user: int, text: str) -> dict[str, Any]:
    return {"chat_id": chat, "user_id": user, "text": text}


def report(what: str, load: Load, telegram: FakeTelegram, note: str) -> None:
    """A row on what became of questions; wrong calls of the bot are named, since there must be none."""
    # In private a second reply refers to nothing: it counts as a stray one, unless the next question had come.
    doubled = load.stray + sum(count for replies, count in load.replies.items() if replies > 1)
    delays = f"p50 {load.p50 * 1000:.0f} ms, p95 {load.p95 * 1000:.0f} ms, slowest {load.worst * 1000:.0f} ms"
    counts = telegram.state()["counts"].items()
    wrong = {name: count for name, count in counts if name.endswith((" 400", " 404", " 599"))}
    figure = f"{load.questions:,} asked, {load.replies.get(0, 0)} lost, {doubled} replied to twice"
    row(what, figure, f"{delays}; {note}" + (f"; wrong calls: {wrong}" if wrong else ""))


def row(what: str, figure: str, note: str) -> None:
    print(f"| {what} | {figure} | {note} |", flush=True)


@contextmanager
def indexed(given: Path) -> Iterator[Path]:
    """The home itself, or a new one with the index of these articles."""
    if (given / "embeddings" / "generations").is_dir():
        yield given
        return
    with tempfile.TemporaryDirectory() as aside:
        home = Path(os.environ.get("BENCH_HOME", aside))
        home.mkdir(parents=True, exist_ok=True)
        command = [str(QABOT), "--home", str(home), "index", "--seeds", str(given)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        yield home


def main(given: Path, questions: list[str]) -> None:
    parts = {
        "start": start,
        "updates": updates,
        "sustained": partial(sustained, questions=questions),
        "faults": partial(faults, questions=questions),
        "dropped": partial(dropped, questions=questions),
        "crowded": partial(crowded, questions=questions),
    }
    chosen = os.environ.get("BENCH_PART", "").split() or list(parts)
    with indexed(given) as home:
        status = [str(QABOT), "--home", str(home), "status", "--json"]
        index = json.loads(subprocess.run(status, capture_output=True, check=True, text=True).stdout)
        print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"{index['articles']:,} articles, {index['passages']:,} passages; load before: {os.getloadavg()[0]:.1f}")
        print("\n| what | figure | note |\n|---|---|---|", flush=True)
        for part in chosen:
            parts[part](home)


def read_questions(path: Path | None) -> list[str]:
    if path is None:
        return [QUESTION]
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    named = [Path(name) for name in sys.argv[1:3]]
    main(named[0].resolve() if named else ROOT / "seeds", read_questions(named[1] if len(named) > 1 else None))
