"""Dates of publication as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import published_iso
from qabot.articles.dates import parse_published


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2023-07-04", "2023-07-04"),
        (" 2023-07-04 ", "2023-07-04"),
        ("20230704", "2023-07-04"),
        ("2023/07/04", "2023-07-04"),
        ("2023.7.4", "2023-07-04"),
        ("2023-07-04 10:00", "2023-07-04T10:00:00Z"),
        ("2023-07-04T10:00:59.123456789Z", "2023-07-04T10:00:59Z"),
        ("2023-07-04T10:00+06:00", "2023-07-04T04:00:00Z"),
        ("2023-07-04 10:00:00 +0600", "2023-07-04T04:00:00Z"),
        ("2023-07-04 10:00 UTC", "2023-07-04T10:00:00Z"),
        ("2023-07-04T02:00:00+06:00", "2023-07-03T20:00:00Z"),
        ("4 July 2023", "2023-07-04"),
        ("4th July 2023", "2023-07-04"),
        ("Tuesday, 4 July 2023", "2023-07-04"),
        ("July 4, 2023", "2023-07-04"),
        ("Jul. 4, 2023", "2023-07-04"),
        ("July 4, 2023 at 5:30 p.m.", "2023-07-04T17:30:00Z"),
        ("July 4, 2023 12:05 am", "2023-07-04T00:05:00Z"),
        ("Tue, 04 Jul 2023 10:00:00 +0600", "2023-07-04T04:00:00Z"),
        ("Tue, 04 Jul 2023 10:00:00 EST", "2023-07-04T15:00:00Z"),
        ("04.07.2023", "2023-07-04"),
        ("4.7.2023 10:15", "2023-07-04T10:15:00Z"),
        ("24/07/2023", "2023-07-24"),
        ("07/24/2023", "2023-07-24"),
        ("4 июля 2023", "2023-07-04"),
        ("4 июля 2023 г., 10:15", "2023-07-04T10:15:00Z"),
        ("2023 жылғы 4 шілде", "2023-07-04"),
        (1688464800, "2023-07-04T10:00:00Z"),
        (1688464800.9, "2023-07-04T10:00:00Z"),
        (1688464800000, "2023-07-04T10:00:00Z"),
        ("1688464800", "2023-07-04T10:00:00Z"),
    ],
)
def test_a_date_is_read_however_it_is_written(written: str | float, shown: str) -> None:
    moment = parse_published(written)
    assert moment is not None
    assert moment.tzinfo is UTC
    assert published_iso(moment) == shown


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "yesterday",
        "2023",
        "2023-13-45",
        "30 February 2023",
        "0000-01-01",
        "0999-01-01",
        "99999-01-01",
        "03/07/2023",
        "32.01.2023",
        "4 Smarch 2023",
        "July 4, 2023 13:00 pm",
        "9999-12-31T23:59:59-05:00",
        1e400,
        float("nan"),
        10**300,
        -(10**18),
        True,
        "1" * 5000,
    ],
)
def test_what_is_no_date_or_not_sure_is_none(written: str | float | None) -> None:
    assert parse_published(written) is None


@given(st.text(max_size=60) | st.floats() | st.integers())
def test_nothing_raises(written: str | float) -> None:
    moment = parse_published(written)
    assert moment is None or published_iso(moment)


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)))
def test_a_stored_date_is_read_back(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    stored = published_iso(moment)
    assert stored is not None
    assert parse_published(stored) == moment
