"""How numbers, days and hostile characters are written."""

from __future__ import annotations

from datetime import date

import pytest
import typer

from qabot.channels.cli.days import first_day, last_day
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.words import count, day, duration, size


def test_numbers_read_well() -> None:
    assert [count(1, "article"), count(4872, "article")] == ["1 article", "4,872 articles"]
    assert [size(1), size(999), size(52_400), size(999_499)] == ["1 byte", "999 bytes", "52 kB", "999 kB"]
    assert [size(999_500), size(9_960_000), size(23_100_000)] == ["1.0 MB", "10 MB", "23 MB"]
    assert [size(999_500_000), size(52_000_000_000)] == ["1.0 GB", "52 GB"]
    assert [duration(0.42), duration(59.6), duration(200)] == ["0.4 s", "1 min 0 s", "3 min 20 s"]
    assert [day(None), day("2023-07-04"), day("2023-11-27T08:45:59Z")] == ["", "4 July 2023", "27 November 2023"]


def test_a_month_or_a_year_is_all_of_its_days() -> None:
    assert [first_day("2024"), first_day("2024-2"), first_day("2024-02-03")] == [
        date(2024, 1, 1),
        date(2024, 2, 1),
        date(2024, 2, 3),
    ]
    assert [last_day("2024"), last_day("2024-02"), last_day(" 2024-02-03 ")] == [
        date(2024, 12, 31),
        date(2024, 2, 29),
        date(2024, 2, 3),
    ]


@pytest.mark.parametrize("text", ["", "yesterday", "24", "2024-13", "2024-02-30", "0000", "2024-01-01T10:00", "٢٠٢٤-x"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no day"):
        first_day(text)


def test_characters_that_command_a_terminal_are_written_out() -> None:
    assert safe("a\x1b]0;b\x07\x9b\x7f\r\u202e\u2066\ud800") == r"a\x1b]0;b\x07\x9b\x7f\x0d\u202e\u2066\ud800".replace(
        r"\x0d", r"\r"
    )
    assert safe("Ünïcode « » 🏴 \u200dשלום\u200f") == "Ünïcode « » 🏴 \u200dשלום\u200f"


def test_lines_and_tabs_stay_unless_one_line_is_wanted() -> None:
    assert safe("a\n\tb\u2028c") == "a\n\tb\nc"
    assert safe("a\n\n\tb\u2028c\x0bd", one_line=True) == "a b c d"
