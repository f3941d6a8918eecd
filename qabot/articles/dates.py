"""When an article was published, from the ways in which people and programs write it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_YEAR = 1000
"""Earlier years are taken for mistakes; from here on a year has the four digits that dates are stored with."""

_MONTHS = (
    "january jan января янв январь қаңтар",
    "february feb февраля фев февр февраль ақпан",
    "march mar марта мар март наурыз",
    "april apr апреля апр апрель сәуір",
    "may мая май мамыр",
    "june jun июня июн июнь маусым",
    "july jul июля июл июль шілде",
    "august aug августа авг август тамыз",
    "september sep sept сентября сен сент сентябрь қыркүйек",
    "october oct октября окт октябрь қазан",
    "november nov ноября ноя нояб ноябрь қараша",
    "december dec декабря дек декабрь желтоқсан",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

_TIME = (
    r"(?:(?:[T\s,]|\bat\b|\bв\b)*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?"
)
_NAMED_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_FORMS = [
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_NAMED_MONTH},?[\s-]+(?P<year>\d{{4}})(?:\s*(?:года|г\.?))?",
        rf"{_NAMED_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})\s*(?:жылғы|ж\.)\s*(?P<day>\d{{1,2}})\s+{_NAMED_MONTH}",
    )
]
_WEEKDAY = re.compile(r"[^\W\d_]{2,11}\.?,\s*(?=\d|[^\W\d_]{3})")
_SECONDS = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}")


def parse_published(value: str | float | None) -> datetime | None:
    """The moment that `value` names, aware and in UTC, to the second; None if it is no date or out of range.

    Understood are ISO 8601, RFC 2822, `4 July 2023`, `July 4, 2023`, `04.07.2023` (day first), `2023/07/04`, the
    same with Russian and Kazakh months, each with an optional time and zone, and Unix time in seconds or
    milliseconds. Without a zone it is UTC; without a time it is midnight. `03/07/2023` is None, since half of the
    world means March. Never raises.
    """
    if value is None or isinstance(value, bool):
        return None
    try:
        moment = _from_text(" ".join(value.split())) if isinstance(value, str) else _from_seconds(value)
        if moment is None:
            return None
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    return moment.replace(microsecond=0) if moment.year >= FIRST_YEAR else None


def _from_text(text: str) -> datetime | None:
    if len(text) > 100:
        return None
    if _SECONDS.fullmatch(text):
        return _from_seconds(float(text))
    if text[:4].isdigit() and len(text) >= 8:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # one of the forms below may still fit
    without_weekday = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    for form in _FORMS:
        if found := form.fullmatch(without_weekday):
            return _from_match(found)
    return parsedate_to_datetime(text) if re.search(r"\d \w{3} \d{4} \d\d:\d\d", text) else None


def _from_match(found: re.Match[str]) -> datetime | None:
    part = found.groupdict()
    year, day = int(part["year"]), int(part["day"])
    month = int(part["month"]) if part["month"].isdigit() else _MONTH.get(part["month"].lower(), 0)
    if part.get("mark") == "/" and not found.string[:4].isdigit() and max(day, month) <= 12 and day != month:
        return None
    if part.get("mark") == "/" and month > 12:  # 07/24/2023 can only be American
        day, month = month, day
    hour = int(part["hour"] or 0)
    if part["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"].lower().startswith("p") else 0)
    zone = (part["zone"] or "Z").upper().replace("UTC", "Z").replace("GMT", "Z")
    time = f"{hour:02}:{part['minute'] or '00'}:{part['second'] or '00'}"
    return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{time}{zone}")


def _from_seconds(value: float) -> datetime | None:
    if not math.isfinite(value):
        return None
    # Milliseconds, as JavaScript has them, would lie past the year 5000 as seconds.
    return datetime.fromtimestamp(value / 1000 if abs(value) >= 1e11 else value, tz=UTC)
