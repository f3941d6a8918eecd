"""The engine on real articles: it quotes word for word, says no honestly, and keeps to filters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import jsonschema
import pytest

import qabot
from qabot.answering.engine import Engine, open_engine
from qabot.encoders.encoder import Encoder
from qabot.errors import NoIndexError, QuestionError, StaleIndexError
from qabot.index.building import build
from qabot.settings import Settings, load_settings

CHECKOUT = Path(__file__).resolve().parent.parent.parent

ANSWERED = {
    "What did Kazakhstan propose for Afghanistan?": "UN Regional SDG Centre in Almaty",
    "Which anti-drug document does Kazakhstan want the SCO to adopt?": "SCO Anti-Drug Strategy for 2024-2029",
    "What initiative does Kazakhstan set as chair?": "On Global Unity for Fair World and Accord",
    "Under whose aegis should Afghanistan be helped?": "aegis and coordination of the UN",
    "Where is the SDG Centre to be established?": "Almaty",
    "What are the three evils?": "transnational organized crime, illegal drug trafficking and cybersecurity",
}
REFUSED = [
    "Who won the football match in Astana?",
    "What does a ticket to the opera cost?",
    "How many people live in Tokyo?",
    "When was the telescope launched?",
]


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real article, and some others with outlets and dates."""
    home = tmp_path_factory.mktemp("home")
    settings = load_settings(home)
    settings.seeds_folder.mkdir()
    for seed in (CHECKOUT / "seeds").glob("*.txt"):
        (settings.seeds_folder / seed.name).write_bytes(seed.read_bytes())
    records = [
        {
            "id": f"bridge-{day}",
            "title": f"Bridge closed, day {day}",
            "text": f"The bridge over the Ishim was closed on day {day}. It carries {day}00 cars an hour.",
            "published": f"2024-05-0{day}",
            "source": outlet,
        }
        for day, outlet in ((1, "Tengri News"), (2, "The Daily"), (3, "Tengri News"))
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (settings.seeds_folder / "more.jsonl").write_text(lines, encoding="utf-8")
    build(settings, encoder)
    with open_engine(settings) as opened:
        yield opened


@pytest.mark.parametrize("question", ANSWERED)
def test_the_first_quote_holds_the_answer(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.found
    assert ANSWERED[question] in answer.quotes[0].text


@pytest.mark.parametrize("question", REFUSED)
def test_a_foreign_question_is_refused_with_the_nearest_articles(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert (answer.verdict, answer.quotes) == ("not found", ())
    assert answer.confidence < engine.settings.threshold
    assert 1 <= len(answer.nearest) <= 3
    assert (answer.reach.articles, answer.reach.newest) == (4, "2024-05-03")


def test_every_quote_is_a_slice_of_the_stored_article(engine: Engine) -> None:
    for question in [*ANSWERED, *REFUSED]:
        for quote in engine.ask(question, threshold=0, quotes=5).quotes:
            stored = engine.generation.store.find_article(quote.article.id)
            assert stored is not None
            assert quote.text == stored.text[quote.start : quote.end] != ""


def test_the_quote_knows_its_paragraph_and_context(engine: Engine) -> None:
    quote = engine.ask("What did Kazakhstan propose for Afghanistan?").quotes[0]
    assert quote.paragraph == 5
    start, end = quote.context
    assert quote.article.text[start:end].startswith("«Special attention should be given")
    assert start <= quote.start < quote.end <= end


def test_asking_twice_gives_the_same_answer(engine: Engine) -> None:
    def stable(question: str) -> dict[str, object]:
        return engine.ask(question).to_dict(explain=True) | {"timings_ms": None}

    questions = [*ANSWERED, *REFUSED] * 3
    alone = [stable(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stable, questions)) == alone


def test_answers_are_of_the_documented_form(engine: Engine) -> None:
    schema = json.loads((CHECKOUT / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
    for question in [*ANSWERED, *REFUSED]:
        jsonschema.validate(engine.ask(question).to_dict(explain=True), schema)
        jsonschema.validate(json.loads(json.dumps(engine.ask(question).to_dict())), schema)


def test_filters_keep_to_outlet_and_days(engine: Engine) -> None:
    question = "How many cars does the bridge carry?"
    both = engine.ask(question, source="tengri", since=date(2024, 5, 2), threshold=0, quotes=9)
    assert {quote.article.id for quote in both.quotes} == {"bridge-3"}
    early = engine.ask(question, until=date(2024, 5, 1), threshold=0, quotes=9)
    assert "bridge-1" in {quote.article.id for quote in early.quotes}
    assert not {"bridge-2", "bridge-3"} & {candidate.article.id for candidate in early.candidates}


def test_filters_that_leave_nothing_are_an_error(engine: Engine) -> None:
    with pytest.raises(QuestionError, match="No article"):
        engine.ask("What about the bridge?", source="no such outlet")
    with pytest.raises(QuestionError, match="since"):
        engine.ask("What about the bridge?", since=date(2024, 2, 1), until=date(2024, 1, 1))


@pytest.mark.parametrize("question", ["", "  \n", "?!", "\0", "...", "x" * 10_000])
def test_an_empty_or_endless_question_is_refused_in_one_line(engine: Engine, question: str) -> None:
    with pytest.raises(QuestionError) as refused:
        engine.ask(question)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("question", ["🙂 a", "«»“” bridge", "\ud800 bridge", "a" * 1999, "מה קרה?", "<b>_*[x](y)</b>"])
def test_odd_questions_get_an_answer_or_a_no(engine: Engine, question: str) -> None:
    assert engine.ask(question).verdict in ("answered", "not found")


def test_a_question_in_a_language_that_the_model_does_not_know_uses_terms_alone(engine: Engine) -> None:
    answer = engine.ask("Was soll das SDG Centre in Almaty für Zentralasien leisten?", threshold=0)
    assert answer.question.language == "de"
    assert all(candidate.dense is None for candidate in answer.candidates)
    assert "Almaty" in answer.quotes[0].text


def test_opening_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="qabot index"):
        qabot.open(tmp_path)


def test_opening_an_index_made_with_other_settings_is_refused(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    with pytest.raises(StaleIndexError, match="qabot index"):
        qabot.open(settings.home, passage_tokens=128)


def test_a_changed_article_is_answered_from_after_the_next_build(
    settings: Settings, encoder: Encoder, write_articles: Callable[[str, list[dict[str, object]]], Path]
) -> None:
    write_articles("a.jsonl", [{"id": "a", "text": "The museum of steam engines opens on Friday."}])
    build(settings, encoder)
    with qabot.open(settings.home) as before:
        write_articles("a.jsonl", [{"id": "a", "text": "The museum of steam engines opens on Sunday."}])
        build(settings, encoder)
        question = "When does the museum of steam engines open?"
        assert "Friday" in before.ask(question).quotes[0].text
        with qabot.open(settings.home) as after:
            assert "Sunday" in after.ask(question).quotes[0].text
