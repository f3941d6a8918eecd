"""Reading in the engine: the reader chooses where it can, and everything else stands where it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qabot.answering.answer import Answer
from qabot.answering.engine import Engine, open_engine, weights_of
from qabot.answering.sentences import reordered
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import Settings, load_settings

ARTICLES = {
    "dam": "Almaty opened a dam on Monday.\n\nThe dam cost 12 million dollars. It took the builders three years.",
    "bees": "Beekeepers in Slovenia counted 11,000 hives this spring. They blame mites for the losses of last year.",
    "chess": "Magnus Carlsen won the tournament in Stavanger. The prize was 60,000 euros.",
    "bridge": "The bridge over the Ishim was closed for repairs. It carries 400 cars an hour.",
    "бумага": "Жители Алматы сдали на переработку 12 тонн бумаги за одну неделю. Акция прошла в мае.",
}
QUESTION = "How much did the dam in Almaty cost?"
RUSSIAN = "Сколько тонн бумаги сдали жители Алматы?"


@pytest.fixture(scope="module")
def settings(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load_settings(tmp_path_factory.mktemp("home"))
    settings.seeds_folder.mkdir()
    lines = [json.dumps({"id": name, "title": name, "text": text}) + "\n" for name, text in ARTICLES.items()]
    (settings.seeds_folder / "news.jsonl").write_text("".join(lines), encoding="utf-8")
    build(settings, encoder)
    return settings


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    with open_engine(settings) as engine:
        yield engine


def untimed(answer: Answer) -> dict[str, object]:
    return answer.to_dict(explain=True) | {"timings_ms": None}


def test_the_reader_chooses_the_sentence_and_the_answer_says_so(engine: Engine) -> None:
    answer = engine.ask(QUESTION)
    assert answer.reader == "reader"
    assert answer.quotes[0].text == "The dam cost 12 million dollars."
    assert answer.features is not None
    assert 0.5 < answer.features.sure <= 1


def test_every_sentence_is_read_once_by_the_reader_that_knows_its_language(engine: Engine) -> None:
    sentences = engine.ask(QUESTION).sentences
    assert all(sentence.read is not None for sentence in sentences)
    russian = engine.ask(RUSSIAN)
    assert russian.reader == "reader-kk-ru-en"
    assert all(sentence.read is not None for sentence in russian.sentences)
    places = [(sentence.article.id, sentence.span) for sentence in sentences]
    assert len(places) == len(set(places))
    assert {"dam", "bees", "chess", "bridge"} <= {article for article, _ in places}


def test_quick_answers_and_a_setting_do_without_it(engine: Engine, settings: Settings) -> None:
    quick = engine.ask(QUESTION, quick=True)
    assert quick.reader is None
    assert quick.quotes[0].article.id == "dam"
    assert all(sentence.read is None for sentence in quick.sentences)
    with open_engine(settings.model_copy(update={"reader": ("none",)})) as without:
        assert untimed(without.ask(QUESTION)) == untimed(quick)


def test_a_question_in_a_language_that_none_knows_is_answered_without_them(settings: Settings, engine: Engine) -> None:
    with open_engine(settings.model_copy(update={"reader": ("reader",)})) as english:
        answer = english.ask(RUSSIAN, threshold=0)
    assert answer.reader is None
    assert answer.quotes[0].text.startswith("Жители Алматы сдали")
    assert untimed(answer) == untimed(engine.ask(RUSSIAN, threshold=0, quick=True))


def test_where_the_time_is_too_short_the_order_found_without_it_stands(settings: Settings, engine: Engine) -> None:
    with open_engine(settings.model_copy(update={"reader_ms": 1e-6})) as hurried:
        assert untimed(hurried.ask(QUESTION)) == untimed(engine.ask(QUESTION, quick=True))


def test_one_passage_is_enough_where_there_is_no_other(settings: Settings) -> None:
    with open_engine(settings.model_copy(update={"passages_read": 1})) as brief:
        answer = brief.ask(QUESTION)
    assert answer.reader == "reader"
    assert {sentence.article.id for sentence in answer.sentences} == {"dam"}


def test_another_weight_orders_the_same_sentences_as_asking_with_it_does(settings: Settings, engine: Engine) -> None:
    answer = engine.ask(QUESTION)
    for weight in (0.0, 0.3, 1.0):
        with open_engine(settings.model_copy(update={"reader_weight": weight})) as weighted:
            asked = weighted.ask(QUESTION).sentences
        weights = replace(weights_of(settings), reader=weight)
        again = reordered(answer.sentences, answer.question, weights)
        assert [(one.span, one.score) for one in again] == [(one.span, one.score) for one in asked]


def test_where_several_articles_are_wanted_the_reader_counts_a_third(engine: Engine) -> None:
    answer = engine.ask(QUESTION)
    full, third = (replace(weights_of(engine.settings), reader=share) for share in (0.6, 0.2))
    several = replace(answer.question, several=True)
    found = reordered(answer.sentences, several, full)
    assert [one.score for one in found] == pytest.approx(
        [one.score for one in reordered(answer.sentences, answer.question, third)]
    )
    assert [one.score for one in found] != [one.score for one in reordered(answer.sentences, answer.question, full)]


def test_the_same_question_gives_the_same_answer_again(engine: Engine) -> None:
    assert untimed(engine.ask(QUESTION)) == untimed(engine.ask(QUESTION))
