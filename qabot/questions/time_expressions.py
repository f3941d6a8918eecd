"""Time in a question: from when the articles should be, or that the newest come first.

Most dates in questions belong to the matter, not to the articles: "When did the 2008 Olympics open?" is answered by
articles of any year. So a time is only read where it is told from today ("last week"), where the question speaks of
articles ("the report published on 7 October 2023"), or where the date is near enough to be news:

- With a year, a day or month has to lie in `reach`, or else in the `NEWS_YEARS` before today; a bare year has to be
  this or the last one and to follow "in", "since" or the like.
- Without a year ("on Monday", "in July") the nearest past one is meant, if the question asks what happened.
- Before or after an event of a year ("before the election of 2020") the whole year counts: until its last day, or since
  its first.
- Counts of years ("three years ago") are nearly always of the matter, and need a word for articles beside them.
- Decades, centuries, "recently", "first", quarters of a year in questions that do not speak of articles, and whatever
  is still to come are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from qabot.passages.context import MONTHS
from qabot.passages.passage import Span
from qabot.questions.calendar_words import YEAR, Words, words_of
from qabot.questions.expectation import Expectation, expectation
from qabot.questions.time_forms import Named, Period, around, back, tokens_of, with_names

NEWS_YEARS = 2
"""How old a date may be to be read as one of publication, if nothing is known about the articles."""

EVENT_YEARS = 10
"""The same for "before" or "after" an event."""

FIRST_NEWS = date(2000, 1, 1)
"""Earlier dates are never read as dates of publication."""

_NEAR_A_DATE, _NEAR_A_YEAR = (12, 3), (3, 1)
"""Words before and behind a date among which "published", "article" and the like belong to it."""

_EVENT_WORDS = 3
"""Words that name an event between "before" and its date."""

_OF_ARTICLES = frozenset({"news", "report"})
_PLACED = frozenset({"in", "on", "from"})
_OPEN = frozenset({"since", "after", "before", "until", "ago"})
_RANGES = {
    ("between", "and"),
    *((first, joint) for first in ("from", "since") for joint in ("to", "until", "before", "dash")),
}
_ENDS = frozenset(
    {"", "mark", "comma", "dot", "small", "in", "on", "and", "of", "from", "to", "since", "after", "before", "until"}
)
"""Kinds that may follow "power Thursday", "on July 4" or "in May"; a word there would make it part of a name."""

_HALF_A_YEAR = 183

_NAMES_TOO = frozenset({"may", "march", "april", "june", "august"})
"""Months that are also names or verbs."""


class _Said(NamedTuple):
    """A period with the word that says how it is meant, if any, at the tokens from `start` to `end`."""

    named: Named
    mark: str
    start: int
    end: int
    event: bool = False


@dataclass(frozen=True, slots=True)
class TimeReading:
    """How the time in a question was read.

    periods: when the articles should have been published; any of them fits. Empty for an order alone.
    latest: whether the newest come first.
    matched: the pieces of the question that say so.
    """

    periods: tuple[Period, ...]
    latest: bool
    matched: tuple[Span, ...]

    @property
    def since(self) -> date | None:
        """The first day of all periods, None if one is open."""
        days = [period.since for period in self.periods if period.since]
        return min(days) if days and len(days) == len(self.periods) else None

    @property
    def until(self) -> date | None:
        """The last day of all periods, None if one is open."""
        days = [period.until for period in self.periods if period.until]
        return max(days) if days and len(days) == len(self.periods) else None

    @property
    def words(self) -> str:
        """The reading in ISO dates, as "2023-07-01 to 2023-07-31; newest first"."""
        said = [_iso(period) for period in self.periods]
        return "; ".join([*said, "newest first"] if self.latest else said)


def read_time(question: str, now: date, language: str, reach: Period | None = None) -> TimeReading | None:
    """The time that `question` sets for the articles, or None if it sets none. Never raises.

    Args:
        question: one line, in NFC.
        now: the day of asking.
        language: an ISO 639-1 code; words of English, Russian and Kazakh are known.
        reach: the days of the oldest and the newest article. With it a date is read if there may be articles of it.
    """
    words = words_of("en" if language == "und" else language)
    if words is None:
        return None
    try:
        reader = _Reader(question, words, now, reach)
        periods, latest = reader.periods(), reader.latest()
    except (ValueError, OverflowError):
        return None  # a day before the year 1 or after 9999
    if not periods and not latest:
        return None
    distinct = tuple(dict.fromkeys(periods.values()))
    return TimeReading(distinct, bool(latest), tuple(sorted([*periods, *latest])))


class _Reader:
    """One question with the periods that it names, and what decides whether they are those of the articles."""

    def __init__(self, question: str, words: Words, now: date, reach: Period | None) -> None:
        self.now, self.reach = now, reach
        self.english, self.postposed = words.language == "en", words.language == "kk"
        self.tokens = with_names(tokens_of(question, words), now)
        lower = question.lower() if any(token.named for token in self.tokens) else ""
        speaks_of_articles = any(token.kind in _OF_ARTICLES for token in self.tokens)
        self.of_the_past = speaks_of_articles or bool(words.past.search(lower) and not words.present.search(lower))
        self.to_come = bool(words.future.search(lower))
        self.asks_when = bool(lower) and expectation(question) is Expectation.TIME

    def periods(self) -> dict[Span, Period]:
        """The periods that are meant, by the pieces of the question that say them."""
        found = {}
        at = 0
        while at < len(self.tokens):
            if named := self.tokens[at].named:
                read = self._between(at, named) or self._marked(at, named)
                if self._meant(read):
                    found[self._span(read)] = _bounds(read)
                at = read.end
            at += 1
        return found

    def latest(self) -> list[Span]:
        """Where the question asks for the newest."""
        spans = []
        for at, token in enumerate(self.tokens):
            then = self._kind(at + 1)
            of_news = token.kind in {"fresh", "past", "last"} and then == "news"
            limit = then == "moment" or self._word(at - 1) == "at" or self._word(at - 2) == "at"
            if of_news or (token.kind == "latest" and not limit):
                spans.append(Span(token.start, self.tokens[at + of_news].end))
        return spans

    def _between(self, at: int, first: Named) -> _Said | None:
        """A range of two periods, as "between March and May", if one begins at `at`."""
        joint = self._kind(at + 1)
        second = at + 1 if joint == "atom" else self._skip(at + 2)
        last = self.tokens[second].named if second < len(self.tokens) else None
        if last is None:
            return None
        if self.postposed:
            behind = self._kind(second + 1)
            whole = behind == "between" if joint == "and" else joint == "atom" and behind == "before"
            start, end = at, second + 1
        else:
            start, end = self._skip(at - 1, -1), second
            whole = (self._kind(start), joint) in _RANGES
        if not whole:
            return None
        since, until = first.since, last.until
        if last.dated and not first.dated:
            since = back(since, since.year - until.year, YEAR)
        if since > until:  # "between November and February"
            since = back(since, 1, YEAR)
        joined = Named(since, max(since, until), last.grain, first.dated or last.dated, firm=True)
        return _Said(joined, "in", start, end)

    def _marked(self, at: int, named: Named) -> _Said:
        """A period with the word before it, or behind it in Kazakh, that says how it is meant."""
        step = 1 if self.postposed else -1
        beside = self._skip(at + step, step)
        mark = self._kind(beside)
        event = mark in _OPEN and self._is_of_an_event(at, named)
        if mark not in _OPEN and named.dated and (place := self._event_mark(at, step)) is not None:
            beside, event = place, True
            mark = self._kind(place)
        if mark not in _OPEN | _PLACED:
            return _Said(named, "", at, at)
        if self._word(at).endswith("'s") and mark in _OPEN and not event:
            mark = "in"  # "before this week's game" is about this week
        if mark == "ago":  # Kazakh has one word for "ago" and "before"
            mark = "before"
        return _Said(named, mark, min(at, beside), max(at, beside), event)

    def _is_of_an_event(self, at: int, named: Named) -> bool:
        """Whether the year belongs to the next word, as in "before the 2020 election"."""
        return named.grain == "year" and self._word(at - 1) == "the" and self._kind(at + 1) == "word"

    def _event_mark(self, at: int, step: int) -> int | None:
        """The place of "before" or the like if a few words between it and the date name an event."""
        place = self._skip(at + step, step)
        if self._kind(place) in _PLACED:
            place = self._skip(place + step, step)
        said = 0
        while self._kind(place) in {"word", "name"} and said <= _EVENT_WORDS:
            place, said = place + step, said + 1
        place = self._skip(place, step)
        # "cancelled by ABC in 2013" is not "until".
        opens = self._kind(place) in _OPEN and self._word(place) != "by"
        return place if opens and 1 <= said <= _EVENT_WORDS else None

    def _meant(self, said: _Said) -> bool:
        """Whether a period is one of publication, and not of the matter."""
        named, start = said.named, said.start
        if named.since > self.now or self._word(start - 1) == "than":
            return False
        if named.grain == "relative":
            return self._kind(said.end + 1) != "of" and self._kind(start - 1) not in {"whose", "rough"}
        if not named.dated:
            return self._meant_without_year(said)
        if named.since >= FIRST_NEWS and self._of_articles(said):
            return True
        if said.event:
            return self._may_be_news(named, EVENT_YEARS)
        if named.grain == "year":
            of_a_noun = self.english and (
                self._word(said.end - 1) == "the" or self._kind(said.end + 1) in {"word", "name"}
            )
            asked_for = self.asks_when or of_a_noun or not said.mark
            return not asked_for and self.of_the_past and self._may_be_news(named, 1)
        return named.grain != "quarter" and self._may_be_news(named, NEWS_YEARS)

    def _meant_without_year(self, said: _Said) -> bool:
        named = said.named
        if named.grain in {"today", "recent"}:
            return self.of_the_past if named.grain == "today" else self._of_articles(said)
        if self.to_come:
            return False
        if self._is_a_name(said):
            return False
        if named.firm or said.mark == "since":
            return True
        if said.mark == "until" and (self.now - named.since).days > _HALF_A_YEAR:
            return False  # "through July 4", asked in June, is the coming one
        return self.of_the_past and (bool(said.mark) or named.grain in {"day", "weekday"})

    def _is_a_name(self, said: _Said) -> bool:
        """Whether English words are rather a name than a month or weekday: "May took office", "Cyber Monday"."""
        word, before, then = self._word(said.end), self._kind(said.start - 1), self._kind(said.end + 1)
        if not self.english or word.endswith("'s"):
            return self.english and before == "name"
        if said.mark:
            return said.named.grain == "month" and word in _NAMES_TOO and then not in _ENDS
        return before not in {"", "word", "comma"} or then not in _ENDS

    def _of_articles(self, said: _Said) -> bool:
        before, behind = _NEAR_A_YEAR if said.named.grain == "year" else _NEAR_A_DATE
        near = self.tokens[max(0, said.start - before) : said.end + 1 + behind]
        return any(token.kind in _OF_ARTICLES for token in near)

    def _may_be_news(self, named: Named, years: int) -> bool:
        if self.reach is None:
            return named.until >= back(self.now, years, YEAR)
        oldest, newest = self.reach
        return (oldest is None or named.until >= oldest) and (newest is None or named.since <= newest)

    def _span(self, said: _Said) -> Span:
        return Span(self.tokens[said.start].start, self.tokens[said.end].end)

    def _skip(self, place: int, step: int = 1) -> int:
        """The first place from `place` on that is neither "of" nor "the"."""
        while self._kind(place) in {"of", "the"}:
            place += step
        return place

    def _kind(self, place: int) -> str:
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else ""

    def _word(self, place: int) -> str:
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""


def _bounds(said: _Said) -> Period:
    since, until = said.named.since, said.named.until
    if said.mark == "since":
        return Period(since, None)
    if said.mark == "after":
        return Period(since if said.event else until + timedelta(days=1), None)
    if said.mark in {"until", "to"}:
        return Period(None, until)
    if said.mark == "before":
        return Period(None, until if said.event else since - timedelta(days=1))
    return Period(since, until)


def _iso(period: Period) -> str:
    if period.since and period.until:
        return str(period.since) if period.since == period.until else f"{period.since} to {period.until}"
    return f"since {period.since}" if period.since else f"until {period.until}"


def describe(reading: TimeReading, language: str) -> str:
    """The reading for people: "published 3-9 July 2023", "published since 1 March 2023, the newest first".

    Args:
        reading: what `read_time` gave.
        language: "en", "ru" or "kk"; others get English.
    """
    said = _PHRASES.get(language, _PHRASES["en"])
    parts = []
    if reading.periods:
        parts.append(said.published + said.joint.join(_in_words(period, said, language) for period in reading.periods))
    if reading.latest:
        parts.append(said.latest)
    return ", ".join(parts)


class _Phrases(NamedTuple):
    published: str
    since: str
    until: str
    year: str
    day: str
    joint: str
    latest: str


_PHRASES = {
    "en": _Phrases("published ", "since {}", "until {}", "in {}", "{day} {month} {year}", " or ", "the newest first"),
    "ru": _Phrases("опубликовано ", "с {}", "по {}", "в {} году", "{day} {month} {year}", " или ", "сначала новые"),
    "kk": _Phrases(
        "жарияланған күні: ",
        "{} немесе одан кейін",
        "{} немесе одан бұрын",
        "{} жыл",
        "{year} жылғы {day} {month}",
        " немесе ",
        "алдымен жаңалары",
    ),
}


def _in_words(period: Period, said: _Phrases, language: str) -> str:
    since, until = period
    if since is None or until is None:
        return (said.since if since else said.until).format(_day(since or until or date.max, said, language))
    if since == until:
        return _day(since, said, language)
    if (since, until) == around(since, YEAR):
        return said.year.format(since.year)
    if (since.year, since.month) == (until.year, until.month):
        return _day(since, said, language, f"{since.day}-{until.day}")
    first = _day(since, said, language)
    if since.year == until.year and said.day.endswith(" {year}"):
        first = first.rpartition(" ")[0]
    return f"{first} - {_day(until, said, language)}"


def _day(day: date, said: _Phrases, language: str, days: str = "") -> str:
    month = MONTHS.get(language, MONTHS["en"])[day.month - 1]
    return said.day.format(day=days or day.day, month=month, year=day.year)
