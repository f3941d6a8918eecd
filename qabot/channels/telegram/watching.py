"""Watching: the index follows the seeds and the feeds while the bot runs (`qabot telegram --watch`)."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qabot.channels.model_change import model_change
from qabot.gathering.feed_poll import FeedResult
from qabot.index.building import Build
from qabot.index.watching import News, keep_up
from qabot.settings import Settings

_log = logging.getLogger(__name__)


@asynccontextmanager
async def watching(settings: Settings) -> AsyncIterator[None]:
    """Builds whenever the seeds change, in a process of its own, until the end of the block."""
    if change := model_change(settings):
        _log.warning("%s", change)
    stop = threading.Event()
    thread = threading.Thread(target=keep_up, args=(settings, stop, _tell), name="qabot-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join)


def _tell(news: News) -> None:
    if isinstance(news, Build):
        _log.info("The index %s has %d articles", news.generation, news.articles)
    elif isinstance(news, FeedResult):
        for line in filter(None, (news.error, *news.failed)):
            _log.warning("%s", line)
        if news.new:
            _log.info("%d articles are new in %s", len(news.new), news.feed)
    else:
        _log.warning("%s", news)
