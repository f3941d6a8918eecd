"""The forms in which a question names a period, as patterns over kinds of words, and the runs that fit one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from qabot.questions.times import naming
from qabot.questions.times.naming import Run
from qabot.questions.times.periods import Named
from qabot.questions.times.tokens import Token, line_of

Build = Callable[[Run], Named | None]
"""Gives what a run of tokens names; None if there is no such date."""


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
    _form("deictic", naming.deictic),
    _form(f"article? (number|few) of? {_UNIT} ago | article? unit ago", naming.ago),
    _form(
        f"in the? past unit | in the last unit | past unit in | the? (past|last) (number|few) {_UNIT}",
        naming.in_the_last,
    ),
    _form("season of? year unit? | year unit season | (last|past|this) season", naming.season),
    _form("(last|past|this) weekday", naming.weekday),
    # Days.
    _form("date", naming.numeric),
    _form(
        f"((from|between|since|on) the?)? number (dash|to|until|before|and) number of? {_MONTH} {_YEAR_SAID}?"
        f" | {_MONTH} number dash number {_YEAR_SAID}? | year unit in? number (dash|and) number dash? month",
        naming.day,
    ),
    _form(
        f"number dash? of? {_MONTH} {_YEAR_SAID} | {_MONTH} number {_YEAR_SAID}"
        f" | year unit in? number dash? month | year unit in? month number"
        f" | number dash? month of? {_LAST_OR_THIS} unit | {_LAST_OR_THIS} unit number dash? month",
        naming.day,
    ),
    # Months and longer.
    _form(
        f"{_MONTH} comma? of? year unit? | year unit in? of? month | month of? the? {_LAST_OR_THIS} unit"
        f" | {_LAST_OR_THIS} unit in? month | last month",
        naming.month,
    ),
    _form(f"number dash? of? {_MONTH} | {_MONTH} number", naming.day),
    _form("last unit", naming.last_unit),
    _form("(in|on) the? unit", naming.weekend),
    _form("this unit", naming.this_unit),
    _form("(quarter|ordinal quarterly) of? the? year unit? | year unit (quarter|ordinal quarterly)", naming.quarter),
    _form("month", naming.month),
    _form("weekday", naming.weekday),
    _form("year unit?", naming.year),
    _form("part dash? atom | edge of? the? atom | atom edge", naming.part),
)


def with_names(tokens: Sequence[Token], today: date) -> list[Token]:
    """`tokens` with one token of the kind "atom" in place of each run that names a period."""
    tokens = list(_without_spans_of_years(tokens))
    for form, build in _FORMS:
        line = line_of(tokens)
        if matches := list(form.finditer(line)):
            tokens = list(_replaced(tokens, line, matches, build, today))
    return tokens


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
