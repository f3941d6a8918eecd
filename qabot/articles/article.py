"""Article: the value that everything else refers to. Its text is canonical and never changes."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One news article.

    `text` is canonical (see `canonical`); every offset in qabot counts code points in it.
    `published` is aware and in UTC; a date without a time is its midnight.
    `language` is ISO 639-1, or "und" where it could not be told.
    `path` says where it came from ("news/a.jsonl:17"), relative to the seeds folder.
    `pages` are the offsets at which page 2, 3, … of a paged document begin, in ascending order.
    """

    id: str
    title: str
    text: str
    published: datetime | None = None
    source: str | None = None
    author: str | None = None
    place: str | None = None
    url: str | None = None
    language: str = "und"
    path: str = ""
    pages: tuple[int, ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the text alone: the same as long as every citation of it holds."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def record_hash(self) -> str:
        """SHA-256 (hex) of all fields but `path`: the same as long as the article needs no re-indexing."""
        date = published_iso(self.published)
        fields = [self.id, self.title, self.text, date, self.source, self.author, self.place, self.url, self.language]
        if self.pages:
            fields.append(",".join(map(str, self.pages)))
        return hashlib.sha256("\x1f".join(field or "" for field in fields).encode()).hexdigest()


def canonical(text: str) -> str:
    """`text` in NFC with LF line ends, without NUL, byte order marks and lone surrogates. Idempotent."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").replace("\ufeff", "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text)


def published_iso(published: datetime | None) -> str | None:
    """The date as stored and shown to programs: `2023-07-04`, or `2023-11-27T08:45:59Z` with a time."""
    if published is None:
        return None
    if (published.hour, published.minute, published.second) == (0, 0, 0):
        return published.date().isoformat()
    return published.strftime("%Y-%m-%dT%H:%M:%SZ")
