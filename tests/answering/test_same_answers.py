"""Two hundred questions before and after a build that changed nothing: the same JSON, but for ids and times."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qabot.answering.engine import open_engine
from qabot.encoders.encoder import Encoder
from qabot.index.background import build_in_background
from qabot.index.building import build
from qabot.settings import Settings

TOWNS = [
    f"{start}{end}" for start in "Al Be Ka Sho Tu".split() for end in "bar gorod kent ly stan tau ula zhar".split()
]
ASKED = [
    "How many boats does the harbour of {} have?",
    "When was the lighthouse of {} built?",
    "Who is the mayor of {}?",
    "What did the Courier say about {} last year?",
    "{} harbour",
]
TODAY = date(2026, 3, 1)


@pytest.fixture
def towns(settings: Settings, write_articles: Callable[[str, list[dict[str, object]]], Path]) -> Settings:
    records: list[dict[str, object]] = []
    for number, town in enumerate(TOWNS):
        text = (
            f"The harbour of {town} has {number * 37 + 11} boats.\n\n"
            f"Its lighthouse was built in {1700 + number * 5}. The mayor of {town}, Aigul {TOWNS[-number]}, opened it."
        )
        source = "Courier" if number % 3 else "Herald"
        published = f"2025-{number % 12 + 1:02d}-1{number % 9}"
        records.append({"id": town, "title": f"News of {town}", "text": text, "source": source, "published": published})
    write_articles("towns.jsonl", records)
    return settings


def answers(settings: Settings) -> list[dict[str, Any]]:
    told = []
    with open_engine(settings) as engine:
        for town in TOWNS:
            for asked in ASKED:
                answer = engine.ask(asked.format(town), now=TODAY).to_dict(explain=True)
                del answer["timings_ms"], answer["index"]["generation"]
                told.append(json.loads(json.dumps(answer)))
    return told


def test_answers_stay_the_same_while_the_articles_do(towns: Settings, encoder: Encoder) -> None:
    build(towns, encoder)
    before = answers(towns)
    assert len(before) == 200
    assert sum(answer["verdict"] == "answered" for answer in before) > 100

    os.utime(towns.seeds_folder / "towns.jsonl")
    assert not build_in_background(towns).changed

    # An article that comes and goes again is added to a copy of the index, and then taken out of one.
    (towns.seeds_folder / "new.txt").write_text("The harbour of Oral has no boats.", encoding="utf-8")
    assert build(towns, encoder).changed
    (towns.seeds_folder / "new.txt").unlink()
    assert build(towns, encoder).changed
    assert answers(towns) == before

    assert build(towns, encoder, full=True).changed
    assert answers(towns) == before
