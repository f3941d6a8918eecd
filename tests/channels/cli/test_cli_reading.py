"""How a question was read, in lines above the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

from qabot.answering.answer import Answer, Quote, Reach
from qabot.articles.article import Article
from qabot.channels.cli.reading import reading_lines
from qabot.channels.cli.rendering import render_answer
from qabot.questions.outlets import OutletReading
from qabot.questions.preferences import Preferences
from qabot.questions.question import Question
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import TimeReading

JULY = TimeReading((Period(date(2023, 7, 3), date(2023, 7, 9)),), False, ())
NO_OUTLET = OutletReading(frozenset(), ())


def answer(
    time: TimeReading | None = None,
    outlets: OutletReading = NO_OUTLET,
    *,
    read_as: str = "Who won?",
    days: tuple[int | None, ...] = (4,),
    disagreeing: bool = False,
) -> Answer:
    """An answer with a quote of each of `days` in July 2023; None is of no date."""
    text = "Ann Lee won."
    published = [datetime(2023, 7, day, tzinfo=UTC) if day else None for day in days]
    quotes = tuple(Quote(Article(f"a{at}", "T", text, day), 0, len(text), 1.0) for at, day in enumerate(published))
    question = Question("Who won?", "en", tuple(dict.fromkeys((read_as, "Who won?"))), Preferences(outlets, time))
    verdict = "answered" if quotes else "not found"
    return Answer(question, verdict, 0.9, quotes, disagreeing, (), Reach("1", 1, 1, None), {}, (), (), None)  # type: ignore[arg-type]


def test_a_plain_question_is_answered_without_a_word_on_it() -> None:
    assert reading_lines(answer()) == []


def test_a_follow_up_is_shown_as_it_was_read() -> None:
    assert reading_lines(answer(read_as="Who won? (Astana, marathon)")) == ["Read as: Who won? (Astana, marathon)"]


def test_a_time_and_outlets_are_said_in_one_line() -> None:
    both = OutletReading(frozenset({"The Verge", "Fortune"}), ())
    assert reading_lines(answer(JULY)) == ["Looking first at articles published 3-9 July 2023."]
    assert reading_lines(answer(None, both)) == ["Looking first at articles from Fortune or The Verge."]
    assert reading_lines(answer(JULY, both)) == [
        "Looking first at articles published 3-9 July 2023, from Fortune or The Verge."
    ]


def test_an_order_is_said_too() -> None:
    latest, since_july = TimeReading((), True, ()), TimeReading(JULY.periods, True, ())
    assert reading_lines(answer(latest)) == ["Looking first at the newest articles."]
    assert reading_lines(answer(since_july)) == ["Looking first at the newest articles published 3-9 July 2023."]
    of_verge = OutletReading(frozenset({"The Verge"}), ())
    assert reading_lines(answer(latest, of_verge)) == ["Looking first at the newest articles from The Verge."]


def test_outlets_that_the_index_has_not_are_named() -> None:
    missing = OutletReading(frozenset(), ("Reuters", "Engadget"))
    assert reading_lines(answer(None, missing)) == ["None of the articles is from Reuters or Engadget."]


def test_that_nothing_was_published_then_is_said() -> None:
    said = "None of those answers, so all articles were asked."
    assert said in reading_lines(answer(JULY, days=(12,)))
    assert said in reading_lines(answer(JULY, days=(None,)))
    # A day too early is near, and yet outside.
    assert said in reading_lines(answer(JULY, days=(2,)))


def test_one_quote_of_then_is_enough() -> None:
    assert len(reading_lines(answer(JULY, days=(20, 9)))) == 1


def test_a_refusal_does_not_say_that_other_articles_were_asked() -> None:
    assert reading_lines(answer(JULY, days=())) == ["Looking first at articles published 3-9 July 2023."]


def test_disagreeing_quotes_are_announced() -> None:
    assert reading_lines(answer(disagreeing=True)) == ["The articles disagree; the newest comes first."]


def test_no_name_or_question_can_command_the_terminal() -> None:
    hostile = "Ann\x1b[31m\u202e\nLee"
    lines = reading_lines(answer(None, OutletReading(frozenset({hostile}), (hostile,)), read_as=hostile))
    assert len(lines) == 3
    assert not any(character in line for line in lines for character in "\x1b\u202e\n")


def test_the_lines_stand_above_the_quotes() -> None:
    shown = render_answer(answer(JULY, read_as="Who won the race?")).plain.splitlines()
    assert shown[:3] == [
        "Read as: Who won the race?",
        "Looking first at articles published 3-9 July 2023.",
        "«Ann Lee won.» [1]",
    ]
