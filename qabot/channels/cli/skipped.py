"""What a build left out, and why: a table on stderr, by reason, what is lost before what is harmless."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qabot.articles.skipped import Skipped
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.table import print_table
from qabot.channels.cli.terminal import safe

_EXAMPLES = 3
"""Paths named for a reason."""

_FEW = 20
"""Of a kind: up to so many, each is listed with its own reason."""

_MOST_REASONS = 25
"""Rows of a table; further reasons are counted."""

_VARYING = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\d[\d,.]*|(?<=same as ).+|(?<=a link to ).+?(?=,)|(?<= of )\S+(?=, but)"
)
"""What differs from file to file in a reason of one kind: names in quotes, numbers, other files."""


@dataclass(slots=True)
class _Reason:
    text: str
    count: int = 0
    examples: list[str] = field(default_factory=list)


def print_skipped(skipped: Sequence[Skipped], *, beyond: int = 0, every: bool = False) -> None:
    """Prints what was left out.

    Args:
        skipped: in order.
        beyond: how many more there are, of which nothing is known but the number.
        every: list each one, whatever their number.
    """
    console = Screen(stderr=True)
    shortened = False
    for title, harmless, style in (("Skipped", False, "yellow"), ("Left out without loss", True, "dim")):
        items = [item for item in skipped if item.harmless == harmless]
        if not items:
            continue
        console.print(f"{title} ({len(items):,}):", style=style)
        if every or len(items) <= _FEW:
            for item in items:
                console.print(f"  {safe(str(item), one_line=True)}", style=style)
        else:
            _print_reasons(console, items)
            shortened = True
    if beyond:
        console.print(f"{beyond:,} more were left out and are not listed.", style="yellow")
    if shortened:
        console.print("To list each one: qabot index --verbose", style="dim")


def _print_reasons(console: Screen, items: Iterable[Skipped]) -> None:
    reasons: dict[str, _Reason] = {}
    for item in items:
        reason = reasons.setdefault(_VARYING.sub("…", item.reason), _Reason(item.reason))
        reason.count += 1
        if len(reason.examples) < _EXAMPLES:
            reason.examples.append(item.path)
    most_first = sorted(reasons.items(), key=lambda pair: -pair[1].count)
    rows = [
        (f"{reason.count:,}", kind if reason.count > 1 else reason.text, ", ".join(reason.examples))
        for kind, reason in most_first[:_MOST_REASONS]
    ]
    if rest := most_first[_MOST_REASONS:]:
        rows.append((f"{sum(reason.count for _, reason in rest):,}", f"{len(rest):,} other reasons", ""))
    print_table(console, ("  number", "reason", "for example"), rows, numbers=1)
