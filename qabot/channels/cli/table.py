"""A table in plain columns. At a terminal its lines are cut at the edge; elsewhere they are whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from qabot.channels.cli.screen import Screen
from qabot.channels.cli.terminal import safe

_GAP = "  "


def print_table(console: Screen, header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> None:
    """Prints `rows` under `header`, as wide as their widest cells; the first `numbers` columns to the right."""
    table = [[safe(cell, one_line=True) for cell in row] for row in (header, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for at, row in enumerate(table):
        padded = []
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            room = " " * (width - cell_len(cell))
            padded.append(room + cell if column < numbers else cell + room)
        line = Text(_GAP.join(padded).rstrip(), "" if at else "bold")
        if console.is_terminal:
            console.print(line, soft_wrap=False, no_wrap=True, overflow="ellipsis")
        else:
            console.print(line)
