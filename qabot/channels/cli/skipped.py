"""What a build left out, and why: on stderr, what is lost before what is harmless."""

from __future__ import annotations

from collections.abc import Sequence

from qabot.articles.skipped import Skipped
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.terminal import safe

_MOST_SHOWN = 20
"""Of each kind on a terminal; elsewhere all are listed."""


def print_skipped(skipped: Sequence[Skipped]) -> None:
    """Lists `skipped` by name and reason; where a long list is cut, says how many are left."""
    console = Screen(stderr=True)
    lost = [item for item in skipped if not item.harmless]
    harmless = [item for item in skipped if item.harmless]
    for title, items, style in (("Skipped", lost, "yellow"), ("Left out without loss", harmless, "dim")):
        if not items:
            continue
        shown = items[:_MOST_SHOWN] if console.is_terminal else items
        console.print(f"{title} ({len(items):,}):", style=style)
        for item in shown:
            console.print(f"  {safe(str(item), one_line=True)}", style=style)
        if left := len(items) - len(shown):
            console.print(f"  … and {left:,} more; to list them all: qabot index 2> skipped.txt", style=style)
