"""One feed, polled once: what is new in it becomes articles under seeds/added/."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape

from qabot.articles.article import Article
from qabot.articles.dates import parse_published
from qabot.articles.limits import Limits
from qabot.errors import FetchError, ForbiddenAddressError, QabotError
from qabot.gathering.adding import Added
from qabot.gathering.addresses import parse_address
from qabot.gathering.bodies import gunzipped
from qabot.gathering.entries import Entry, FeedDocument
from qabot.gathering.feed_document import parse_feed
from qabot.gathering.feed_state import FeedState, FeedStates
from qabot.gathering.fetching import Fetched, Fetcher
from qabot.gathering.pages import PageReader, holds_many, page_type, suffix_of
from qabot.gathering.shelf import Shelf
from qabot.settings import Settings

ITEMS_PER_POLL = 50
"""Items of one feed that are fetched in one poll, the newest; the others wait for the next."""

PARTS_PER_POLL = 10
"""Sitemaps of one index that are fetched in one poll."""

GIVE_UP_AFTER = 5
"""Items of one feed that fail one after the other; the rest wait for the next poll."""

_SAVE_SECONDS = 2
"""Between two writings of the state: after a kill, items of the last seconds are found among the saved articles."""

WHOLE_ARTICLE = 1500
"""Characters of text in a feed's own content from which its page is not fetched: no mere beginning is so long."""

_SOME_TEXT = 200
"""Characters of a feed's own content that are better than a page without any text."""

_CUT_OFF = ("…", "...", "[…]", "[...]", "more", "»", "читать далее", "подробнее", "толығырақ")
"""What a text ends with that goes on somewhere else."""

_NOT_TYPES = ("image/", "video/", "audio/", "font/")

