"""Names of a question in passages of whatever language: as they are written, as they sound, as they are abbreviated."""

from __future__ import annotations

import pytest

from qabot.answering.asked_names import HALF_SURE, NamesIn, across, name_runs, parts_of, terms_elsewhere
from qabot.articles.article import Article
from qabot.passages.passage import Passage, Span

SUMMIT = "President Tokayev spoke at the SCO summit in Almaty with Joe Biden on 4 July 2023. He thanked Harvard."


def names_in(question: str, text: str = SUMMIT, language: str = "en") -> NamesIn:
    article = Article(id="a", title="", text=text, language=language)
    return NamesIn(question, article, Passage("a", (Span(0, len(text)),)))


@pytest.mark.parametrize(
    ("question", "name", "sure"),
    [
        ("Что сказал Токаев?", "Токаев", 1),
        ("Не айтты Тоқаев?", "Тоқаев", 1),
        ("Что было на саммите ШОС?", "ШОС", 1),
        ("Что обсуждала Шанхайская организация сотрудничества?", "Шанхайская", 1),
        ("Что сказал Байден?", "Байден", HALF_SURE),
        ("Что сказал Джо Байден?", "Джо Байден", HALF_SURE / 2),
        ("Что было 4 июля 2023 года?", "2023", 1),
        ("Что сказал Путин?", "Путин", 0),
        ("What did Tokayev say?", "Tokayev", 1),
        ("What did Tokaev say?", "Tokaev", 0),
    ],
)
def test_a_name_is_found_as_it_is_written_or_as_another_language_has_it(question: str, name: str, sure: float) -> None:
    assert names_in(question).surely(name) == sure


def test_within_one_language_a_name_has_to_stand_as_written() -> None:
    assert names_in("Что сказал Токаев?", "Выступил Тукаев.", "ru").surely("Токаев") == 0
    assert names_in("Что построили в Словении?", "Словения строит мост.", "ru").surely("Словении") == 1
    assert names_in("What did Tokayev say?").found_elsewhere() == {}


def test_what_is_found_elsewhere_is_the_surest_term_of_each_word() -> None:
    assert names_in("Что сказал Токаев на саммите ШОС с Байденом?").found_elsewhere() == {
        "en:tokav": 1,
        "en=SCO": 1,
        "en.bdn": HALF_SURE,
    }


def test_a_phrase_counts_once() -> None:
    found = names_in("Что решила Шанхайская организация сотрудничества?").found_elsewhere()
    assert found == {"en=SCO": 1}


def test_languages_are_across_if_they_share_no_writing() -> None:
    assert across("ru", "en")
    assert across("kk", "ru")
    assert not across("ru", "ru")
    assert not across("de", "en")
    assert not across("uk", "ru")
    assert terms_elsewhere("What did Tokayev say?", "de") == {}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who is Sam Bankman-Fried of FTX?", ["Sam Bankman-Fried", "FTX"]),
        ("Trevor Lawrence played when?", ["Lawrence"]),
        ("Did GPT-4 come in March 2023?", ["GPT-4", "March 2023"]),
        ("Did Almaty, Astana vote?", ["Almaty", "Astana"]),
        ("Кто написал роман «Хижина дяди Тома»?", ["Хижина", "Тома"]),
        ("what is it?", []),
    ],
)
def test_names_are_runs_of_capitalised_words(question: str, names: list[str]) -> None:
    assert name_runs(question) == names


def test_names_are_made_of_words_and_numbers() -> None:
    assert parts_of(["Sam Bankman-Fried", "GPT-4", "U.S. Fried"]) == ["Sam", "Bankman", "Fried", "GPT", "4", "US"]
