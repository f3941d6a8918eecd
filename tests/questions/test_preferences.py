"""How far articles fit what a question prefers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.index.store import Imprint
from qabot.questions.outlets import OutletReading
from qabot.questions.preferences import RECENCY, Preferences, imprint_of, nearness
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import TimeReading

MARCH = Period(date(2023, 3, 1), date(2023, 3, 31))
ANY_OUTLET = OutletReading(frozenset(), ())
VERGE = OutletReading(frozenset({"The Verge", "Jane Doe"}), ())


def time(*periods: Period, latest: bool = False) -> TimeReading:
    return TimeReading(periods, latest, ())


def by(source: str | None = None, author: str | None = None, day: date | None = None) -> Imprint:
    return Imprint(source, author, day)


@pytest.mark.parametrize(
    ("day", "near"),
    [
        (date(2023, 3, 1), 1.0),
        (date(2023, 3, 17), 1.0),
        (date(2023, 3, 31), 1.0),
        # A fifth less for each of the four days before, a quarter less for each of the three after.
        (date(2023, 2, 28), 0.8),
        (date(2023, 2, 25), 0.2),
        (date(2023, 2, 24), 0.0),
        (date(2022, 2, 24), 0.0),
        (date(2023, 4, 1), 0.75),
        (date(2023, 4, 3), 0.25),
        (date(2023, 4, 4), 0.0),
        (date(2024, 4, 4), 0.0),
        (None, 0.0),
    ],
)
def test_nearness_fades_outside_of_a_period(day: date | None, near: float) -> None:
    assert nearness(day, [MARCH]) == pytest.approx(near)


def test_an_open_period_fades_on_one_side_only() -> None:
    since, until = Period(date(2023, 3, 1), None), Period(None, date(2023, 3, 31))
    assert nearness(date(2050, 1, 1), [since]) == nearness(date(1950, 1, 1), [until]) == 1
    assert nearness(date(2023, 2, 26), [since]) == pytest.approx(0.4)
    assert nearness(date(2023, 4, 2), [until]) == pytest.approx(0.5)


def test_of_several_periods_the_nearest_counts() -> None:
    june = Period(date(2023, 6, 1), date(2023, 6, 30))
    assert nearness(date(2023, 6, 9), [MARCH, june]) == 1
    assert nearness(date(2023, 4, 1), [MARCH, june]) == pytest.approx(0.75)
    assert nearness(date(2023, 3, 9), []) == 0


@given(st.dates(), st.dates(), st.integers(0, 400))
def test_nearness_is_a_share(day: date, since: date, days: int) -> None:
    until = since + timedelta(days=min(days, (date.max - since).days))
    near = nearness(day, [Period(since, until)])
    assert 0 <= near <= 1
    assert (near == 1) == (since <= day <= until)


def test_nothing_is_preferred_where_nothing_is_asked_for() -> None:
    plain = Preferences(ANY_OUTLET, None)
    assert not plain
    assert not Preferences(OutletReading(frozenset(), ("Reuters",)), None)
    assert plain.fits([by("The Verge"), by()]) == [0, 0]
    assert plain.share(by()) == 1


def test_an_outlet_or_an_author_fits_wholly_or_not_at_all() -> None:
    prefers = Preferences(VERGE, None)
    assert prefers
    assert prefers.fits([by("The Verge"), by("Fortune", "Jane Doe"), by("Fortune"), by()]) == [1, 1, 0, 0]


def test_outlet_and_time_add_up_and_are_shared() -> None:
    prefers = Preferences(VERGE, time(MARCH))
    both, half, late = by("The Verge", None, date(2023, 3, 5)), by("The Verge"), by("Fortune", None, date(2023, 4, 1))
    assert prefers.fits([both, half, late]) == pytest.approx([2, 1, 0.75])
    assert [prefers.share(imprint) for imprint in (both, half, late)] == pytest.approx([1, 0.5, 0.375])


def test_latest_adds_by_rank_of_day_and_nothing_for_an_unknown_day() -> None:
    prefers = Preferences(ANY_OUTLET, time(latest=True))
    old, new = by(day=date(2020, 1, 1)), by(day=date(2023, 7, 4))
    assert prefers
    # Two days, so the older one is worth half of `RECENCY`; articles of one day are worth the same.
    assert prefers.fits([new, old, by(), new]) == pytest.approx([RECENCY, RECENCY / 2, 0, RECENCY])
    assert RECENCY > 0


def test_latest_is_worth_less_than_an_outlet() -> None:
    prefers = Preferences(VERGE, time(latest=True))
    asked_for, newest = prefers.fits([by("The Verge", None, date(2020, 1, 1)), by("Fortune", None, date(2023, 7, 4))])
    assert asked_for > newest


def test_latest_alone_does_not_say_how_far_an_article_fits() -> None:
    assert Preferences(ANY_OUTLET, time(latest=True)).share(by()) == 1


def test_articles_without_a_date_are_left_where_they_are() -> None:
    assert Preferences(ANY_OUTLET, time(MARCH, latest=True)).fits([by("The Verge"), by()]) == [0, 0]


def test_an_imprint_is_by_whom_and_on_which_day() -> None:
    published = datetime(2023, 7, 4, 22, 30, tzinfo=UTC)
    article = Article("a", "T", "Text.", published=published, source="The Verge", author="Jane Doe")
    assert imprint_of(article) == by("The Verge", "Jane Doe", date(2023, 7, 4))
    assert imprint_of(Article("b", "T", "Text.")) == by()
