"""What a question asks for, and whether a sentence holds it."""

from __future__ import annotations

import pytest

from qabot.questions.expectation import Expectation, expectation, meets, names


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people came?", Expectation.NUMBER),
        ("What is the population of Almaty?", Expectation.NUMBER),
        ("Сколько стоит билет?", Expectation.NUMBER),
        ("Қанша адам келді?", Expectation.NUMBER),
        ("When was it built?", Expectation.TIME),
        ("Which years does it cover?", Expectation.TIME),
        ("В каком году это было?", Expectation.TIME),
        ("Қай жылы салынды?", Expectation.TIME),
        ("Who won?", Expectation.NAME),
        ("Which country won?", Expectation.NAME),
        ("Кто победил?", Expectation.NAME),
        ("Кім жеңді?", Expectation.NAME),
        ("What did Kazakhstan propose?", Expectation.ANYTHING),
        ("Why did it fall?", Expectation.ANYTHING),
    ],
)
def test_the_question_words_tell(question: str, kind: Expectation) -> None:
    assert expectation(question) is kind


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        ("How many came in 2020?", "Twelve came.", True),
        ("How many came in 2020?", "Many came in 2020.", False),
        ("When did it open?", "It opened on 4 July 2023.", True),
        ("When did it open?", "It opened late.", False),
        ("Who met Tokayev?", "He met Tokayev.", False),
        ("Who met Tokayev?", "Then Tokayev met Mirziyoyev.", True),
        ("Why?", "Because.", True),
    ],
)
def test_a_text_meets_it_with_something_new(question: str, text: str, met: bool) -> None:
    assert meets(expectation(question), text, question) is met


def test_names_are_capitalised_words_and_words_with_digits() -> None:
    text = "The president of Kazakhstan met G7 leaders. Some came from the UN in 2023. UNESCO was there."
    assert names(text) == ["Kazakhstan", "G7", "UN", "2023", "UNESCO"]
