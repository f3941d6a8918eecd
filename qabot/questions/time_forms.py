"""What a question calls a time: its words told apart by kind, and the periods that runs of them name."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from qabot.articles.dates import parse_published
from qabot.questions.calendar_words import DAY, FEW, MONTH, WEEK, WEEKEND, YEAR, Words


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


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of a question at `start:end`, and its kind; `named` for a run that names a period."""

    kind: str
    number: int
    start: int
    end: int
    word: str
    named: Named | None = None


_ORDINAL_TAIL = (
    "st|nd|rd|th|-?(?:го|ого|е|м|ом|ші|шы|інші|ыншы|інде|ында|сінде|сында|інен|ынан|сінен|сынан|іне|ына|сіне|сына)"
)
_ORDINAL = re.compile(_ORDINAL_TAIL)
_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{4}/\d\d?/\d\d?|\d{1,2}[./]\d{1,2}[./]\d{4})(?!\d)(?:T[\d:.+Z-]{1,30})?"
    rf"|(?P<number>\d+(?:[.,]\d+)*)(?P<tail>(?:{_ORDINAL_TAIL})(?!\w)|\w*)"
    r"|(?P<word>[^\W\d_]\w*(?:['’]\w+)?)"
    r"|(?P<mark>[^\w\s])"
)
_YEAR_TAIL = {"г", "ж"}
_MARKS = {",": "comma", ".": "dot", "-": "dash", "–": "dash", "—": "dash"}
_OPENS = frozenset('.?!:;"“«(')
_CAPITALISED = frozenset({"month", "short", "weekday", "quarter"})
"""Kinds that English writes with a capital; elsewhere a capital inside a sentence marks a name."""


def tokens_of(question: str, words: Words) -> list[Token]:
    """The tokens of `question`; what is of no use here has the kind "word"."""
    shouting = question.isupper()
    found = list(_TOKEN.finditer(question))
    spelled = [match.group().lower().replace("’", "'") for match in found]
    tokens: list[Token] = []
    at = 0
    while at < len(found):
        match, length = found[at], 1
        start, end, word = match.start(), match.end(), spelled[at]
        kinds: tuple[tuple[str, int], ...] = (("word", 0),)
        if match["date"]:
            kinds = (("date", 0),)
            word = match["date"]
        elif match["number"]:
            kinds = _kinds_of_number(match["number"], match["tail"])
        elif match["word"]:
            length, kinds = _kinds_of_words(spelled, at, words)
            end = found[at + length - 1].end()
            inside = at > 0 and found[at - 1].group() not in _OPENS
            # At the start "Қазанда" is rather the city of Kazan, unless "month" follows.
            kazan = word.startswith("қазан") and not "".join(spelled[at + 1 : at + 2]).startswith("ай")
            named = match.group()[0].isupper() and not shouting and (inside or kazan)
            if named and (words.language != "en" or kinds[0][0] not in _CAPITALISED):
                kinds = (("name", 0),)
        else:
            kinds = ((_MARKS.get(word, "mark"), 0),)
        tokens.extend(Token(kind, number, start, end, word) for kind, number in kinds)
        at += length
    return tokens


def _kinds_of_number(digits: str, tail: str) -> tuple[tuple[str, int], ...]:
    tail = tail.lower()
    if len(digits) == 4 and digits.isascii() and "1000" <= digits < "2100":
        if tail in _YEAR_TAIL:
            return (("year", int(digits)), ("unit", YEAR))
        return (("year", int(digits)),) if not tail or _ORDINAL.fullmatch(tail) else (("word", 0),)
    if len(digits) <= 2 and digits.isascii() and (not tail or _ORDINAL.fullmatch(tail)):
        return (("number", int(digits)),)
    return (("word", 0),)


