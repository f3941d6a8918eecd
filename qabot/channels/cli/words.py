"""Numbers, sizes and days as people read them."""

from __future__ import annotations

from datetime import datetime

from qabot.passages.context import day_in_words


def count(number: int, noun: str) -> str:
    """`1 article`, `4,872 articles`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def size(number: int) -> str:
    """Bytes as `980 bytes`, `52 kB`, `1.3 MB`; units of 1,000."""
    if number < 1000:
        return count(number, "byte")
    if number < 999_500:
        return f"{number / 1e3:.0f} kB"
    unit, value = ("MB", number / 1e6) if number < 999_500_000 else ("GB", number / 1e9)
    return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def day(published: str | datetime | None) -> str:
    """`4 July 2023`, of a date or of how it is stored; empty for None."""
    if isinstance(published, str):
        published = datetime.fromisoformat(published)
    return day_in_words(published) if published else ""
