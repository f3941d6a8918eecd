"""Days as options take them: 2023-07-04, or a whole month or year."""

from __future__ import annotations

import calendar
import re
from datetime import date

import typer

_FORM = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def first_day(text: str) -> date:
    """The day in `text`, or the first one of the month or year."""
    return _read(text, last=False)


def last_day(text: str) -> date:
    """The day in `text`, or the last one of the month or year."""
    return _read(text, last=True)


def _read(text: str, *, last: bool) -> date:
    found = _FORM.fullmatch(text.strip())
    wrong = typer.BadParameter(f"{text!r} is no day; write 2023-07-04, 2023-07 or 2023")
    if found is None:
        raise wrong
    try:
        year = int(found[1])
        month = int(found[2] or (12 if last else 1))
        day = int(found[3] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, day)
    except ValueError as error:
        raise wrong from error
