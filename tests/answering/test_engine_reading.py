"""What is read into a question leads the engine: outlets, time, several sources, the conversation before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qabot.answering.answer import Answer
from qabot.answering.engine import Engine, open_engine
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.questions.conversation import Conversation
from qabot.settings import load_settings

NOW = date(2024, 5, 15)
"""A Wednesday; last week went from 6 to 12 May."""

ARTICLES = [
    # Two outlets on one matter.
    ("tunnel-gazette", "Polar Gazette", "2024-02-01", "Tunnel", "The tunnel under Lake Inari costs 80 million euros."),
    ("tunnel-coast", "Coastline", "2024-02-01", "Tunnel", "The tunnel under Lake Inari costs 95 million euros."),
    ("hives", "Polar Gazette", "2024-02-03", "Bees", "Beekeepers in Slovenia counted 11,000 hives this spring."),
    # One matter in three weeks.
    ("river-1", None, "2024-04-10", "River", "The mayor of Oskemen said that the river Irtysh stood at three metres."),
    ("river-2", None, "2024-05-08", "River", "The mayor of Oskemen said that the river Irtysh stood at five metres."),
    ("river-3", None, "2024-05-14", "River", "The mayor of Oskemen said that the river Irtysh stood at two metres."),
    # Figures that changed.
    ("fire-1", None, "2024-03-01", "Fire", "Officials said the fire in the Lisbon warehouse killed 12 people."),
    ("fire-2", None, "2024-03-03", "Fire", "Officials said the fire in the Lisbon warehouse killed 15 people."),
    # Two matters to compare.
    ("ferry", None, "2024-01-05", "Ferry", "A ticket for the ferry to Lundby costs 40 crowns. It sails twice a day."),
    ("cable", None, "2024-01-06", "Cable car", "A ticket for the cable car of Narvik costs 95 crowns. It is new."),
    # What is spoken of by name, and then as "it" or "she".
    (
        "dome",
        None,
        "2024-01-09",
        "Aurora planetarium",
        "The Aurora planetarium is in Tartu. Doors opened in March 2019.",
    ),
    (
        "marathon",
        None,
        "2024-01-12",
        "Marathon",
        "Dana Omarova won the marathon in Astana on Sunday. Her coach was there. Dana Omarova was born in Pavlodar.",
    ),
    ("painter", None, "2024-01-13", "Painter", "The painter Ruth Iversen said where she was born: in Bergen."),
    ("bridge", None, "2024-01-10", "Bridge", "The new bridge of Talas: it did open in June 2021 after long works."),
    ("pool", None, "2024-01-11", "Pool", "The indoor pool of Karaganda opened in August 2020 with a party."),
]


def opened(home: Path, encoder: Encoder, *, dated: bool = True) -> Engine:
    settings = load_settings(home)
    settings.seeds_folder.mkdir()
    fields = ("id", "source", "published", "title", "text")
    records = [dict(zip(fields, article, strict=True)) for article in ARTICLES]
    lines = [json.dumps(record if dated else record | {"published": None}) + "\n" for record in records]
    (settings.seeds_folder / "news.jsonl").write_text("".join(lines), encoding="utf-8")
    build(settings, encoder)
    return open_engine(settings)


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with opened(tmp_path_factory.mktemp("dated"), encoder) as engine:
        yield engine


@pytest.fixture(scope="module")
def undated(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with opened(tmp_path_factory.mktemp("undated"), encoder, dated=False) as engine:
        yield engine


def quoted(answer: Answer) -> list[str]:
    return [quote.article.id for quote in answer.quotes]


@pytest.mark.parametrize(("outlet", "first"), [("Polar Gazette", "tunnel-gazette"), ("Coastline", "tunnel-coast")])
def test_the_outlet_that_is_named_is_quoted_first(engine: Engine, outlet: str, first: str) -> None:
    answer = engine.ask(f"According to {outlet}, how much does the tunnel under Lake Inari cost?", now=NOW)
    assert answer.question.preferences.outlets.named == {outlet}
    assert quoted(answer)[0] == first


def test_an_outlet_without_an_answer_does_not_hide_that_of_another(engine: Engine) -> None:
    answer = engine.ask("According to Coastline, how many hives did beekeepers in Slovenia count?", now=NOW)
    assert answer.found
    assert quoted(answer)[0] == "hives"


@pytest.mark.parametrize(
    ("now", "first"), [(NOW, "river-2"), (date(2024, 4, 17), "river-1"), (date(2024, 5, 22), "river-3")]
)
def test_last_week_prefers_the_articles_of_that_week(engine: Engine, now: date, first: str) -> None:
    answer = engine.ask("What did the mayor of Oskemen say about the river Irtysh last week?", now=now)
    assert answer.found
    assert quoted(answer)[0] == first


def test_where_nothing_was_published_then_it_is_answered_anyway(engine: Engine) -> None:
    answer = engine.ask("What did the mayor of Oskemen say about the river Irtysh last week?", now=date(2024, 8, 1))
    assert answer.question.preferences.time is not None
    assert answer.found
    assert quoted(answer)[0].startswith("river")


def test_latest_prefers_the_newest_of_equally_good_articles(engine: Engine) -> None:
    answer = engine.ask("What is the latest that the mayor of Oskemen said about the river Irtysh?", now=NOW)
    assert quoted(answer)[0] == "river-3"


def test_figures_that_differ_are_both_shown_the_newest_first(engine: Engine) -> None:
    answer = engine.ask("How many people did the fire in the Lisbon warehouse kill?", now=NOW)
    assert quoted(answer)[:2] == ["fire-2", "fire-1"]
    assert answer.disagreeing
    assert answer.to_dict()["disagreeing"] is True


def test_figures_that_agree_are_not_said_to_differ(engine: Engine) -> None:
    assert not engine.ask("How many hives did beekeepers in Slovenia count?", now=NOW).disagreeing


def test_a_comparison_quotes_both_articles(engine: Engine) -> None:
    answer = engine.ask(
        "How does the price of a ticket differ between the ferry to Lundby and the cable car of Narvik?", now=NOW
    )
    assert answer.question.several
    assert {"ferry", "cable"} <= set(quoted(answer))


@pytest.mark.parametrize(
    "question", ["How many hives did beekeepers in Slovenia count?", "When did the new bridge of Talas open?"]
)
def test_history_does_not_change_the_answer_of_a_question_that_stands_alone(engine: Engine, question: str) -> None:
    said = engine.ask("Where is the Aurora planetarium?", now=NOW)
    conversation = said.continue_conversation(Conversation())
    after = engine.ask(question, conversation=conversation, now=NOW).to_dict(explain=True)
    alone = engine.ask(question, now=NOW).to_dict(explain=True)
    assert after | {"timings_ms": None} == alone | {"timings_ms": None}


def test_an_index_without_a_date_reads_no_time_and_answers(undated: Engine) -> None:
    answer = undated.ask("What did the mayor of Oskemen say about the river Irtysh last week?", now=NOW)
    assert (answer.question.preferences.time, answer.disagreeing, answer.reach.newest) == (None, False, None)
    assert answer.found
    assert quoted(answer)[0].startswith("river")
    latest = undated.ask("What is the latest news of the tunnel under Lake Inari?", now=NOW)
    assert latest.found
    assert quoted(latest)[0].startswith("tunnel")
