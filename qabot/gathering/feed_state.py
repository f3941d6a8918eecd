"""state/feeds.json: what was read of each feed, so that the next poll asks for what is new only.

It is written after the article that it speaks of: a process killed in between reads an item again and finds it saved.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from qabot.gathering.files import write_file

FILE = "feeds.json"
MOST_SEEN = 20_000
"""Items remembered for a feed, the newest; an older one is found among the saved articles."""
MOST_TRIES = 3
"""Polls in which an item that cannot be read is tried."""

_VERSION = 1
_MOST_DOCUMENTS = 2000
_DONE = 0


@dataclass(slots=True)
class FeedState:
    """What is known of one feed.

    `read` is when it was read last, `asked` when that was tried last; both in UTC, empty for never.
    `seen` has the marks of its items: 0 for one that is done with, else how often reading it has failed. `validators`
    are (etag, last_modified) of its documents by their addresses, `parts` the `lastmod` with which each sitemap of an
    index was read to its end.
    """

    read: str = ""
    asked: str = ""
    waiting: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    validators: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    def rests(self, seconds: float, now: datetime) -> float:
        """Seconds until it is to be asked again, where that is done every so many seconds; 0 if it is due.

        A moment in the future, after the clock was set back, counts as never.
        """
        try:
            since = (now - datetime.fromisoformat(self.asked)).total_seconds()
        except (ValueError, TypeError):  # never, or not written by us
            return 0
        return max(0, seconds - since) if since >= 0 else 0

    def is_done(self, key: str) -> bool:
        """Whether the item needs no more reading."""
        tries = self.seen.get(mark(key))
        return tries is not None and (tries == _DONE or tries >= MOST_TRIES)

    def done(self, key: str) -> None:
        """The item is read, and its article saved."""
        self._set(key, _DONE)

    def failed(self, key: str, *, for_good: bool) -> None:
        """The item could not be read; `for_good`: it never will be."""
        self._set(key, _DONE if for_good else self.seen.get(mark(key), 0) + 1)

    def _set(self, key: str, tries: int) -> None:
        self.seen.pop(mark(key), None)  # so that it counts as the newest
        self.seen[mark(key)] = tries

    def trim(self) -> None:
        """Forgets what is over the limits, the oldest first."""
        for known, most in ((self.seen, MOST_SEEN), (self.validators, _MOST_DOCUMENTS), (self.parts, _MOST_DOCUMENTS)):
            for key in list(known)[: max(0, len(known) - most)]:
                del known[key]


class FeedStates:
    """The states of all feeds, and their file.

    Args:
        folder: the state folder.
        only_look: a damaged file stays where it is.
    """

    def __init__(self, folder: Path, *, only_look: bool = False) -> None:
        self._path = folder / FILE
        self._feeds: dict[str, FeedState] = {}
        self.note = ""
        """A line to say, if the file was damaged and reading starts anew; empty otherwise."""
        try:
            self._feeds = _read(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            with contextlib.suppress(OSError):
                if not only_look:
                    self._path.replace(self._path.with_suffix(".damaged"))
            reason = "a newer qabot has written it" if isinstance(error, _NewerError) else "it is damaged"
            self.note = f"{self._path} cannot be used, {reason}: the feeds are read anew; nothing is saved twice"

    def of(self, feed: str) -> FeedState:
        """The state of a feed, to be changed and then saved."""
        return self._feeds.setdefault(feed, FeedState())

    def save(self) -> None:
        """Writes the file.

        Raises:
            WriteError: it cannot be written.
        """
        feeds: dict[str, Any] = {}
        for name, state in self._feeds.items():
            state.trim()
            feeds[name] = {
                "read": state.read,
                "asked": state.asked,
                "waiting": state.waiting,
                "seen": state.seen,
                "validators": state.validators,
                "parts": state.parts,
            }
        write_file(self._path, json.dumps({"version": _VERSION, "feeds": feeds}).encode(), within=self._path.parent)


class _NewerError(ValueError):
    """The file is of another version."""


def mark(key: str) -> str:
    """What stands for an item in the file."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read(value: Any) -> dict[str, FeedState]:
    if value["version"] != _VERSION:
        raise _NewerError
    feeds = {}
    for name, state in value["feeds"].items():
        feeds[str(name)] = FeedState(
            read=str(state["read"]),
            asked=str(state.get("asked", state["read"])),  # a version before this one did not write it
            waiting=int(state["waiting"]),
            seen={str(key): int(tries) for key, tries in state["seen"].items()},
            validators={str(url): _validators(pair) for url, pair in state["validators"].items()},
            parts={str(url): str(changed) for url, changed in state["parts"].items()},
        )
    return feeds


def _validators(pair: Any) -> tuple[str | None, str | None]:
    etag, modified = pair
    return (None if etag is None else str(etag), None if modified is None else str(modified))
