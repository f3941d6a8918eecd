"""The gate: which questions lean on what was said before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.questions.leaning import Leaning, content_words, leaning


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("When did they disband?", "en"),
        ("Where was she born?", "en"),
        ("What kind of music did they play?", "en"),
        ("His reaction?", "en"),
        ("Who was the first person that he hired?", "en"),
        ("Why did this happen?", "en"),
        ("What happened after that?", "en"),
        ("Who lives there?", "en"),
        ("Anything else?", "en"),
        ("Are there any other interesting facts?", "en"),
        ("And in Almaty?", "en"),
        ("What about the price?", "en"),
        ("Why?", "en"),
        ("How many?", "en"),
        ("What happened in 2005?", "en"),
        ("When did the band start?", "en"),
        ("How did the tour go?", "en"),
        ("А в Алматы?", "ru"),
        ("Почему?", "ru"),
        ("Когда он это сказал?", "ru"),
        ("Где её офис?", "ru"),
        ("Что ещё известно?", "ru"),
        ("Что случилось потом?", "ru"),
        ("Ал Алматыда ше?", "kk"),
        ("Ал Алматыда ше?", "ru"),
        ("Неге?", "kk"),
        ("Оның әкесі кім?", "kk"),
        ("Бұл қашан болды?", "kk"),
    ],
)
def test_a_follow_up_leans(question: str, language: str) -> None:
    assert leaning(question, language) is not None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is inflation?", "en"),
        ("Who is the president of Kazakhstan?", "en"),
        ("Which company announced it is closing its shops?", "en"),
        ("What can a principal decide, if he/she works for a big school?", "en"),
        ("What happened in the port of Aktau this week?", "en"),
        ("Which country will hold an election next month?", "en"),
        ("Microsoft retired its browser this week. What year did it start?", "en"),
        ("When she died, Elizabeth II left four dogs behind. Who took care of her dogs?", "en"),
        ("How long did it take Johnson to answer Kennedy?", "en"),
        ("Is there life on Mars?", "en"),
        ("What is another name for measles?", "en"),
        ("Who is the man that invented dynamite?", "en"),
        ("Did Ann Lee say that she would resign?", "en"),
        ("Which retailer lowered the price of gas to help drivers save money, and when did it do so?", "en"),
        ("Какая столица Казахстана?", "ru"),
        ("Кто такой Абай Кунанбаев?", "ru"),
        ("А. С. Пушкин родился в каком городе?", "ru"),
        ("В каком году основан Нижегородский кремль и кто его построил?", "ru"),
        ("Қазақстанның астанасы қай қала?", "kk"),
        ("Іле Алатауының етегінде қай қала орналасқан?", "kk"),
        ("Wann wurde er geboren?", "de"),
        ("", "en"),
    ],
)
def test_a_question_that_names_what_it_is_about_stands_alone(question: str, language: str) -> None:
    assert leaning(question, language) is None


def test_the_kind_of_leaning_says_what_is_missing() -> None:
    assert leaning("Where was she born?", "en") is Leaning.NAME
    assert leaning("And in Almaty?", "en") is Leaning.QUESTION
    assert leaning("Was it a success?", "en") is Leaning.STATEMENT
    assert leaning("Who else came?", "en") is Leaning.STATEMENT


def test_a_thing_spoken_of_before_is_a_known_thing() -> None:
    question = "What does the reservoir hold?"
    assert leaning(question, "en") is None
    assert leaning(question, "en", frozenset(content_words("Who built a reservoir in Talas?", "en"))) is not None


def test_a_name_spoken_of_before_does_not_make_a_pointing_word_clear() -> None:
    question = "What did Lee say about this?"
    assert leaning(question, "en") is None
    assert leaning(question, "en", frozenset(content_words("Who is Ann Lee?", "en"))) is Leaning.STATEMENT


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "kk", "und"]))
def test_any_text_can_be_judged(question: str, language: str) -> None:
    assert leaning(question, language) in (None, *Leaning)
