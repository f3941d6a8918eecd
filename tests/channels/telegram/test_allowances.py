"""Allowances: so many questions a minute and a day, counted in windows that slide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.channels.telegram.allowances import Allowances, Exceeded, open_allowances
from qabot.settings import load_settings

ANN, BOB = 101, 102
DAY = 24 * 3600.0


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minute_has_so_many_questions_and_says_when_the_next_is_welcome(clock: Clock) -> None:
    allowances = Allowances(3, 100, clock=clock)
    for _ in range(3):
        assert allowances.take(ANN) is None
        clock.now += 10
    assert allowances.take(ANN) == Exceeded("minute", 3, 30)
    assert allowances.take(BOB) is None
    clock.now += 29
    assert allowances.take(ANN) == Exceeded("minute", 3, 1)
    clock.now += 1
    assert allowances.take(ANN) is None


def test_a_day_has_so_many_too(clock: Clock) -> None:
    allowances = Allowances(100, 5, clock=clock)
    for _ in range(5):
        assert allowances.take(ANN) is None
        clock.now += 3600
    assert allowances.take(ANN) == Exceeded("day", 5, DAY - 5 * 3600)
    clock.now += DAY - 5 * 3600
    assert allowances.take(ANN) is None


def test_a_question_that_was_not_answered_does_not_count(clock: Clock) -> None:
    allowances = Allowances(1, 100, clock=clock)
    assert allowances.take(ANN) is None
    allowances.give_back(ANN)
    allowances.give_back(BOB)
    assert allowances.take(ANN) is None
    assert allowances.take(ANN) is not None


def test_it_counts_a_bounded_number_of_users(clock: Clock) -> None:
    allowances = Allowances(1, 100, clock=clock, users=10)
    for user in range(1000):
        assert allowances.take(user) is None
    assert allowances.users == 10
    assert allowances.take(999) is not None


def test_who_asked_nothing_for_a_day_is_not_counted(clock: Clock) -> None:
    allowances = Allowances(10, 100, clock=clock)
    for user in range(50):
        allowances.take(user)
        if user % 2:
            allowances.give_back(user)
    clock.now += DAY + 1
    allowances.take(ANN)
    assert allowances.users == 1


def test_the_settings_say_how_many(tmp_path: Path) -> None:
    allowances = open_allowances(load_settings(tmp_path, telegram_per_minute=2, telegram_per_day=300))
    assert [allowances.take(ANN) is None for _ in range(3)] == [True, True, False]


@given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5), st.integers(1, 12))
def test_no_minute_and_no_day_has_more(pauses: list[float], per_minute: int, per_day: int) -> None:
    clock = Clock()
    allowances = Allowances(per_minute, per_day, clock=clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        exceeded = allowances.take(ANN)
        if exceeded is None:
            taken.append(clock.now)
        else:
            assert 0 < exceeded.seconds <= DAY
    for start in taken:
        assert sum(start <= one < start + 60 for one in taken) <= per_minute
    assert len(taken) <= per_day
