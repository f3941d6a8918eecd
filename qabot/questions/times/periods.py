"""Periods of days, and the units that questions count them in: days, weeks, months, years, weekends."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, NamedTuple

DAY, WEEK, MONTH, YEAR, WEEKEND = range(5)
"""Units of time, as the tables number them."""


class Period(NamedTuple):
    """Days, both included. None is open."""

    since: date | None
    until: date | None


class Named(NamedTuple):
    """A period that words name.

    grain: what kind of name it is. "relative" is told from today; "today" and "recent" are relative too, but are often
        said of what is always so, or of years of the matter; "weekday" is the nearest in the past.
    dated: whether a year is said.
    firm: whether "from", "between" or the like is part of it.
    """

    since: date
    until: date
    grain: Literal["relative", "today", "recent", "weekday", "day", "month", "quarter", "year"]
    dated: bool = False
    firm: bool = False


def around(day: date, unit: int) -> tuple[date, date]:
    """The first and last day of the day, week (from Monday), month, year or weekend that `day` is in.

    A day from Monday to Friday belongs to the weekend before it.
    """
    if unit == WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if unit == MONTH:
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if unit == YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if unit == WEEKEND:
        first = day - timedelta(days=(day.weekday() - 5) % 7)
        return first, first + timedelta(days=1)
    return day, day


def back(day: date, count: int, unit: int) -> date:
    """`count` units before `day`; the last day of a shorter month where there is no such day."""
    if unit in {DAY, WEEK, WEEKEND}:
        return day - timedelta(days=count if unit == DAY else 7 * count)
    months = day.year * 12 + day.month - 1 - count * (12 if unit == YEAR else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
