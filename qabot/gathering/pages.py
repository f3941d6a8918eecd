"""What was fetched, read as an article: by the readers of files, each in a process with limits of time and memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from qabot.articles.article import Article
from qabot.articles.dates import parse_published
from qabot.articles.identity import host_name, id_from_url
from qabot.articles.isolated import Pool
from qabot.articles.limits import Limits
from qabot.articles.skipped import Skipped
from qabot.errors import FetchError
from qabot.gathering.fetching import Fetched
from qabot.settings import Settings

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
"""The types that hold one article, and the suffix whose reader reads them."""

_COLLECTIONS = {
    "application/jsonl": ".jsonl",
    "application/x-jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/json": ".json",
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/gzip": ".gz",
    "application/x-gzip": ".gz",
}
"""The types that hold many articles with addresses of their own."""

_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
_SINGLE = frozenset(_SUFFIXES.values()) | {".htm"}
_MANY = frozenset(_COLLECTIONS.values())
_DAY = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=\D|$)")


def page_type(content_type: str) -> bool:
    """Whether a body of this type may hold an article; see `Fetcher.fetch`."""
    return content_type in _SUFFIXES or content_type in _COLLECTIONS or content_type in _VAGUE


def suffix_of(fetched: Fetched) -> str:
    """The suffix of the reader for what was fetched: by its first bytes where they are sure, else by its type, else by
    its address."""
    if fetched.body.startswith(b"%PDF-"):
        return ".pdf"  # also where the server calls it a page
    by_name = PurePosixPath(unquote(urlsplit(fetched.final_url).path)).suffix.lower()
    if fetched.content_type == "text/plain" and by_name in (".md", ".jsonl", ".csv", ".tsv"):
        return by_name  # many servers know no better type for these
    if known := _SUFFIXES.get(fetched.content_type) or _COLLECTIONS.get(fetched.content_type):
        return known
    return by_name if by_name in _SINGLE | _MANY else ".html"


def holds_many(suffix: str) -> bool:
    """Whether files of this kind hold many articles."""
    return suffix in _MANY


class PageReader:
    """Reads what was fetched; keeps its process for the next page. Close it at the end."""

    def __init__(self, settings: Settings) -> None:
        self._pool = Pool(Limits.of(settings), 1)

    def close(self) -> None:
        """Ends the process."""
        self._pool.close()

    def article(self, fetched: Fetched) -> Article:
        """The article of a page or document; its URL is where it was fetched, whatever the page says of itself.

        Raises:
            FetchError: there is no article in it.
        """
        url, suffix = fetched.final_url, suffix_of(fetched)
        own_id = id_from_url(url)
        if suffix in (".html", ".htm"):
            about: dict[str, Any] = {"url": url, "charset": fetched.charset, "path": url, "own_id": own_id}
            found = self._first(self._pool.submit_page(fetched.body, about), url)
        else:
            with _file(fetched, suffix) as path:
                found = self._first(self._pool.submit(path, path.name), url)
        return replace(
            found,
            id=own_id,
            url=url,
            source=found.source or host_name(url),
            published=found.published or parse_published(_day_in(url)),
        )

    def _first(self, ticket: Any, url: str) -> Article:
        reason = "holds no article"
        found: Article | None = None
        for item in self._pool.results(ticket):  # to the end, since the process answers in order
            if isinstance(item, Article):
                found = found or item
            elif isinstance(item, Skipped) and not item.harmless:
                reason = item.reason
        if found is None:
            raise FetchError(f"{url} {reason}")
        return found


@contextmanager
def _file(fetched: Fetched, suffix: str) -> Iterator[Path]:
    body = fetched.body
    if suffix in (".txt", ".md") and fetched.charset:
        try:
            body = body.decode(fetched.charset).encode()
        except (LookupError, ValueError):
            body = fetched.body  # the header is wrong; the reader finds the encoding out
    with TemporaryDirectory(prefix="qabot-") as folder:
        path = Path(folder, f"page{suffix}")
        path.write_bytes(body)
        yield path


def _day_in(url: str) -> str | None:
    """The day in an address such as `/2023/07/04/`, as newspapers write it; None if there is none in the past."""
    found = _DAY.search(urlsplit(url).path)
    if not found:
        return None
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    written = f"{year:04}-{month:02}-{day:02}"
    return written if 1 <= month <= 12 and 1 <= day <= 31 and written <= date.today().isoformat() else None
