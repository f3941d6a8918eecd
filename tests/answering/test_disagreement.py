"""Quotes that give different figures: the newest first, and said so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qabot.answering.answer import Quote
from qabot.answering.disagreement import AS_GOOD, newest_first
from qabot.articles.article import Article

QUESTION = "How many people died in the fire?"


def quote(text: str, day: int | None, score: float = 1.0) -> Quote:
    published = datetime(2023, 7, day, tzinfo=UTC) if day else None
    return Quote(Article(text, "Fire", text, published), 0, len(text), score)


def order(*quotes: Quote, question: str = QUESTION) -> tuple[list[str], bool]:
    ordered, disagreeing = newest_first(quotes, question)
    return [quote.text for quote in ordered], disagreeing


EARLY = quote("The fire killed 12 people.", 3)
LATE = quote("The fire killed 15 people.", 5, score=0.95)


def test_of_two_figures_the_newer_comes_first() -> None:
    assert order(EARLY, LATE) == ([LATE.text, EARLY.text], True)


def test_where_the_best_is_the_newest_the_order_stays_and_it_is_said() -> None:
    newest = quote("It killed 15 people.", 5)
    older = quote("It killed 12 people.", 3, score=0.95)
    assert order(newest, older) == ([newest.text, older.text], True)


def test_quotes_that_do_not_take_part_stay_behind_in_their_order() -> None:
    worse, undated = quote("It burnt for 4 hours.", 9, score=0.85), quote("Fire 7 came.", None, score=0.95)
    assert order(EARLY, worse, undated, LATE) == ([LATE.text, EARLY.text, worse.text, undated.text], True)


@pytest.mark.parametrize(
    "other",
    [
        quote("Fire in Almaty kills 12.", 5),
        quote("It killed 12 people and hurt 40.", 5),
        quote("Nobody knows how many died.", 5),
        quote("The fire killed 15 people.", None),
        quote("The fire killed 15 people.", 3),
        quote("The fire killed 15 people.", 5, score=AS_GOOD - 0.01),
    ],
    ids=["the same", "one figure in common", "no figure", "undated", "of the same moment", "not as good"],
)
def test_quotes_that_do_not_disagree_are_left_alone(other: Quote) -> None:
    assert order(EARLY, other) == ([EARLY.text, other.text], False)


def test_a_figure_of_the_question_is_no_answer() -> None:
    question = "How many people died in the fire of 2023?"
    first, second = quote("In 2023 a fire killed 12 people.", 3), quote("In 2023 a fire killed 15 people.", 5)
    assert order(first, second, question=question) == ([second.text, first.text], True)
    only_asked = quote("The fire of 2023 was bad.", 5)
    assert order(EARLY, only_asked, question=question) == ([EARLY.text, only_asked.text], False)


def test_times_disagree_too() -> None:
    first, second = quote("It opens on 3 May 2024.", 3), quote("It opens on 9 June 2025.", 5)
    assert order(first, second, question="When will the bridge open?") == ([second.text, first.text], True)


@pytest.mark.parametrize("question", ["Who died in the fire?", "What happened?", "Why did it burn?"])
def test_only_questions_for_a_number_or_time_are_looked_at(question: str) -> None:
    assert order(EARLY, LATE, question=question) == ([EARLY.text, LATE.text], False)


def test_the_best_quote_has_to_take_part() -> None:
    best = quote("Many people died in the fire.", 4)
    assert order(best, quote(EARLY.text, 3, 0.95), LATE) == ([best.text, EARLY.text, LATE.text], False)


def test_decimals_and_thousands_are_one_figure() -> None:
    first, second = quote("It cost 1,200.5 euros.", 3), quote("It cost 1,200.7 euros.", 5)
    assert order(first, second, question="How much did it cost?") == ([second.text, first.text], True)


def test_three_are_put_in_order() -> None:
    middle = quote("The fire killed 14 people.", 4, score=0.92)
    assert order(EARLY, middle, LATE) == ([LATE.text, middle.text, EARLY.text], True)


def test_no_quotes_do_not_disagree() -> None:
    assert newest_first([], QUESTION) == ([], False)
