"""Reading the feeds, one after the other, by one process at a time. No index is built here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from qabot.errors import FetchError
from qabot.gathering.feed_poll import FeedPoll, FeedResult, Step, StoppedError
from qabot.gathering.feed_state import FeedStates
from qabot.gathering.fetching import Fetcher
from qabot.gathering.files import cannot_write
from qabot.gathering.pages import PageReader
from qabot.gathering.shelf import Shelf
from qabot.settings import Settings


def poll_feeds(
    settings: Settings,
    *,
    feeds: Sequence[str] | None = None,
    step: Step | None = None,
    cancelled: threading.Event | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[FeedResult]:
    """Reads the feeds one after the other and yields what became of each. It may be killed at any moment.

    Args:
        settings: seeds, state, limits, and the feeds if none are given.
        feeds: addresses to read instead of the settings' ones.
        step: told of every item.
        cancelled: once set, the poll ends before its next request, or its next second of waiting.
        fetcher: instead of one for this poll.

    Raises:
        FetchError: another process reads the feeds now. What goes wrong in a feed is in its result instead.
        WriteError: the seeds or the state folder cannot be written.
    """
    cancelled = cancelled or threading.Event()
    fetcher = fetcher or Fetcher(settings, sleep=_sleep_until(cancelled))
    with _alone(settings), closing(PageReader(settings)) as reader:
        states = FeedStates(settings.state_folder)
        shelf = Shelf(settings.seeds_folder, max_file_mb=settings.max_file_mb)
        note = states.note
        for feed in dict.fromkeys(settings.feeds if feeds is None else feeds):
            if cancelled.is_set():
                return
            poll = FeedPoll(feed, settings, fetcher, reader, shelf, states, cancelled, step or _nothing)
            yield replace(poll.run(), note=note)
            note = ""


def feeds_at_rest(settings: Settings) -> dict[str, float]:
    """The settings' feeds and the seconds until each is to be read again, by `feed_minutes`; 0 if it is due.

    What another process read, or this one before it was started anew, counts.
    """
    states = FeedStates(settings.state_folder, only_look=True)
    now, every = datetime.now(UTC), settings.feed_minutes * 60
    return {feed: states.of(feed).rests(every, now) for feed in settings.feeds}


def _nothing(feed: str, done: int, of: int) -> None:
    """The step of a poll that nobody watches."""


def _sleep_until(cancelled: threading.Event) -> Callable[[float], object]:
    def sleep(seconds: float) -> None:
        if cancelled.wait(seconds):
            raise StoppedError

    return sleep


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """No other process reads the feeds while the block runs: each would fetch what the other does."""
    path = settings.state_folder / "feeds.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise FetchError("Another process reads the feeds", "Wait until it has ended") from error
    except OSError as error:
        raise cannot_write(path, error) from error
