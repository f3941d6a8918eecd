"""One story in several outlets: one quote, which says where else it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qabot.answering.engine import Engine, open_engine
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import load_settings

STORY = """A landslide closed the mountain road to Medeu on Tuesday morning, the city hall of Almaty said.
Nobody was hurt. Eleven cars were stuck between the avalanche gallery and the skating rink for almost five hours.
Rescuers cleared one lane by noon with the help of two excavators from the district of Talgar.
The road is expected to open again in both directions on Thursday, if no more rain falls in the hills above the city."""
OTHER = """The skating rink of Medeu opened its season on Saturday. About four thousand people came on the first day.
A ticket costs 2,500 tenge on weekdays. The rink lies 1,691 metres above the sea and is the highest of its size."""


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = load_settings(tmp_path_factory.mktemp("home"))
    settings.seeds_folder.mkdir()
    records = [
        {"id": "first", "source": "Kazinform", "published": "2024-05-07", "title": "Road closed", "text": STORY},
        {
            "id": "copy",
            "source": "Tengri News",
            "published": "2024-05-08",
            "title": "Landslide",
            "text": STORY,
        },
        {"id": "rink", "source": "Zakon", "published": "2024-05-09", "title": "Season opens", "text": OTHER},
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (settings.seeds_folder / "news.jsonl").write_text(lines, encoding="utf-8")
    build(settings, encoder)
    with open_engine(settings) as opened:
        yield opened


def test_a_story_told_twice_is_quoted_once_and_names_the_other_outlet(engine: Engine) -> None:
    answer = engine.ask("How many cars were stuck on the road to Medeu?", quotes=5)
    holding = [quote for quote in answer.quotes if "Eleven cars" in quote.text]
    assert len(holding) == 1
    assert {holding[0].article.source, *(edition.source for edition in holding[0].also_in)} == {
        "Kazinform",
        "Tengri News",
    }


def test_a_story_told_once_is_in_no_other_outlet(engine: Engine) -> None:
    answer = engine.ask("What does a ticket to the skating rink cost?")
    assert "2,500 tenge" in answer.quotes[0].text
    assert answer.quotes[0].also_in == ()


def test_an_article_with_other_figures_does_not_tell_the_same(encoder: Encoder, tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    settings.seeds_folder.mkdir()
    for number in (11, 12):
        text = f"The lighthouse of Aktau was painted by {number} volunteers.\n\n{STORY}"
        (settings.seeds_folder / f"{number}.txt").write_text(text, encoding="utf-8")
    build(settings, encoder)
    with open_engine(settings) as opened:
        painted = opened.ask("How many volunteers painted the lighthouse of Aktau?").quotes[0]
        stuck = opened.ask("How many cars were stuck on the road to Medeu?").quotes[0]
    assert painted.also_in == ()
    assert len(stuck.also_in) == 1
