"""`qabot add`: pages and files become articles among the seeds, and are indexed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import ERROR, say_line
from qabot.channels.cli.options import Common, Debug, Home
from qabot.channels.cli.words import count, day
from qabot.errors import BuildInProgressError, FetchError, QabotError, SeedsError, WriteError

if TYPE_CHECKING:
    from qabot.gathering.adding import Added
    from qabot.gathering.fetching import Fetcher
    from qabot.gathering.pages import PageReader
    from qabot.settings import Settings

_MOST_LISTED = 10_000
"""Addresses taken from standard input."""

_LOOKED_AGAIN = 0.5
"""Seconds between two looks whether another process still builds."""


def add(
    ctx: typer.Context,
    what: Annotated[
        list[str], typer.Argument(metavar="URL|FILE", help="Addresses of pages, files; - reads a list of them.")
    ],
    no_index: Annotated[bool, typer.Option("--no-index", help="Only save; build the index later.")] = False,
    ignore_robots: Annotated[
        bool, typer.Option("--ignore-robots", help="Read pages that robots.txt closes to programs.")
    ] = False,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Save pages and files as articles under seeds/added/, then build the index.

    A page is saved as text with its address, so no later build needs the network. A page that is there already is
    replaced if its text has changed. What fails is one line, the rest is added, and the exit code is 2.

    \b
    Examples:
      qabot add https://example.org/news/dam.html
      qabot add report.pdf interviews/*.docx
      qabot add --no-index - < addresses.txt
    """
    settings = Common.of(ctx, home, debug).settings()

    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.terminal import safe
    from qabot.gathering.fetching import Fetcher
    from qabot.gathering.pages import PageReader

    fetcher = Fetcher(settings)
    console = Screen()
    saved = failed = 0
    with closing(PageReader(settings)) as reader:
        for item in _listed(what):
            try:
                done = _add(item, settings, fetcher, reader, ignore_robots=ignore_robots)
            except WriteError:
                raise
            except QabotError as error:
                failed += 1
                say_line(f"Error: {error}")
                continue
            saved += not done.already
            console.print(safe(described(done, settings), one_line=True))
    if saved and not no_index:
        build_index(settings)
    if failed:
        raise typer.Exit(ERROR)


def described(done: Added, settings: Settings) -> str:
    """`Added: Almaty opens a dam · Kazinform, 4 July 2023 · seeds/added/kazinform.kz/….md`."""
    word = {"new": "Added", "changed": "Replaced, its text has changed", "already": "Already there"}[done.outcome]
    what = done.title if done.articles == 1 else f"{count(done.articles, 'article')}, the first “{done.title}”"
    where = done.path
    for root in (settings.home.resolve(), settings.seeds_folder.parent.resolve()):
        if done.path.resolve().is_relative_to(root):
            where = done.path.resolve().relative_to(root)
            break
    known = ", ".join(part for part in (done.source, day(done.published)) if part)
    note = f" ({done.note})" if done.note else ""
    return f"{word}: " + " · ".join(part for part in (what, known, str(where)) if part) + note


def _listed(what: list[str]) -> Iterator[str]:
    for item in what:
        if item != "-":
            yield item
            continue
        for number, line in enumerate(sys.stdin):
            if number >= _MOST_LISTED:
                say_line(f"Only the first {_MOST_LISTED:,} lines of the list are read")
                break
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()


def _add(item: str, settings: Settings, fetcher: Fetcher, reader: PageReader, *, ignore_robots: bool) -> Added:
    from qabot.gathering.adding import add_file, add_url

    if "://" in item:
        return add_url(item, settings, fetcher=fetcher, reader=reader, ignore_robots=ignore_robots)
    path = Path(item)
    try:
        is_there = path.exists()
    except (OSError, ValueError) as error:  # a name that is too long, or has a NUL
        raise SeedsError(f"{item[:100]!r} is no file or address") from error
    if not is_there and item.startswith("www."):
        raise FetchError(f"{item[:100]!r} is no file", f"If it is an address: qabot add https://{item[:100]}")
    return add_file(path, settings)


def build_index(settings: Settings, *, quiet: bool = False) -> None:
    """Builds as `qabot index` does, after a build that is under way; `quiet`: stdout is for something else."""
    from qabot.channels.cli.index import summary
    from qabot.channels.cli.progress import drawn
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.skipped import print_skipped
    from qabot.channels.model_change import model_change
    from qabot.encoders.models import load_encoder
    from qabot.index.building import build

    encoding = load_encoder(settings)
    if change := model_change(settings, encoding):
        say_line(change)
    waiting = False
    while True:
        try:
            with drawn() as progress:
                done = build(settings, encoding, progress=progress)
            break
        except BuildInProgressError:
            # What it reads may have been listed before the new files were there.
            if not waiting:
                say_line("Another process is building; waiting for it")
            waiting = True
            time.sleep(_LOOKED_AGAIN)
    print_skipped(done.skipped)
    if done.note:
        say_line(done.note)
    Screen(stderr=quiet).print(summary(done))
