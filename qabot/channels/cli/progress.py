"""Progress of a build, drawn on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress
from rich.text import Text

from qabot.channels.cli.exits import say_line
from qabot.channels.cli.screen import Screen
from qabot.index.progress import Progress

_QUIET_SECONDS = 10
"""Between two lines where there is no terminal; a build that is shorter says nothing."""


@contextmanager
def drawn() -> Iterator[Progress]:
    """A Progress that draws itself until the block ends."""
    console = Screen(stderr=True)
    if not console.is_terminal:
        yield Lines()
        return
    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        _Counted(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as bars:
        yield Bar(bars)


class Bar:
    """One bar at a time: the stage, how far, how fast, how long still."""

    def __init__(self, bars: progress.Progress) -> None:
        self._bars = bars

    def stage(self, name: str, total: int | None) -> None:
        """Puts the bar of this stage in the place of the last one's."""
        for task in self._bars.task_ids:
            self._bars.remove_task(task)
        self._bars.add_task(name, total=total)

    def advance(self, steps: int) -> None:
        """Moves the bar."""
        self._bars.advance(self._bars.task_ids[-1], steps)


class Lines:
    """A plain line for a stage that takes long."""

    def __init__(self) -> None:
        self._said = time.monotonic()
        self.stage("Starting", None)

    def stage(self, name: str, total: int | None) -> None:
        """Begins to count."""
        self._name, self._total, self._done = name, total, 0
        self._began = time.monotonic()

    def advance(self, steps: int) -> None:
        """Says how far it is, if nothing has been said for a while."""
        self._done += steps
        now = time.monotonic()
        if now - self._said >= _QUIET_SECONDS:
            self._said = now
            of = f" of {self._total:,}" if self._total else ""
            rate = self._done / max(now - self._began, 0.001)
            say_line(f"{self._name}: {self._done:,}{of}, {rate:,.0f} per second")


class _Counted(progress.ProgressColumn):
    """`1,024 of 29,111, 55 per second`."""

    def render(self, task: progress.Task) -> Text:
        of = f" of {task.total:,.0f}" if task.total else ""
        rate = f", {task.speed:,.0f} per second" if task.speed else ""
        return Text(f"{task.completed:,.0f}{of}{rate}" if task.completed or of else "")
