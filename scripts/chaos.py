"""Kills commands that write at random moments, and checks after each that nothing is torn. See scripts/chaos."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from qabot.answering.engine import engine_of
from qabot.encoders.encoder import Encoder
from qabot.encoders.models import load_encoder
from qabot.index.building import build
from qabot.index.generation import open_current
from qabot.index.publishing import CURRENT, is_being_built, leftovers
from qabot.settings import Settings, load_settings

WATCH = ("watch",)
COMMANDS = (("index",), ("index", "--full"), ("compact",), ("add", "report.txt"), ("gc", "--keep", "1"), WATCH)
TOWNS = [f"{start}{end}" for start in "Al Be Ka Sho Tu Za".split() for end in "bar gorod kent ly stan tau".split()]
AFTER_BEGUN = 0.2
"""Seconds after which a build that has begun to write is killed, at most."""

WATCHED = 3.0
"""Seconds after which `qabot watch`, which does not end by itself, is killed, at most."""

PATIENCE = 60


class Chaos:
    """A home folder, what was ever written there, and what went wrong."""

    def __init__(self, home: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.settings: Settings = load_settings(home)
        self.encoder: Encoder = load_encoder(self.settings)
        self.texts: set[str] = set()
        self.ended: Counter[str] = Counter()
        self.settings.seeds_folder.mkdir()
        for town in TOWNS:
            self.write(town)
        self.change()
        self.generation = build(self.settings, self.encoder).generation
        self.seconds = {command: self.run(command, None) for command in COMMANDS if command != WATCH}
        self.seconds[WATCH] = WATCHED

    def write(self, town: str) -> None:
        """A new text for a town's article."""
        boats = self.chance.randrange(2, 9999)
        text = f"The harbour of {town} has {boats} boats.\n\nIts lighthouse was built in {1500 + boats % 500}."
        self.texts.add(text)
        (self.settings.seeds_folder / f"{town}.txt").write_text(text, encoding="utf-8")

    def change(self) -> None:
        """Something happens to the seeds."""
        for town in self.chance.sample(TOWNS, self.chance.randrange(1, 4)):
            path = self.settings.seeds_folder / f"{town}.txt"
            if path.exists() and self.chance.random() < 0.3:
                path.unlink()
            else:
                self.write(town)
        report = f"The report counts {self.chance.randrange(9999)} storks in the reeds."
        self.texts.add(report)
        (self.settings.home / "report.txt").write_text(report, encoding="utf-8")

    def run(self, command: tuple[str, ...], after: float | None) -> float:
        """Runs a command and kills it `after` seconds, negative ones counted from when it begins to write."""
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "qabot", "--home", str(self.settings.home), *command],
            cwd=self.settings.home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if after is not None:
            while after < 0 and process.poll() is None and not leftovers(self.settings.generations_folder):
                time.sleep(0.001)
            time.sleep(abs(after))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait(PATIENCE)
        if code not in (0, -signal.SIGKILL):
            raise SystemExit(f"{' '.join(command)} ended with {code}")
        self.ended["killed" if code else "finished"] += 1
        return time.monotonic() - began

    def check(self) -> None:
        """What is there after a kill can be asked, and is what it was or a new whole one."""
        generation = open_current(self.settings.generations_folder, self.settings.cache_folder)
        with closing(engine_of(self.settings, self.encoder, generation)) as engine:
            if generation.notice or generation.id < self.generation:
                raise SystemExit(f"{generation.id} serves after {self.generation}: {generation.notice}")
            self.generation = generation.id
            for town in self.chance.sample(TOWNS, 3):
                for quote in engine.ask(f"How many boats does the harbour of {town} have?", threshold=0).quotes:
                    stored = generation.store.find_article(quote.article.id)
                    if stored is None or stored.text not in self.texts:
                        raise SystemExit(f"{quote.article.id} has a text that was never written")
                    if not quote.text or stored.text[quote.start : quote.end] != quote.text:
                        raise SystemExit(f"{quote.citation} is no slice of its article")

    def recover(self) -> None:
        """The next build succeeds, has exactly what the seeds have, and leaves nothing behind."""
        deadline = time.monotonic() + PATIENCE
        while is_being_built(self.settings.generations_folder) and time.monotonic() < deadline:
            time.sleep(0.01)  # the child of a watch that was killed needs a moment to notice
        done = build(self.settings, self.encoder)
        if left := leftovers(self.settings.generations_folder):
            raise SystemExit(f"{left[0]} is left")
        if (self.settings.generations_folder / CURRENT).read_text().strip() != done.generation:
            raise SystemExit(f"CURRENT does not name {done.generation}")
        written = sorted({path.read_text() for path in self.settings.seeds_folder.glob("[!.]*.txt")})
        generation = open_current(self.settings.generations_folder, self.settings.cache_folder)
        with closing(generation):
            keys = generation.store.article_keys()
            stored = {generation.store.article(key).text for key in keys}
        missing = [text for text in written if text not in stored]
        if missing or not stored <= self.texts:
            raise SystemExit(f"the index has not what the seeds have: {missing[:1]}")
        self.generation = done.generation

    def round(self) -> None:
        self.change()
        command = self.chance.choice(COMMANDS)
        if self.chance.random() < 0.5:
            after = self.chance.uniform(0, self.seconds[command])
        else:
            after = -self.chance.uniform(0.0001, AFTER_BEGUN)
        self.run(command, after)
        self.check()
        self.recover()


def main(rounds: int = 200, seed: int = 1) -> None:
    with tempfile.TemporaryDirectory(prefix="qabot-chaos-") as folder:
        chaos = Chaos(Path(folder), seed)
        chaos.ended.clear()
        for number in range(rounds):
            try:
                chaos.round()
            except SystemExit as failure:
                raise SystemExit(f"Round {number + 1} of seed {seed}: {failure}") from None
        print(
            f"{rounds} rounds: {chaos.ended['killed']} killed, {chaos.ended['finished']} finished before; nothing torn"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
