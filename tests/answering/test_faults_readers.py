"""Eight processes ask in a loop while thirty generations are published and the old ones are removed."""

from __future__ import annotations

import json
import subprocess
import sys

from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.index.publishing import leftovers, published_generations
from qabot.settings import Settings

READERS, GENERATIONS = 8, 30

READER = """
import json, sys
from pathlib import Path
from threading import Event, Thread

from qabot.answering.live import LiveEngine
from qabot.settings import load_settings

ended = Event()
wrong, seen, answers = [], set(), 0
with LiveEngine(load_settings(Path(sys.argv[1]), threads=1), look_seconds=0.02) as live:
    print("asking", flush=True)
    Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.05):
        try:
            answer = live.ask("How many floors does the tower in Oral have?")
        except Exception as error:
            wrong.append(repr(error))
            break
        answers += 1
        seen.add(answer.reach.generation)
        number = int(answer.reach.generation[:6])
        if not answer.quotes or any(f"edition {number}" not in quote.text for quote in answer.quotes):
            wrong.append([answer.reach.generation, *(quote.text for quote in answer.quotes)])
print(json.dumps({"answers": answers, "seen": sorted(seen), "wrong": wrong}), flush=True)
"""


def publish(settings: Settings, encoder: Encoder, edition: int) -> str:
    """A generation whose every sentence says its number."""
    for name in ("tower", "bridge", "castle"):
        text = f"The {name} in Oral has {edition + 10} floors in edition {edition} of the guide."
        (settings.seeds_folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return build(settings, encoder).generation


def test_readers_meet_no_error_and_no_answer_of_two_generations(settings: Settings, encoder: Encoder) -> None:
    settings = settings.model_copy(update={"keep_generations": 1})
    for path in settings.seeds_folder.iterdir():
        path.unlink()
    publish(settings, encoder, 1)
    command = [sys.executable, "-c", READER, str(settings.home)]
    readers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(READERS)
    ]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "asking\n"
        for edition in range(2, GENERATIONS + 1):
            assert publish(settings, encoder, edition).startswith(f"{edition:06d}-")
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()
    assert [reader["wrong"] for reader in told] == [[]] * READERS
    assert min(reader["answers"] for reader in told) > 10
    assert min(len(reader["seen"]) for reader in told) > 2
    # What a reader still held when the next one was published is removed with that one or later.
    publish(settings, encoder, GENERATIONS + 1)
    assert len(published_generations(settings.generations_folder)) == 1
    assert leftovers(settings.generations_folder) == []
