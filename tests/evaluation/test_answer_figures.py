"""Figures of answers on cases worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from qabot.evaluation.answers import answer_figures, is_right, normalized
from qabot.evaluation.outcome import Outcome

Make = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Walt Disney\nCompany.", "walt disney company"),
        ("an apple, a day", "apple day"),
        ("“Squid Game”", "squid game"),
        ("Ёлка — 5 %", "ёлка 5"),
        ("theatre", "theatre"),
        ("Cafe\u0301", "caf\u00e9"),
        ("The A", "the a"),
        ("?!", "?!"),
    ],
)
def test_texts_are_normalised_as_squad_does(text: str, expected: str) -> None:
    assert normalized(text) == expected


@pytest.mark.parametrize(
    ("quote", "answer", "held"),
    [
        ("It costs 12 million dollars.", "12 million dollars", True),
        ("It costs the 12 Million, dollars", "a 12 million dollars", True),
        ("Disney's park", "Disney", True),
        ("a 12-million-dollar dam", "12 million", True),
        ("U.S. troops", "US", True),
        ("In 1308 they left.", "308", False),
        ("We know it.", "no", False),
        ("It costs 12 million.", "12 million dollars", False),
    ],
)
def test_a_quote_holds_an_answer_as_whole_words(outcome: Make, quote: str, answer: str, held: bool) -> None:
    figures = answer_figures(outcome(answers=("nothing", answer), quotes=(("x", "Else."), ("x", quote))))
    assert figures["answer_in_quotes"] == held
    assert figures["answer_in_first_quote"] == 0


@pytest.mark.parametrize(
    ("question", "answer", "quote", "held"),
    [
        ("В какой стране это было?", "Ирак", "Город стоял в Ираке.", True),
        ("Кто построил дворец?", "Растрелли", "Его построил Растрелли.", True),
        ("В какой стране это было?", "Ирак", "Город стоял в Иране.", False),
        ("Қай қалада болды?", "Алматы", "Жиын Алматыда өтті.", True),
        ("Кто сказал?", "5 августа", "Сказал 5 августа.", True),
        ("Which country was it?", "mine", "They went mining.", False),
    ],
)
def test_endings_do_not_matter_in_russian_and_kazakh(
    outcome: Make, question: str, answer: str, quote: str, held: bool
) -> None:
    asked = outcome(answers=(answer,), quotes=(("x", quote),))
    asked = replace(asked, gold=replace(asked.gold, question=question))
    assert answer_figures(asked)["answer_in_quotes"] == held
    assert is_right(asked) is held


def test_a_quote_stands_in_evidence_if_one_holds_the_other(outcome: Make) -> None:
    def stands(quote: str, evidence: str | None, article: str = "x") -> bool:
        figures = answer_figures(outcome(evidence=((article, evidence),), quotes=(("x", quote),)))
        assert figures["quote_in_evidence"] == figures["first_quote_in_evidence"]
        return bool(figures["quote_in_evidence"])

    assert stands("It rained.", "It  rained . Then it stopped.")
    assert stands("It rained. Then it stopped.", "It rained .")
    assert not stands("It rained. Then", "rained. Then it stopped.")
    assert stands("Anything", None)
    assert not stands("Anything", None, article="y")


def test_the_first_quote_may_miss_what_another_has(outcome: Make) -> None:
    figures = answer_figures(outcome(evidence=(("x", "Two."),), quotes=(("x", "One."), ("x", "Two."))))
    assert (figures["quote_in_evidence"], figures["first_quote_in_evidence"]) == (1, 0)


def test_all_articles_count_only_where_there_are_several(outcome: Make) -> None:
    two = (("x", "One."), ("y", "Two."))
    figures = answer_figures(outcome(evidence=two, quotes=(("x", "One."),), nearest=("y", "z")))
    assert (figures["all_articles_quoted"], figures["all_articles_listed"]) == (0, 1)
    figures = answer_figures(outcome(evidence=two, quotes=two))
    assert (figures["all_articles_quoted"], figures["all_articles_listed"]) == (1, 1)
    assert "all_articles_quoted" not in answer_figures(outcome(evidence=two[:1]))


def test_exactness_is_measured_of_every_question(outcome: Make) -> None:
    assert answer_figures(outcome(answerable=None, quotes=(("x", "One."),))) == {"exact_quotes": 1}
    assert answer_figures(outcome(answerable=False, quotes=(("x", "One."),), exact=False)) == {"exact_quotes": 0}
    assert answer_figures(outcome(answerable=False)) == {}


def test_answers_and_evidence_are_measured_where_they_are_known(outcome: Make) -> None:
    assert set(answer_figures(outcome(answers=("Ann",)))) == {"answer_in_quotes", "answer_in_first_quote"}
    assert set(answer_figures(outcome(evidence=(("x", None),)))) == {"quote_in_evidence", "first_quote_in_evidence"}


def test_an_answer_is_right_by_its_strings(outcome: Make) -> None:
    right = outcome(answers=("Ann",), evidence=(("x", "Ann did it."),), quotes=(("y", "Bob."), ("y", "It was Ann.")))
    assert is_right(right) is True
    assert is_right(right, first=True) is False
    elsewhere = outcome(answers=("Ann",), evidence=(("x", "It rained. Ann did it."),), quotes=(("x", "It rained."),))
    assert is_right(elsewhere) is False


def test_a_yes_is_right_by_its_evidence(outcome: Make) -> None:
    evidence = (("x", "Yes, it rained."),)
    assert is_right(outcome(answers=("Yes",), evidence=evidence, quotes=(("x", "it rained."),))) is True
    assert is_right(outcome(answers=("Yes",), evidence=evidence, quotes=(("y", "Yes, he said."),))) is False


def test_an_answer_in_other_words_is_right_by_its_evidence(outcome: Make) -> None:
    told = {"answers": ("a long rain",), "evidence": (("x", "It rained for days."),), "quotes": (("x", "It rained"),)}
    assert is_right(outcome(**told)) is True
    assert is_right(outcome(**told, holders=(frozenset({1}),))) is True


def test_evidence_that_stands_in_no_passage_cannot_be_judged_by(outcome: Make) -> None:
    told = {"answers": ("a long rain",), "evidence": (("x", "It rained for days."),), "quotes": (("x", "It rained"),)}
    assert is_right(outcome(**told, holders=(frozenset(),))) is None
    by_strings = told | {"quotes": (("x", "It was a long rain."),)}
    assert is_right(outcome(**by_strings, holders=(frozenset(),))) is True


def test_nobody_can_be_right_about_the_unanswerable_nor_judge_the_unknown(outcome: Make) -> None:
    assert is_right(outcome(answerable=False, quotes=(("x", "Ann."),))) is False
    assert is_right(outcome(answerable=None, answers=("Ann",), quotes=(("x", "Ann."),))) is None
    assert is_right(outcome(quotes=(("x", "Ann."),))) is None
