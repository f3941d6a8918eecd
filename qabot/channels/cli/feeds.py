"""`qabot feeds`: what is new in the feeds of the settings becomes articles, and is indexed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import ERROR, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Home
from qabot.channels.cli.words import count, day
from qabot.errors import SettingsError

if TYPE_CHECKING:
    from qabot.gathering.feed_poll import FeedResult, Step
    from qabot.settings import Settings


def feeds(
    ctx: typer.Context,
    only: Annotated[
        list[str] | None, typer.Option("--feed", metavar="URL", help="Read this one instead; may be repeated.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the feeds and when each was read; read none.")] = False,
    no_index: Annotated[bool, typer.Option("--no-index", help="Only save; build the index later.")] = False,
    as_json: AsJson = False,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Read the feeds in config/qabot.toml (RSS, Atom, JSON Feed, sitemaps) and index what is new.

    Only what has changed is asked for, with pauses, and as each site's robots.txt allows. A feed or an item that
    fails is one line; the others are read. The exit code is 2 if a feed could not be read.

    \b
    Examples:
      qabot feeds
      qabot feeds --feed https://example.org/rss.xml
      qabot feeds --list
    """
    settings = Common.of(ctx, home, debug).settings()
    wanted = tuple(only or settings.feeds)
    if not wanted:
        raise SettingsError("There is no feed in config/qabot.toml", 'Name some: feeds = ["https://…"]')
    if show:
        _list(settings, wanted, as_json=as_json)
        return

    from qabot.channels.cli.add import described
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.terminal import print_json, safe
    from qabot.gathering.feeds import poll_feeds

    console = Screen()
    results: list[FeedResult] = []
    with _drawn() as step:
        for result in poll_feeds(settings, feeds=wanted, step=step):
            results.append(result)
            for line in filter(None, (result.note, result.error, *result.failed)):
                say_line(line)
            if not as_json:
                for added in result.new:
                    console.print(safe(described(added, settings), one_line=True))
    if as_json:
        print_json([_as_json(result) for result in results])
    else:
        _print_results(results)
    if any(result.new for result in results) and not no_index:
        from qabot.channels.cli.add import build_index

        build_index(settings, quiet=as_json)
    if any(result.error for result in results):
        raise typer.Exit(ERROR)


def _print_results(results: list[FeedResult]) -> None:
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.table import print_table

    rows = [
        (f"{len(r.new):,}", f"{r.unchanged:,}", f"{r.waiting:,}", f"{len(r.failed):,}", _kind(r), r.feed)
        for r in results
    ]
    print_table(Screen(), ("new", "known", "waiting", "failed", "kind", "feed"), rows, numbers=4)


def _kind(result: FeedResult) -> str:
    return "not read" if result.error else result.kind


def _as_json(result: FeedResult) -> dict[str, object]:
    return {
        "feed": result.feed,
        "kind": result.kind or None,
        "new": [
            {
                "path": str(added.path),
                "title": added.title,
                "source": added.source,
                "published": added.published.isoformat() if added.published else None,
                "outcome": added.outcome,
            }
            for added in result.new
        ],
        "known": result.unchanged,
        "waiting": result.waiting,
        "failed": list(result.failed),
        "error": result.error or None,
    }


def _list(settings: Settings, wanted: tuple[str, ...], *, as_json: bool) -> None:
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.table import print_table
    from qabot.channels.cli.terminal import print_json
    from qabot.gathering.feed_state import FeedStates

    states = FeedStates(settings.state_folder, only_look=True)
    if states.note:
        say_line(states.note)
    known = [(feed, states.of(feed)) for feed in wanted]
    if as_json:
        print_json(
            [{"feed": feed, "read": s.read or None, "known": len(s.seen), "waiting": s.waiting} for feed, s in known]
        )
        return
    rows = [(f"{len(state.seen):,}", f"{state.waiting:,}", _moment(state.read), feed) for feed, state in known]
    print_table(Screen(), ("known", "waiting", "last read", "feed"), rows, numbers=2)
    Screen().print(count(len(rows), "feed"))


def _moment(read: str) -> str:
    """`4 July 2023, 10:15` in local time, or "never"."""
    try:
        moment = datetime.fromisoformat(read).astimezone()
    except ValueError:
        return "never"
    return f"{day(moment)}, {moment:%H:%M}"


@contextmanager
def _drawn() -> Iterator[Step]:
    """A bar on a terminal; nothing elsewhere, since each feed ends with its own lines."""
    from rich import progress

    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.terminal import safe

    console = Screen(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (progress.SpinnerColumn(), progress.TextColumn("{task.description}", markup=False), progress.BarColumn())
    with progress.Progress(*columns, progress.MofNCompleteColumn(), console=console, transient=True) as bars:
        task = bars.add_task("Reading the feeds", total=None)

        def step(feed: str, done: int, of: int) -> None:
            bars.update(task, description=safe(feed, one_line=True)[:60], completed=done, total=of or None)

        yield step
