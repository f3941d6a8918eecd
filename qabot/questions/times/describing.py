"""A reading of time in words for people, in English, Russian or Kazakh."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from qabot.passages.context import MONTHS
from qabot.questions.times.periods import YEAR, Period, around
from qabot.questions.times.reading import TimeReading


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