def _kinds_of_words(spelled: Sequence[str], at: int, words: Words) -> tuple[int, tuple[tuple[str, int], ...]]:
    if spelled[at] in words.openers:
        for length in (4, 3, 2):
            phrase = spelled[at : at + length]
            if kinds := words.kinds.get(" ".join(phrase)):
                return len(phrase), kinds
    kinds = words.kinds.get(spelled[at])
    if kinds is None and spelled[at].endswith("'s"):
        kinds = words.kinds.get(spelled[at][:-2])
        if kinds and kinds[0][0] not in {"unit", "deictic", "weekday"}:
            kinds = None
    return 1, kinds or (("word", 0),)


class Run(NamedTuple):
    """Tokens that fit a form, and the day of asking."""

    tokens: Sequence[Token]
    today: date

    def number(self, *kinds: str) -> int | None:
        """The number of the first token of one of these kinds, None if there is none."""
        return next((token.number for token in self.tokens if token.kind in kinds), None)

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


Build = Callable[[Run], Named | None]
"""Gives what a run of tokens names; None if there is no such date."""


def _relative(since: date, until: date) -> Named:
    return Named(since, until, "relative")


def _numeric(run: Run) -> Named | None:
    moment = parse_published(run.tokens[0].word)
    return Named(moment.date(), moment.date(), "day", dated=True) if moment else None


def _deictic(run: Run) -> Named:
    offset = run.tokens[0].number
    day = run.today + timedelta(days=offset)
    return Named(day, day, "relative" if offset else "today")


def _ago(run: Run) -> Named | None:
    unit = run.tokens[-2].number
    if run.has("few"):
        return _relative(back(run.today, FEW, unit), run.today) if unit != YEAR else None
    count = run.number("number") or 1
    if count > (5 if unit == YEAR else 60):
        return None  # more is history, as in "900 years ago"
    return Named(*around(back(run.today, count, unit), unit), "recent" if unit == YEAR else "relative")


def _in_the_last(run: Run) -> Named | None:
    unit = run.number("unit", "units") or DAY
    count = FEW if run.has("few") else run.number("number") or 1
    if unit == WEEKEND or (unit == YEAR and count > 5) or (unit == DAY and not run.has("number", "few")):
        return None
    return Named(back(run.today, count, unit), run.today, "recent" if unit == YEAR and count > 1 else "relative")


def _last_unit(run: Run) -> Named | None:
    unit = run.tokens[-1].number
    return None if unit == DAY else _relative(*around(back(run.today, 1, unit), unit))


def _this_unit(run: Run) -> Named | None:
    unit = run.tokens[-1].number
    since, until = around(run.today, unit)
    return None if unit == DAY else _relative(since, min(until, run.today))


def _weekend(run: Run) -> Named | None:
    return _relative(*around(run.today, WEEKEND)) if run.tokens[-1].number == WEEKEND else None


def _weekday(run: Run) -> Named:
    weekday = run.tokens[-1].number
    if run.has("this"):  # of the week that runs, so that it may be still to come
        day = around(run.today, WEEK)[0] + timedelta(days=weekday)
        return _relative(day, day)
    gone = (run.today.weekday() - weekday) % 7 or (7 if run.has("last", "past") else 0)
    day = run.today - timedelta(days=gone)
    return Named(day, day, "weekday" if len(run.tokens) == 1 else "relative")


def _day(run: Run) -> Named | None:
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


def _month(run: Run) -> Named:
    month = run.number("month", "short") or 0
    year = _year_said(run)
    dated = year is not None
    if year is None:
        running = month == run.today.month and not run.has("last")
        year = run.today.year - (0 if month < run.today.month or running else 1)
    return Named(*around(date(year, month, 1), MONTH), "month", dated)


def _season(run: Run) -> Named | None:
    """Winter is called by the year in which it begins."""
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


def _quarter(run: Run) -> Named:
    last = 3 * (run.number("quarter", "ordinal") or 1)
    year = run.number("year") or 0
    return Named(date(year, last - 2, 1), around(date(year, last, 1), MONTH)[1], "quarter", dated=True)


def _year(run: Run) -> Named:
    return Named(*around(date(run.tokens[0].number, 1, 1), YEAR), "year", dated=True)


