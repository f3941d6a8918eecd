"""Understanding a question: what is read into it, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.errors import QuestionError
from qabot.questions.conversation import Conversation
from qabot.questions.outlets import OutletNames
from qabot.questions.question import About, Question, understand
from qabot.questions.times.periods import Period

NOW = date(2023, 7, 12)
"""A Wednesday."""

REACH = Period(date(2023, 1, 1), NOW)
OUTLETS = OutletNames(["TechCrunch", "The Verge"])
LEE = Conversation().with_turn(
    "Who won the marathon?", "Ann Lee of Jersey won on Sunday.", "Ann Lee wins the Astana marathon in record time"
)


def asked(text: str, reach: Period | None = REACH, conversation: Conversation | None = None) -> Question:
    return understand(text, About(OUTLETS, reach), NOW, 2000, conversation=conversation)


def test_a_plain_question_is_read_as_it_was_asked() -> None:
    question = asked("  Who won\n the cup? ")
    assert (question.text, question.read_as, question.readings) == ("Who won the cup?",) * 2 + (("Who won the cup?",),)
    assert (question.language, question.several, question.filtered) == ("en", False, False)
    assert not question.preferences


@pytest.mark.parametrize(
    "text",
    [
        "Did both teams win?",
        "Compare the prices of gas and oil.",
        "How do the two laws differ?",
        "Is the TechCrunch report consistent with the article in The Verge?",
        "What do the TechCrunch report and the Reuters report say?",
        "Which firm was sold, while another one closed?",
        "Чем отличается новый закон от старого?",
        "Екі заңның айырмашылығы қандай?",
    ],
)
def test_a_comparison_or_two_outlets_want_several_articles(text: str) -> None:
    assert asked(text).several


@pytest.mark.parametrize(
    "text", ["Who bothered to come?", "Was she indifferent?", "What does the TechCrunch article say?", "Who won?"]
)
def test_other_questions_want_one(text: str) -> None:
    assert not asked(text).several


def test_time_and_outlets_are_preferences() -> None:
    preferences = asked("What did TechCrunch report last week?").preferences
    assert preferences.outlets.named == {"TechCrunch"}
    assert preferences.time is not None
    assert preferences.time.periods == (Period(date(2023, 7, 3), date(2023, 7, 9)),)


def test_no_time_is_read_where_no_article_is_dated() -> None:
    assert asked("What happened last week?").preferences.time is not None
    assert asked("What happened last week?", reach=None).preferences.time is None


def test_a_month_beyond_the_reach_of_the_articles_belongs_to_the_matter() -> None:
    text = "What was signed in July 2016?"
    assert asked(text).preferences.time is None
    assert asked(text, reach=Period(date(2016, 1, 1), NOW)).preferences.time is not None


def test_a_follow_up_has_two_readings_and_the_one_with_context_comes_first() -> None:
    question = asked("Where was she born?", conversation=LEE)
    assert question.text == "Where was she born?"
    assert question.read_as.startswith("Where was Ann Lee born?")
    assert question.readings == (question.read_as, question.text)


def test_a_question_that_stands_alone_has_one_reading_whatever_was_said_before() -> None:
    text = "What is the population of Oslo?"
    assert asked(text, conversation=LEE) == asked(text) == asked(text, conversation=Conversation())


def test_a_name_of_the_conversation_is_no_outlet_of_the_question() -> None:
    talk = Conversation().with_turn("What does TechCrunch say about Ann Lee?", "Ann Lee left.", "Ann Lee leaves")
    assert asked("Why did she leave?", conversation=talk).preferences.outlets.named == frozenset()


@pytest.mark.parametrize("text", ["", " \n", "?!", "…", "\0"])
def test_a_question_without_a_letter_or_digit_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        asked(text)


def test_a_question_may_have_as_many_characters_as_are_set() -> None:
    assert understand("a" * 10, About(OUTLETS, None), NOW, 10).text == "a" * 10
    with pytest.raises(QuestionError, match="11 characters; at most 10"):
        understand("a" * 11, About(OUTLETS, None), NOW, 10)


def test_reversed_days_are_refused_and_a_single_day_is_not() -> None:
    about, day = About(OUTLETS, None), date(2024, 5, 1)
    with pytest.raises(QuestionError, match="Swap"):
        understand("Who?", about, NOW, 99, since=day, until=date(2024, 4, 30))
    question = understand("Who?", about, NOW, 99, since=day, until=day)
    assert question.filtered
    assert understand("Who?", about, NOW, 99, source="x").filtered


def test_as_json_it_says_how_it_was_read() -> None:
    question = asked("What is the latest since March in the TechCrunch article and the Reuters article?")
    assert question.to_dict() == {
        "text": question.text,
        "language": "en",
        "read_as": question.text,
        "periods": [["2023-03-01", None]],
        "latest": True,
        "outlets": ["TechCrunch"],
        "missing_outlets": ["Reuters"],
    }
    plain = asked("Who won?").to_dict()
    assert (plain["periods"], plain["latest"], plain["outlets"], plain["missing_outlets"]) == ([], False, [], [])


@settings(deadline=None)  # the first question loads what tells languages
@given(st.text(max_size=100), st.text(max_size=100), st.none() | st.text(max_size=100))
def test_any_text_is_understood_or_refused(text: str, before: str, quote: str | None) -> None:
    conversation = Conversation().with_turn(before, quote, quote)
    try:
        question = asked(text, conversation=conversation)
    except QuestionError:
        return
    assert question.readings[-1] == question.text
    json.dumps(question.to_dict())
