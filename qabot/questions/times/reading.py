"""Time in a question: from when the articles should be, or that the newest come first.

Most dates in questions belong to the matter, not to the articles: "When did the 2008 Olympics open?" is answered by
articles of any year. So a time is only read where it is told from today ("last week"), where the question speaks of
articles ("the report published on 7 October 2023"), or where the date is near enough to be news; `publication` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qabot.passages.passage import Span
from qabot.questions.times.forms import with_names
from qabot.questions.times.line import Line
from qabot.questions.times.marking import said_at
from qabot.questions.times.periods import Period
from qabot.questions.times.publication import Publication
from qabot.questions.times.tokens import tokens_of
from qabot.questions.times.words import words_of


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
        line = Line(with_names(tokens_of(question, words), now), words.language)
        periods = _periods(line, Publication(question, line, words, now, reach))
    except (ValueError, OverflowError):
        return None  # a day before the year 1 or after 9999
    latest = _latest(line)
    if not periods and not latest:
        return None
    distinct = tuple(dict.fromkeys(periods.values()))
    return TimeReading(distinct, bool(latest), tuple(sorted([*periods, *latest])))


def _periods(line: Line, publication: Publication) -> dict[Span, Period]:
    """The periods that are meant, by the pieces of the question that say them."""
    found = {}
    at = 0
    while at < len(line.tokens):
        if named := line.tokens[at].named:
            said = said_at(line, at, named)
            if publication.is_meant(said):
                found[line.span(said.start, said.end)] = said.bounds()
            at = said.end
        at += 1
    return found


def _latest(line: Line) -> list[Span]:
    """Where the question asks for the newest."""
    spans = []
    for at, token in enumerate(line.tokens):
        then = line.kind(at + 1)
        of_news = token.kind in {"fresh", "past", "last"} and then == "news"
        limit = then == "moment" or line.word(at - 1) == "at" or line.word(at - 2) == "at"
        if of_news or (token.kind == "latest" and not limit):
            spans.append(line.span(at, at + of_news))
    return spans


def _iso(period: Period) -> str:
    if period.since and period.until:
        return str(period.since) if period.since == period.until else f"{period.since} to {period.until}"
    return f"since {period.since}" if period.since else f"until {period.until}"
