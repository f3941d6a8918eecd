"""What a run of words names: the period of "two weeks ago", of "early May", of "4 July 2023".

There is a function for each kind of name; `forms` says which runs it is given. None means that there is no such date,
or that such words are rarely said of a time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from qabot.articles.dates import parse_published
from qabot.questions.times.periods import DAY, MONTH, WEEK, WEEKEND, YEAR, Named, around, back
from qabot.questions.times.tokens import Token

FEW = 6
"""What "a few" is read as, in days, weeks or months: rather too many than too few."""


class Run(NamedTuple):
    """Tokens that fit a form, and the day of asking."""

    tokens: Sequence[Token]
    today: date

    def number(self, *kinds: str) -> int | None:
        """The number of the first token of one of these kinds, None if there is none."""
        return next((token.number for token in self.tokens if token.kind in kinds), None)

    def has(self, *kinds: str) -> bool:
        """Whether there is a token of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)


def _relative(since: date, until: date) -> Named:
    return Named(since, until, "relative")


def numeric(run: Run) -> Named | None:
    """A day in figures, as 2023-07-04 or 4.07.2023."""
    moment = parse_published(run.tokens[0].word)
    return Named(moment.date(), moment.date(), "day", dated=True) if moment else None


def deictic(run: Run) -> Named:
    """As "today" and "yesterday"."""
    offset = run.tokens[0].number
    day = run.today + timedelta(days=offset)
    return Named(day, day, "relative" if offset else "today")


def ago(run: Run) -> Named | None:
    """As "two weeks ago": the whole week in which that day lies; "a few weeks ago": all days since."""
    unit = run.tokens[-2].number
    if run.has("few"):
        return _relative(back(run.today, FEW, unit), run.today) if unit != YEAR else None
    count = run.number("number") or 1
    if count > (5 if unit == YEAR else 60):
        return None  # more is history, as in "900 years ago"
    return Named(*around(back(run.today, count, unit), unit), "recent" if unit == YEAR else "relative")


def in_the_last(run: Run) -> Named | None:
    """As "in the last three days", up to today."""
    unit = run.number("unit", "units") or DAY
    count = FEW if run.has("few") else run.number("number") or 1
    if unit == WEEKEND or (unit == YEAR and count > 5) or (unit == DAY and not run.has("number", "few")):
        return None
    return Named(back(run.today, count, unit), run.today, "recent" if unit == YEAR and count > 1 else "relative")


def last_unit(run: Run) -> Named | None:
    """As "last week": the whole one before this."""
    unit = run.tokens[-1].number
    return None if unit == DAY else _relative(*around(back(run.today, 1, unit), unit))


def this_unit(run: Run) -> Named | None:
    """As "this week", up to today."""
    unit = run.tokens[-1].number
    since, until = around(run.today, unit)
    return None if unit == DAY else _relative(since, min(until, run.today))


def weekend(run: Run) -> Named | None:
    """As "over the weekend": the running or the last one."""
    return _relative(*around(run.today, WEEKEND)) if run.tokens[-1].number == WEEKEND else None


def weekday(run: Run) -> Named:
    """As "Monday" or "last Tuesday": the nearest in the past; "this Friday": of the running week."""
    weekday = run.tokens[-1].number
    if run.has("this"):  # of the week that runs, so that it may be still to come
        day = around(run.today, WEEK)[0] + timedelta(days=weekday)
        return _relative(day, day)
    gone = (run.today.weekday() - weekday) % 7 or (7 if run.has("last", "past") else 0)
    day = run.today - timedelta(days=gone)
    return Named(day, day, "weekday" if len(run.tokens) == 1 else "relative")


def day(run: Run) -> Named | None:
    """As "4 July 2023" or "July 4", or several days of a month, as "3-7 July"."""
    month = run.number("month", "short") or 0
    numbers = [token.number for token in run.tokens if token.kind == "number"]
    year = _year_said(run)
    # Without a year the nearest in the past; eight years reach back to a leap year over 1900.
    for tried in (year,) if year else range(run.today.year, run.today.year - 9, -1):
        if all(1 <= number <= monthrange(tried, month)[1] for number in numbers):
            days = [date(tried, month, number) for number in numbers]
            if year or days[0] <= run.today:
                return Named(min(days), max(days), "day", dated=bool(year), firm=len(days) > 1)
    return None


def month(run: Run) -> Named:
    """As "July 2023", "July" or "July last year"."""
    month = run.number("month", "short") or 0
    year = _year_said(run)
    dated = year is not None
    if year is None:
        running = month == run.today.month and not run.has("last")
        year = run.today.year - (0 if month < run.today.month or running else 1)
    return Named(*around(date(year, month, 1), MONTH), "month", dated)


def season(run: Run) -> Named | None:
    """As "the spring of 2023" or "last summer". Winter is called by the year in which it begins."""
    first = 3 * (run.number("season") or 0) + 3
    said = run.number("year")
    for year in (said,) if said else (run.today.year, run.today.year - 1, run.today.year - 2):
        since = date(year, first, 1)
        until = around(back(since, -2, MONTH), MONTH)[1]
        if said:
            return Named(since, until, "month", dated=True)
        if run.has("this") and since <= run.today:
            return _relative(since, min(until, run.today)) if until.year >= run.today.year else None
        if not run.has("this") and until < run.today:
            return _relative(since, until)
    return None


def quarter(run: Run) -> Named:
    """As "the second quarter of 2023" or "Q2 2023"."""
    last = 3 * (run.number("quarter", "ordinal") or 1)
    year = run.number("year") or 0
    return Named(date(year, last - 2, 1), around(date(year, last, 1), MONTH)[1], "quarter", dated=True)


def year(run: Run) -> Named:
    """A year by itself."""
    return Named(*around(date(run.tokens[0].number, 1, 1), YEAR), "year", dated=True)


def part(run: Run) -> Named | None:
    """As "early May" or "late 2023": thirds of a month, a year or a season."""
    whole = next((token.named for token in run.tokens if token.named), None)
    if whole is None or (whole.until - whole.since).days < 27:
        return None
    part = run.number("part", "edge") or 0
    if (whole.until - whole.since).days < 32:
        since = whole.since + timedelta(days=10 * part)
        until = whole.until if part == 2 else since + timedelta(days=9)
    else:
        months = (whole.until.year - whole.since.year) * 12 + whole.until.month - whole.since.month + 1
        since = back(whole.since, -(part * months // 3), MONTH)
        until = back(whole.since, -((part + 1) * months // 3), MONTH) - timedelta(days=1)
    return Named(since, min(until, whole.until), whole.grain, whole.dated)


def _year_said(run: Run) -> int | None:
    if year := run.number("year"):
        return year
    if run.number("unit") == YEAR and run.has("last", "this"):
        return run.today.year - run.has("last")
    return None
