"""`qabot watch`: the index follows the seeds and the feeds, until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from qabot.channels.cli.exits import report, say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, EncoderName, Home, ModelName, Seeds
from qabot.channels.cli.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from qabot.index.watching import News
    from qabot.settings import Settings


def watch(
    ctx: typer.Context,
    seeds: Seeds = None,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Build the index whenever seeds/ changes, and read the feeds in config/qabot.toml from time to time.

    What answers, such as the Telegram bot, goes over to the new index by itself. An error is one line, and watching
    goes on. Ctrl-C or SIGTERM ends it.

    \b
    Example:
      qabot watch
    """
    settings = Common.of(ctx, home, debug).settings(seeds=seeds, embeddings=embeddings, encoder=encoder, model=model)

    import signal
    import threading

    from qabot.channels.model_change import model_change
    from qabot.index.watching import keep_up

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say_line(f"Watching {settings.seeds_folder} and {count(len(settings.feeds), 'feed')}; Ctrl-C ends it")
    if change := model_change(settings):
        say_line(change)
    keep_up(settings, stop, _teller(settings, debug=Common.of(ctx, home, debug).debug))


def _teller(settings: Settings, *, debug: bool) -> Callable[[News], None]:
    from datetime import datetime

    from qabot.articles.skipped import Skipped
    from qabot.channels.cli.add import described
    from qabot.channels.cli.index import summary
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.skipped import print_skipped
    from qabot.channels.cli.terminal import safe
    from qabot.gathering.feed_poll import FeedResult
    from qabot.index.building import Build

    console = Screen()
    skipped: tuple[Skipped, ...] = ()

    def tell(news: News) -> None:
        nonlocal skipped
        if isinstance(news, Build):
            if news.skipped != skipped:
                skipped = news.skipped
                print_skipped(skipped, beyond=news.skipped_beyond)
            if news.note:
                say_line(news.note)
            console.print(f"{datetime.now():%H:%M:%S}  {summary(news)}")
        elif isinstance(news, FeedResult):
            for line in filter(None, (news.note, news.error, *news.failed)):
                say_line(line)
            for added in news.new:
                console.print(safe(described(added, settings), one_line=True))
        else:
            report(news, debug=debug)

    return tell
