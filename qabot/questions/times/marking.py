"""How a period is meant: in it, since it, before it, or between two; told by the words beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from qabot.questions.times.line import Line
from qabot.questions.times.periods import YEAR, Named, Period, back

_PLACED = frozenset({"in", "on", "from"})
_OPEN = frozenset({"since", "after", "before", "until", "ago"})
_RANGES = {
    ("between", "and"),
    *((first, joint) for first in ("from", "since") for joint in ("to", "until", "before", "dash")),
}

_EVENT_WORDS = 3
"""Words that name an event between "before" and its date."""


class Said(NamedTuple):
    """A period with the word that says how it is meant, at the tokens from `start` to `end`.

    mark: the kind of that word, empty if there is none.
    event: whether the date is that of an event, as in "before the election of 2020".
    """

    named: Named
    mark: str
    start: int
    end: int
    event: bool = False

    def bounds(self) -> Period:
        """The days that are meant. Before or after an event of a year, the whole year counts."""
        since, until = self.named.since, self.named.until
        if self.mark == "since":
            return Period(since, None)
        if self.mark == "after":
            return Period(since if self.event else until + timedelta(days=1), None)
        if self.mark in {"until", "to"}:
            return Period(None, until)
        if self.mark == "before":
            return Period(None, until if self.event else since - timedelta(days=1))
        return Period(since, until)


def said_at(line: Line, at: int, named: Named) -> Said:
    """How the period at the place `at` is meant; a range takes the period behind it along."""
    return _between(line, at, named) or _marked(line, at, named)


def _between(line: Line, at: int, first: Named) -> Said | None:
    """A range of two periods, as "between March and May", if one begins at `at`."""
    joint = line.kind(at + 1)
    second = at + 1 if joint == "atom" else line.skip(at + 2)
    last = line.tokens[second].named if second < len(line.tokens) else None
    if last is None:
        return None
    if _postposed(line):
        behind = line.kind(second + 1)
        whole = behind == "between" if joint == "and" else joint == "atom" and behind == "before"
        start, end = at, second + 1
    else:
        start, end = line.skip(at - 1, -1), second
        whole = (line.kind(start), joint) in _RANGES
    if not whole:
        return None
    since, until = first.since, last.until
    if last.dated and not first.dated:
        since = back(since, since.year - until.year, YEAR)
    if since > until:  # "between November and February"
        since = back(since, 1, YEAR)
    joined = Named(since, max(since, until), last.grain, first.dated or last.dated, firm=True)
    return Said(joined, "in", start, end)


def _marked(line: Line, at: int, named: Named) -> Said:
    """A period with the word before it, or behind it in Kazakh, that says how it is meant."""
    step = 1 if _postposed(line) else -1
    beside = line.skip(at + step, step)
    mark = line.kind(beside)
    event = mark in _OPEN and _is_of_an_event(line, at, named)
    if mark not in _OPEN and named.dated and (place := _event_mark(line, at, step)) is not None:
        beside, event = place, True
        mark = line.kind(place)
    if mark not in _OPEN | _PLACED:
        return Said(named, "", at, at)
    if line.word(at).endswith("'s") and mark in _OPEN and not event:
        mark = "in"  # "before this week's game" is about this week
    if mark == "ago":  # Kazakh has one word for "ago" and "before"
        mark = "before"
    return Said(named, mark, min(at, beside), max(at, beside), event)


def _is_of_an_event(line: Line, at: int, named: Named) -> bool:
    """Whether the year belongs to the next word, as in "before the 2020 election"."""
    return named.grain == "year" and line.word(at - 1) == "the" and line.kind(at + 1) == "word"


def _event_mark(line: Line, at: int, step: int) -> int | None:
    """The place of "before" or the like if a few words between it and the date name an event."""
    place = line.skip(at + step, step)
    if line.kind(place) in _PLACED:
        place = line.skip(place + step, step)
    said = 0
    while line.kind(place) in {"word", "name"} and said <= _EVENT_WORDS:
        place, said = place + step, said + 1
    place = line.skip(place, step)
    # "cancelled by ABC in 2013" is not "until".
    opens = line.kind(place) in _OPEN and line.word(place) != "by"
    return place if opens and 1 <= said <= _EVENT_WORDS else None


def _postposed(line: Line) -> bool:
    """Whether words like "since" stand behind their period."""
    return line.language == "kk"
