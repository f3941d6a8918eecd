"""Watching: the index follows the seeds, and the feeds bring new ones, until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from qabot.errors import BuildInProgressError, SeedsError
from qabot.gathering.feed_poll import FeedResult
from qabot.gathering.feeds import feeds_at_rest, poll_feeds
from qabot.index.background import build_in_background
from qabot.index.building import Build
from qabot.settings import Settings

News = Build | FeedResult | Exception
"""What watching tells of: a build that published something or was the first, a feed that was read, what went wrong."""

_LOOK_MS = 200
_RETRY_SECONDS = 60
"""After a build that failed."""

_BUSY_SECONDS = 5
"""After another process was found building."""

_LEAST_REST = 1
"""Seconds between two looks whether a feed is due."""

_MOST_WAITS = 15
"""Where the seeds never get quiet, a build begins after so many times the seconds that it waits for quiet."""

_log = logging.getLogger(__name__)


def keep_up(settings: Settings, stop: threading.Event, tell: Callable[[News], None]) -> None:
    """Builds now, and whenever the seeds have changed and then been quiet; reads the feeds from time to time.

    Blocks until `stop` is set; a build that runs then is cancelled. No error ends it: each is told, once for as long as
    it is the same.

    Args:
        settings: where the seeds are, `watch_seconds`, `feeds`, `feed_minutes`.
        stop: ends it.
        tell: hears of what happens, from one thread at a time.
    """
    telling = threading.Lock()

    def tell_alone(news: News) -> None:
        with telling:
            tell(news)

    reader = threading.Thread(target=_read_feeds, args=(settings, stop, tell_alone), name="qabot-feeds", daemon=True)
    if settings.feeds:
        reader.start()
    try:
        _Keeper(settings, stop, tell_alone).run()
    finally:
        if settings.feeds:
            reader.join()


class _Keeper:
    """When to build: after a change and quiet, after a failure and a pause, at the start."""

    def __init__(self, settings: Settings, stop: threading.Event, tell: Callable[[News], None]) -> None:
        self._settings = settings
        self._stop = stop
        self._tell = tell
        self._changes: tuple[float, float] | None = None
        self._retry: float | None = None
        self._first = True
        self._told = ""

    def run(self) -> None:
        polling: bool | None = None
        self._build()
        while not self._stop.is_set():
            try:
                self._follow(self._settings.seeds_folder.resolve(), polling)
            except FileNotFoundError:
                self._failed(SeedsError(f"There is no folder {self._settings.seeds_folder}", "Make it"))
                self._stop.wait(1)
            except (OSError, RuntimeError) as error:
                # Too many folders for the system's notices, or a file system that has none: look at each file instead.
                _log.warning("Watching by looking at every file: %s", error)
                if polling:
                    self._stop.wait(_RETRY_SECONDS)
                polling = True

    def _follow(self, seeds: Path, polling: bool | None) -> None:
        """Builds after changes until `stop` is set or the folder is another one."""
        inode = seeds.stat().st_ino
        looks = watch(
            seeds,
            watch_filter=lambda _, path: _is_visible(seeds, path),
            debounce=_LOOK_MS,
            stop_event=self._stop,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            force_polling=polling,
            ignore_permission_denied=True,
            raise_interrupt=True,
        )
        self._note_change()  # whatever happened between the last build and the first look
        for changes in looks:
            if changes:
                self._note_change()
            if seeds.stat().st_ino != inode:
                return
            if self._due():
                self._build()

    def _note_change(self) -> None:
        now = time.monotonic()
        self._changes = (self._changes[0] if self._changes else now, now)

    def _due(self) -> bool:
        now, quiet = time.monotonic(), self._settings.watch_seconds
        if self._changes:
            first, last = self._changes
            return now - last >= quiet or now - first >= _MOST_WAITS * quiet
        return self._retry is not None and now >= self._retry

    def _build(self) -> None:
        self._changes = self._retry = None
        try:
            done = build_in_background(self._settings, cancelled=self._stop)
        except Exception as error:  # noqa: BLE001 - watching goes on whatever one build meets
            if not self._stop.is_set():
                self._failed(error)
            return
        if done.changed or self._first or self._told:
            self._tell(done)
        self._first, self._told = False, ""

    def _failed(self, error: Exception) -> None:
        busy = isinstance(error, BuildInProgressError)
        self._retry = time.monotonic() + (_BUSY_SECONDS if busy else _RETRY_SECONDS)
        if str(error) != self._told:
            self._told = str(error)
            self._tell(error)


def _read_feeds(settings: Settings, stop: threading.Event, tell: Callable[[News], None]) -> None:
    """What the feeds bring is written among the seeds, where it is met like any other change."""
    while not stop.is_set():
        rest = settings.feed_minutes * 60
        try:
            due = [feed for feed, seconds in feeds_at_rest(settings).items() if not seconds]
            for result in poll_feeds(settings, feeds=due, cancelled=stop):
                if result.new or result.failed or result.error or result.note:
                    tell(result)
            rest = max(_LEAST_REST, min(feeds_at_rest(settings).values()))
        except Exception as error:  # noqa: BLE001 - as above
            tell(error)
        stop.wait(rest)


def _is_visible(seeds: Path, path: str) -> bool:
    """Hidden files are no articles; they are how files are written before they take their place."""
    relative = Path(path).relative_to(seeds) if Path(path).is_relative_to(seeds) else Path()
    return not any(part.startswith(".") for part in relative.parts)
