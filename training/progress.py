"""Showing how far a training is: a bar in a terminal, elsewhere a line every so many steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from training.loop import Progress

_LINE_STEPS = 50


@contextmanager
def shown(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Gives what shows the progress that it is called with: loss, pace and time left."""
    started = time.monotonic()

    def tell(progress: Progress) -> str:
        pace = (progress.done - progress.begun) / max(time.monotonic() - started, 1e-9)
        left = (progress.steps - progress.done) / pace
        return f"loss {progress.loss:.3f}, {pace * 60:.0f} steps a minute, {_duration(left)} left"

    if not console.is_terminal:

        def line(progress: Progress) -> None:
            if progress.done % _LINE_STEPS == 0 or progress.done == progress.steps:
                console.out(f"step {progress.done} of {progress.steps}, {tell(progress)}", highlight=False)

        yield line
        return
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("", total=None)
        yield lambda progress: bar.update(
            task, completed=progress.done, total=progress.steps, description=tell(progress)
        )


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"
