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


def article(name: str, day: str, text: str, title: str = "News", **byline: str) -> dict[str, object]:
    return {"id": name, "title": title, "published": day, "text": text, **byline}


TUNNEL = "The tunnel under Lake Inari costs {} million euros."
ARTICLES = [
    # Two outlets, and two authors, on one matter.
    article("gazette", "2024-02-01", TUNNEL.format(80), source="Polar Gazette", author="Jane Doe"),
    article("coast", "2024-02-01", TUNNEL.format(95), source="Coastline", author="Mark Roe"),
    article("hives", "2024-02-03", "Beekeepers in Slovenia counted 11,000 hives this spring.", source="Polar Gazette"),
    # One matter in three weeks.
    article("river-1", "2024-04-10", "The mayor of Oskemen said that the river Irtysh stood at three metres."),
    article("river-2", "2024-05-08", "The mayor of Oskemen said that the river Irtysh stood at five metres."),
    article("river-3", "2024-05-14", "The mayor of Oskemen said that the river Irtysh stood at two metres."),
    article("dam-1", "2024-03-14", "The minister of water said that the Talas dam held two thirds of its water."),
    article("dam-2", "2024-02-14", "The minister of water said that the Talas dam held one third of its water."),
    # Figures that changed.
    article("fire-1", "2024-03-01", "Officials said the fire in the Lisbon warehouse killed 12 people."),
    article("fire-2", "2024-03-03", "Officials said the fire in the Lisbon warehouse killed 15 people."),
    # Two matters to compare, of which one tells more.
    article(
        "ferry",
        "2024-01-05",
        "The price of a ticket for the ferry to Lundby is 40 crowns. "
        "The price of a ticket for the ferry to Lundby does not differ by season.",
    ),
    article("cable", "2024-01-06", "A ticket for the cable car of Narvik costs 95 crowns."),
    # What is spoken of by name, and then as "it" or "she".
    article(
        "dome",
        "2024-01-09",
        "The Aurora planetarium is in Tartu. The doors opened in March 2019.",
        title="Aurora planetarium",
    ),
    article(
        "marathon",
        "2024-01-12",
        "Dana Omarova won the marathon in Astana on Sunday. Her coach was there. Dana Omarova was born in Pavlodar.",
        title="Marathon",
    ),
    article("painter", "2024-01-13", "The painter Ruth Iversen said where she was born: in Bergen."),
    article("bridge", "2024-01-10", "The new bridge of Talas: it did open in June 2021 after long works."),
    article("pool", "2024-01-11", "The indoor pool of Karaganda opened in August 2020 with a party."),
]


def opened(home: Path, encoder: Encoder, *, dated: bool = True) -> Engine:
    settings = load_settings(home)
    settings.seeds_folder.mkdir()
    lines = [json.dumps(record if dated else record | {"published": None}) + "\n" for record in ARTICLES]
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


@pytest.mark.parametrize(
    ("name", "first"),
    [("Polar Gazette", "gazette"), ("Coastline", "coast"), ("Jane Doe", "gazette"), ("Mark Roe", "coast")],
)
def test_the_outlet_or_author_that_is_named_is_quoted_first(engine: Engine, name: str, first: str) -> None:
    answer = engine.ask(f"According to {name}, how much does the tunnel under Lake Inari cost?", now=NOW)
    assert answer.question.preferences.outlets.named == {name}
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


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("What is the latest that the mayor of Oskemen said about the river Irtysh?", "river-3"),
        ("What is the latest that the minister of water said about the Talas dam?", "dam-1"),
    ],
)
def test_latest_prefers_the_newest_of_equally_good_articles(engine: Engine, question: str, newest: str) -> None:
    assert quoted(engine.ask(question, now=NOW))[0] == newest


def test_figures_that_differ_are_both_shown_the_newest_first(engine: Engine) -> None:
    answer = engine.ask("How many people did the fire in the Lisbon warehouse kill?", now=NOW)
    assert quoted(answer)[:2] == ["fire-2", "fire-1"]
    assert answer.disagreeing
    assert answer.to_dict()["disagreeing"] is True


def test_figures_that_agree_are_not_said_to_differ(engine: Engine) -> None:
    assert not engine.ask("How many hives did beekeepers in Slovenia count?", now=NOW).disagreeing


def test_a_comparison_quotes_both_articles(engine: Engine) -> None:
    question = "How does the price of a ticket differ between the ferry to Lundby and the cable car of Narvik?"
    answer = engine.ask(question, now=NOW, quotes=2)
    assert answer.question.several
    assert sorted(quoted(answer)) == ["cable", "ferry"]


@pytest.mark.parametrize(
    ("before", "question", "answered"),
    [
        ("Where is the Aurora planetarium?", "When did it open?", "dome"),
        ("Who won the marathon in Astana?", "Where was she born?", "marathon"),
    ],
)
def test_a_follow_up_finds_what_it_would_not_find_alone_or_not_as_surely(
    engine: Engine, before: str, question: str, answered: str
) -> None:
    first = engine.ask(before, now=NOW)
    alone = engine.ask(question, now=NOW, threshold=0)
    answer = engine.ask(question, conversation=first.continue_conversation(Conversation()), now=NOW)
    assert answered not in quoted(alone)[:1] or answer.confidence > alone.confidence
    assert answer.found
    assert quoted(answer)[0] == answered
    assert answer.quotes[0].text != first.quotes[0].text
    assert answer.question.text == question != answer.question.read_as


def test_a_follow_up_without_an_answer_is_not_given_the_last_quote_again(engine: Engine) -> None:
    conversation = engine.ask("Where is the Aurora planetarium?", now=NOW).continue_conversation(Conversation())
    assert not engine.ask("What did it cost?", conversation=conversation, now=NOW).found


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
    assert quoted(latest)[0] in ("gazette", "coast")
