"""Lessons: what a reader is told about a passage must be true."""

from __future__ import annotations

import random
import re

import pytest

from training.lessons import Read, exchanged, lesson, names_in
from training.questions import Text, TrainingQuestion

CHANCES = range(200)


def neighbours_of(question: TrainingQuestion, questions: list[TrainingQuestion]) -> list[Text]:
    """What a search might find: the passage itself, cut in another way, then those of others."""
    own = question.text
    cut = Text(own.title, own.sentences[1:], frozenset(number - 1 for number in own.answers if number))
    others = [Text(other.text.title, other.text.sentences) for other in questions if other.text.title != own.title]
    return [cut, *others[:8]]


def lessons(questions: list[TrainingQuestion]) -> list[tuple[TrainingQuestion, list[Read]]]:
    names = names_in([question.text for question in questions])
    return [
        (question, lesson(question, neighbours_of(question, questions), names, random.Random(f"{chance}-{row}")))
        for row, question in enumerate(questions)
        for chance in CHANCES
    ]


def said(sentence: str) -> str:
    """The sentence without its dateline."""
    return re.sub(r"^[A-Z]+ \([^)]+\) - ", "", sentence)


def test_exactly_the_sentences_that_answer_are_marked(questions: list[TrainingQuestion]) -> None:
    for question, reads in lessons(questions):
        right = {question.text.sentences[number] for number in question.text.answers}
        for read in reads:
            marked = {said(read.sentences[number]) for number in read.answers}
            if read.question == question.question:
                assert marked == right & set(map(said, read.sentences))
            else:
                assert not marked


def test_the_first_passage_answers_and_all_others_do_not(questions: list[TrainingQuestion]) -> None:
    for question, (first, *others) in lessons(questions):
        assert first.question == question.question
        assert first.answers
        assert not any(read.answers for read in others)


def test_a_passage_without_its_answer_lacks_it(questions: list[TrainingQuestion]) -> None:
    shortened = 0
    for question, reads in lessons(questions):
        for read in reads[1:]:
            if read.question == question.question:
                assert not question.answered_by(" ".join(read.sentences))
                shortened += set(map(said, read.sentences)) < set(question.text.sentences)
    assert shortened


def test_an_exchanged_question_asks_for_what_its_passage_does_not_say(questions: list[TrainingQuestion]) -> None:
    other = 0
    for question, reads in lessons(questions):
        for read in reads[1:]:
            if read.question != question.question:
                (town,) = [word for word in question.question.split() if word.strip("?").title() == question.text.title]
                assert town not in read.question
                other += 1
    assert other


@pytest.mark.parametrize("number", ["1912", "1,912", "7", "16.75"])
def test_an_exchanged_number_differs(number: str) -> None:
    text = Text("Mill", (f"the mill had {number} owners.",))
    for chance in CHANCES:
        question = exchanged(f"which mill had {number} owners", text, [], random.Random(chance))
        assert question is not None
        found = re.search(r"\d[\d.,]*", question)
        assert found is not None
        assert found[0] != number
        assert question.replace(found[0], number) == f"which mill had {number} owners"


def test_an_exchanged_name_is_not_in_the_passage() -> None:
    text = Text("Mill", ("In May the council of Arden met Ann Ode.", "Then Belton came."))
    names = ["Arden", "Ann Ode", "Corvale", "Belton"]
    for chance in CHANCES:
        question = exchanged("did arden meet her", text, names, random.Random(chance))
        assert question == "did Corvale meet her"


def test_a_question_without_number_or_name_cannot_be_exchanged() -> None:
    text = Text("Mill", ("In May the council of Arden met.",))
    assert exchanged("who met", text, ["Belton"], random.Random(0)) is None


def test_the_same_chance_gives_the_same_lesson(questions: list[TrainingQuestion]) -> None:
    assert lessons(questions) == lessons(questions)


def test_some_passages_look_like_news_and_some_do_not(questions: list[TrainingQuestion]) -> None:
    reads = [read for _, reads in lessons(questions) for read in reads]
    dressed = [read for read in reads if re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}$", read.context)]
    dated = [read for read in dressed if said(read.sentences[0]) != read.sentences[0]]
    assert 0.4 < len(dressed) / len(reads) < 0.6
    assert dated
    assert len(dated) < len(dressed) / 3
