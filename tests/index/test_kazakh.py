"""Kazakh: the endings that are taken off, and what is left alone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.index.analysis import content_terms, terms
from qabot.index.kazakh import LONGEST_STEM, shortened, stem, stemmed
from qabot.index.terms import Terms, TermsWriter


@pytest.mark.parametrize(
    "forms",
    [
        "бала баланың балаға баланы балада баладан баламен балалар балалардың балаларымыздан баласында",
        "мектеп мектептің мектебі мектебінде мектептер мектептерге",
        "кітап кітабы кітапты кітаптар",
        "тіл тілі тілінде тілдер тілдердің",
        "Алматы Алматыда Алматыдан Алматының Алматыға",
        "Тоқаев Тоқаевтың Тоқаевқа Тоқаевпен",
        "Қазақстан Қазақстанның Қазақстанда Қазақстандағы",
        "университет университеттер университеттің университетте",
        "роль рольдер рольге",
        "жыл жылы жылдары жылдан",
    ],
)
def test_forms_of_a_word_are_one_term(forms: str) -> None:
    assert len(set(terms(forms, "kk"))) == 1


@pytest.mark.parametrize(("one", "other"), [("алма", "Алматы"), ("бала", "балық"), ("орман", "орта")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert terms(one, "kk") != terms(other, "kk")


@pytest.mark.parametrize("word", ["ел", "су", "ат", "үй", "адам", "жер"])
def test_short_words_are_not_worn_away(word: str) -> None:
    assert len(stem(word)) >= min(len(word), 3)


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("2023-ке", "2023"),
        ("ШЫҰ-ның", "ШЫҰ"),
        ("«Самұрық»-тың", "Самұрық"),
        ("5-ші", "5"),
        ("Microsoft-тың", "Microsoft"),
    ],
)
def test_endings_written_apart_are_no_terms(written: str, bare: str) -> None:
    assert terms(written, "kk") == terms(bare, "kk")


def test_a_year_keeps_its_word() -> None:
    assert terms("2023-жылы", "kk") == ["2023", "жыл"]


def test_words_in_latin_letters_stay_whole() -> None:
    assert terms("Qazaqstannyñ prezidenti Microsoft", "kk") == ["qazaqstannyn", "prezidenti", "microsoft"]


def test_letters_of_other_keyboards_are_read_as_kazakh_ones() -> None:
    assert terms("тiлiнде əлем", "kk") == terms("тілінде әлем", "kk")


def test_stop_words_are_left_out_in_a_question() -> None:
    assert content_terms("Қазақстан Ауғанстан бойынша не ұсынды және қашан?", "kk") == terms(
        "Қазақстан Ауғанстан бойынша ұсынды", "kk"
    )


def test_a_question_finds_another_form_of_its_word(tmp_path: Path) -> None:
    writer = TermsWriter(tmp_path / "terms")
    writer.add(1, 10, "Қазақстанның ұсынысы мектептерге арналған.", "kk")
    writer.add(2, 20, "Ауа райы ертең салқын болады.", "kk")
    writer.close()
    assert Terms(tmp_path / "terms", ["kk"]).search("Қазақстан мектепке не берді?", 5)[0].tolist() == [1]


@given(st.text(alphabet="абғқңөұүһіәлдмнрстеы-2 Az", max_size=60))
def test_any_text_is_stemmed_word_by_word(text: str) -> None:
    words = stemmed(text).split()
    assert all(len(stem(word)) <= max(LONGEST_STEM, len(word)) for word in words)


@given(st.text(alphabet="абғқңөұүһіәлдмнрстеы", min_size=1, max_size=20))
def test_each_ending_leaves_a_shorter_word(word: str) -> None:
    left = list(shortened(word))
    assert left[0] == word
    assert all(len(later) <= len(earlier) for earlier, later in pairwise(left))
    assert len(left[-1]) >= min(len(word), 3)
