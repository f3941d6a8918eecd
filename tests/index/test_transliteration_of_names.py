"""Names across scripts: a question in one writing finds a name in another, and nothing changes within one."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term_index import write_terms

from qabot.index.names import THING, WRITINGS, asked_names, written_names
from qabot.index.same_names import SAME_NAMES
from qabot.index.terms import Terms, TermsWriter

TEXTS = {
    1: ("en", "President Tokayev spoke about the SCO in Astana."),
    2: ("en", "Rain is expected in Paris on Monday."),
    3: ("ru", "Президент Токаев рассказал о ШОС в Астане."),
    4: ("ru", "В понедельник в Париже ожидается дождь."),
    5: ("kk", "Президент Тоқаев Астанада ШЫҰ-ның жұмысы туралы айтты."),
    6: ("kk", "Дүйсенбіде Парижде жаңбыр жауады."),
}


@pytest.fixture
def index(tmp_path: Path) -> Terms:
    return write_terms(tmp_path / "terms", TEXTS, WRITINGS)


@pytest.mark.parametrize(
    "question",
    ["Tokayev", "Токаев", "Тоқаевтың", "What about the SCO?", "что такое шос", "ШЫҰ деген не?", "Қайда Тоқаев?"],
)
def test_a_name_is_found_in_every_writing(index: Terms, question: str) -> None:
    assert sorted(index.search(question, 10)[0].tolist()) == [1, 3, 5]


@pytest.mark.parametrize("question", ["Will it rain in Paris?", "Будет ли дождь в Париже?", "Парижде жаңбыр жауа ма?"])
def test_a_city_with_another_name_is_found(index: Terms, question: str) -> None:
    assert sorted(index.search(question, 10)[0].tolist()) == [2, 4, 6]


@pytest.mark.parametrize("name", ["Казахстан", "Афганистану", "Узбекистаном", "Кыргызстане", "Пекина"])
def test_a_listed_name_is_known_in_all_cases(name: str) -> None:
    marks = chain.from_iterable(asked_names(f"Что {name}?").values())
    assert any(THING in mark for mark in marks)


def test_within_one_writing_no_score_changes(tmp_path: Path) -> None:
    found = []
    for name, languages in (("one", ["en"]), ("all", WRITINGS)):
        writer = TermsWriter(tmp_path / name)
        writer.add(1, 10, *reversed(TEXTS[1]))
        writer.add(2, 20, *reversed(TEXTS[2]))
        writer.close()
        keys, scores = Terms(tmp_path / name, languages).search("Did Tokayev go to Paris for the SCO?", 5)
        found.append((keys.tolist(), scores.tolist()))
    assert found[0] == found[1]


def test_words_that_are_names_only_in_capitals_are_left_alone() -> None:
    assert not written_names("it told us who said so", "en")
    assert "en=US" in written_names("The U.S. said so", "en")
    assert not any(term.endswith(("=US", "=WHO")) for terms in asked_names("who told us so").values() for term in terms)


def test_a_name_of_several_words_is_one() -> None:
    assert written_names("в Шанхайской организации сотрудничества", "ru") == ["ru=SCO"]
    assert written_names("Біріккен Ұлттар Ұйымының", "kk") == ["kk=UN"]


def test_words_in_another_script_than_the_text_are_no_names_of_it() -> None:
    assert written_names("Основана как Microsoft", "ru") == written_names("Основана как", "ru")


def test_every_abbreviation_means_one_thing() -> None:
    for language in WRITINGS:
        names = list(chain.from_iterable(dict.fromkeys(thing[language]) for thing in SAME_NAMES))
        assert len(names) == len(set(names))


@given(st.text(max_size=200))
def test_any_text_can_be_asked_and_written(text: str) -> None:
    for terms in asked_names(text).values():
        assert all(term.split() == [term] for term in terms)
    assert all(term.split() == [term] for language in (*WRITINGS, "und") for term in written_names(text, language))
