"""What a feed or sitemap holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed, or a page of a sitemap, as the document has it; None where it says nothing.

    `key` is what tells it from others: its id or its link. `published` is ISO 8601. `content` is HTML, and only there
    if the feed has the whole article and no mere summary.
    """

    key: str
    link: str | None = None
    title: str | None = None
    published: str | None = None
    author: str | None = None
    source: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A parsed document. `parts` are the sitemaps of a sitemap index, each with its `lastmod` or ""."""

    kind: str
    entries: tuple[Entry, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