Step = Callable[[str, int, int], object]
"""(feed, items done, items in all): called before each fetch of an item and after the last."""


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What a poll made of one feed.

    `kind` is "RSS 2.0", "Atom 1.0", "JSON Feed", "sitemap"…, empty if nothing was read. `new` are the articles that
    were written. `unchanged` counts the items known from before. `waiting` items are left for the next poll. `failed`
    has a line for each item that could not be read. `error` is a line if the feed could not be; `note` one that is
    worth saying.
    """

    feed: str
    kind: str = ""
    new: tuple[Added, ...] = ()
    unchanged: int = 0
    waiting: int = 0
    failed: tuple[str, ...] = ()
    error: str = ""
    note: str = ""


class StoppedError(Exception):
    """The poll was told to stop while it waited."""


class FeedPoll:
    """One feed, once."""

    def __init__(
        self,
        feed: str,
        settings: Settings,
        fetcher: Fetcher,
        reader: PageReader,
        shelf: Shelf,
        states: FeedStates,
        cancelled: threading.Event,
        step: Step,
    ) -> None:
        self._feed = feed
        self._limits = Limits.of(settings)
        self._fetcher = fetcher
        self._reader = reader
        self._shelf = shelf
        self._states = states
        self._cancelled = cancelled
        self._step = step
        self._state: FeedState = states.of(feed)
        self._validators: dict[str, tuple[str | None, str | None]] = {}
        self._parts: dict[str, str] = {}
        self._parts_left = 0
        self._new: list[Added] = []
        self._failed: list[str] = []
        self._items_failed = 0
        self._in_a_row = 0
        self._to_retry = 0
        self._saved = 0.0

    def run(self) -> FeedResult:
        self._state.asked = _now()
        try:
            kind, entries = self._entries()
        except StoppedError:
            return FeedResult(self._feed)
        except QabotError as error:
            self._states.save()
            return FeedResult(self._feed, error=str(error))
        now, later = self._fresh(entries)
        handled = 0
        try:
            for entry in now:
                if self._in_a_row >= GIVE_UP_AFTER:
                    break
                self._step(self._feed, handled, len(now))
                self._item(entry)
                handled += 1
        except StoppedError:
            pass  # what is not handled waits
        later += len(now) - handled
        self._step(self._feed, handled, len(now))
        self._finish(waiting=later)
        return FeedResult(
            feed=self._feed,
            kind=kind,
            new=tuple(self._new),
            unchanged=len(entries) - later - len(self._new) - self._items_failed,
            waiting=later,
            failed=tuple(self._failed),
        )

    def _fresh(self, entries: Sequence[tuple[Entry, str]]) -> tuple[list[tuple[Entry, str]], int]:
        """The entries to be read now, and how many are left for later polls; those known are in neither."""
        now: list[tuple[Entry, str]] = []
        later = 0
        for pair in entries:
            if self._state.is_done(pair[0].key):
                continue
            if len(now) >= ITEMS_PER_POLL:
                later += 1
            elif not self._is_saved(pair):
                now.append(pair)
        return now, later

    def _entries(self) -> tuple[str, list[tuple[Entry, str]]]:
        """The feed's kind and its entries, the newest first, each once, with the address of their document."""
        document, url = self._document(self._feed)
        if document is None:
            return "unchanged", []
        found = [(entry, url) for entry in document.entries]
        for part, changed in self._due(document.parts):
            try:
                inner, inner_url = self._document(parse_address(part, base=url).url)
            except FetchError as error:
                self._failed.append(str(error))
                self._to_retry += 1
                continue
            self._parts[part] = changed
            if inner is not None:
                found += [(entry, inner_url) for entry in inner.entries]
        found.sort(key=lambda pair: pair[0].published or "", reverse=True)
        once: dict[str, tuple[Entry, str]] = {}
        for pair in found:
            once.setdefault(pair[0].key, pair)
        return document.kind, list(once.values())

    def _document(self, url: str) -> tuple[FeedDocument | None, str]:
        """The document at `url`, None if it has not changed since it was read to its end, and where it was found."""
        self._stop_if_cancelled()
        etag, modified = (None, None) if self._state.waiting else self._state.validators.get(url, (None, None))
        fetched = self._fetcher.fetch(url, wanted=_feed_type, etag=etag, last_modified=modified)
        if fetched.unchanged:
            return None, fetched.final_url
        self._validators[url] = (fetched.etag, fetched.last_modified)
        body = gunzipped(fetched.body, self._fetcher.limit, fetched.final_url)
        return parse_feed(replace(fetched, body=body), self._limits), fetched.final_url

    def _due(self, parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The sitemaps of an index to be read now: those that changed, the newest first, before those read longest ago.

        Without dates, each is read in its turn.
        """
        changed = [part for part in parts if part[0] not in self._state.parts or self._state.parts[part[0]] != part[1]]
        changed.sort(key=lambda part: part[1], reverse=True)
        turn = {url: at for at, url in enumerate(self._state.parts)}
        undated = sorted((part for part in parts if not part[1] and part not in changed), key=lambda p: turn[p[0]])
        self._parts_left = max(0, len(changed) - PARTS_PER_POLL)
        return [*changed, *undated][:PARTS_PER_POLL]

    def _is_saved(self, pair: tuple[Entry, str]) -> bool:
        entry, base = pair
        try:
            return bool(entry.link and self._shelf.of_url(parse_address(entry.link, base=base).url))
        except ForbiddenAddressError:
            return False  # said when it is its turn

    def _item(self, pair: tuple[Entry, str]) -> None:
        """Saves one item; what goes wrong is a line. The state is written after the articles that it speaks of."""
        entry, base = pair
        self._stop_if_cancelled()
        try:
            placed = self._shelf.place(self._article(entry, base))
        except FetchError as error:
            self._failed.append(str(error))
            self._items_failed += 1
            forbidden = isinstance(error, ForbiddenAddressError)
            self._in_a_row += not forbidden
            self._state.failed(entry.key, for_good=forbidden)
            self._to_retry += not self._state.is_done(entry.key)
        else:
            self._in_a_row = 0
            self._state.done(entry.key)
            if placed.outcome != "already":
                self._new.append(Added.placed(placed))
        if time.monotonic() - self._saved >= _SAVE_SECONDS:
            self._states.save()
            self._saved = time.monotonic()

    def _article(self, entry: Entry, base: str) -> Article:
        """The article of an item: from the feed, if it stands there whole, else from its page."""
        if not entry.link:
            raise ForbiddenAddressError(f"An item of {self._feed} has no address: {(entry.title or entry.key)[:80]!r}")
        url = parse_address(entry.link, base=base).url
        own = self._content(entry, url) if _same_site(url, base) else None
        if own and len(own.text) >= WHOLE_ARTICLE and not own.text.lower().endswith(_CUT_OFF):
            return own
        fetched = self._fetcher.fetch(url, wanted=page_type)
        if holds_many(suffix_of(fetched)):
            raise FetchError(f"{fetched.final_url} is no page, but a file of many articles")
        try:
            article = self._reader.article(fetched)
        except FetchError:
            if own and len(own.text) >= _SOME_TEXT:
                return own
            raise
        return replace(
            article,
            published=article.published or parse_published(entry.published),
            author=article.author or entry.author,
        )

    def _content(self, entry: Entry, url: str) -> Article | None:
        """The article that the feed itself holds, or None."""
        if not entry.content:
            return None
        title = f"<title>{escape(entry.title or '')}</title>"
        page = f"<!DOCTYPE html><html><head>{title}</head><body><article>{entry.content}</article></body></html>"
        body = page.encode("utf-8", "replace")
        try:
            article = self._reader.article(Fetched(url, url, 200, "text/html", "utf-8", body))
        except FetchError:
            return None
        return replace(
            article,
            title=entry.title or article.title,
            published=parse_published(entry.published) or article.published,
            author=entry.author or article.author,
            source=entry.source or article.source,
        )

    def _finish(self, *, waiting: int) -> None:
        state = self._state
        state.read = _now()
        # While something is left, the feed is asked for whole: "not modified" would hide what still has to be read.
        state.waiting = waiting + self._parts_left + self._to_retry
        if not state.waiting:
            state.validators |= self._validators
        if not waiting and not self._to_retry:
            for url, changed in self._parts.items():
                state.parts.pop(url, None)  # so that it counts as read last
                state.parts[url] = changed
        self._states.save()

    def _stop_if_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise StoppedError


def _same_site(url: str, feed: str) -> bool:
    """Whether a feed may speak for the page at `url`: only for its own site, or it could put words into any mouth."""
    page, own = (parse_address(address).authority.removeprefix("www.") for address in (url, feed))
    return page == own


def _feed_type(content_type: str) -> bool:
    return not content_type.startswith(_NOT_TYPES)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