def _part(run: Run) -> Named | None:
    """Early, middle or late: thirds of a month, a year or a season."""
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


def _form(pattern: str, build: Build) -> tuple[re.Pattern[str], Build]:
    """A form: `pattern` is a regular expression whose letters are kinds, matched against kinds that a space ends."""
    spaced = re.sub("[a-z]+", r"(?:\g<0>_)", pattern)
    return re.compile(r"(?<!\S)(?:" + "".join(spaced.split()).replace("_", " ") + ")"), build


_UNIT = "(unit|units)"
_LAST_OR_THIS = "(last|this)"
_MONTH = "((month|short) dot?)"
_YEAR_SAID = "((comma|in)? year unit?)"
_FORMS = (
    # Told from today.
    _form("deictic", _deictic),
    _form(f"article? (number|few) of? {_UNIT} ago | article? unit ago", _ago),
    _form(
        f"in the? past unit | in the last unit | past unit in | the? (past|last) (number|few) {_UNIT}",
        _in_the_last,
    ),
    _form("season of? year unit? | year unit season | (last|past|this) season", _season),
    _form("(last|past|this) weekday", _weekday),
    # Days.
    _form("date", _numeric),
    _form(
        f"((from|between|since|on) the?)? number (dash|to|until|before|and) number of? {_MONTH} {_YEAR_SAID}?"
        f" | {_MONTH} number dash number {_YEAR_SAID}? | year unit in? number (dash|and) number dash? month",
        _day,
    ),
    _form(
        f"number dash? of? {_MONTH} {_YEAR_SAID} | {_MONTH} number {_YEAR_SAID}"
        f" | year unit in? number dash? month | year unit in? month number"
        f" | number dash? month of? {_LAST_OR_THIS} unit | {_LAST_OR_THIS} unit number dash? month",
        _day,
    ),
    # Months and longer.
    _form(
        f"{_MONTH} comma? of? year unit? | year unit in? of? month | month of? the? {_LAST_OR_THIS} unit"
        f" | {_LAST_OR_THIS} unit in? month | last month",
        _month,
    ),
    _form(f"number dash? of? {_MONTH} | {_MONTH} number", _day),
    _form("last unit", _last_unit),
    _form("(in|on) the? unit", _weekend),
    _form("this unit", _this_unit),
    _form("(quarter|ordinal quarterly) of? the? year unit? | year unit (quarter|ordinal quarterly)", _quarter),
    _form("month", _month),
    _form("weekday", _weekday),
    _form("year unit?", _year),
    _form("part dash? atom | edge of? the? atom | atom edge", _part),
)


def with_names(tokens: Sequence[Token], today: date) -> list[Token]:
    """`tokens` with one token of the kind "atom" in place of each run that names a period."""
    tokens = list(_without_spans_of_years(tokens))
    for form, build in _FORMS:
        line = line_of(tokens)
        if matches := list(form.finditer(line)):
            tokens = list(_replaced(tokens, line, matches, build, today))
    return tokens


def line_of(tokens: Sequence[Token]) -> str:
    """The kinds of `tokens`, each ended by a space."""
    return "".join(f"{token.kind} " for token in tokens)


def _replaced(
    tokens: list[Token], line: str, matches: list[re.Match[str]], build: Build, today: date
) -> Iterator[Token]:
    done, passed = 0, 0
    for match in matches:
        first = passed + line.count(" ", done, match.start())
        yield from tokens[passed:first]
        done, passed = match.end(), first + match.group().count(" ")
        run = tokens[first:passed]
        named = build(Run(run, today))
        if named is None:
            yield from run
        else:
            yield Token("atom", 0, run[0].start, run[-1].end, run[-1].word, named)
    yield from tokens[passed:]


def _without_spans_of_years(tokens: Sequence[Token]) -> Iterator[Token]:
    """Years next to a dash are parts of names and spans, as in "2024-2029": plain words."""
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        joined = [near for near in (before, after) if near and near.kind == "dash"]
        yield Token("word", 0, token.start, token.end, token.word) if token.kind == "year" and joined else token
