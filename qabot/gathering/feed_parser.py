"""The process that parses a feed: the document on its standard input, entries as JSON on its standard output."""

from __future__ import annotations

import calendar
import io
import json
import os
import re
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from qabot.articles.dates import parse_published
from qabot.errors import FetchError, one_line
from qabot.gathering.entries import Entry, FeedDocument
from qabot.gathering.sitemaps import is_sitemap, read_sitemap

_ALTERNATE = re.compile(
    rb"<link\b[^>]{0,500}\btype=[\"']?application/(?:rss|atom|feed)\+?(?:xml|json)[^>]{0,500}>", re.I
)
_HREF = re.compile(rb"\bhref=[\"']?([^\"'\s>]{1,500})", re.IGNORECASE)
_SAMPLE = 200_000


def main(url: str, content_type: str, charset: str, memory: str, seconds: str) -> None:
    """Parses standard input; whatever a parser raises becomes an error with a reason."""
    tell = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand beside the answer
    _bound(int(memory), int(seconds))
    answer: dict[str, Any]
    try:
        document = read_document(sys.stdin.buffer.read(), url, content_type, charset)
        answer = {"kind": document.kind, "parts": document.parts, "entries": list(map(asdict, document.entries))}
    except FetchError as error:
        answer = {"error": error.cause, "mend": error.mend}
    except MemoryError:
        answer = {"error": "needs more memory than max_memory_mb"}
    except Exception as error:  # noqa: BLE001 - parsers raise nearly everything for documents made to break them
        answer = {"error": f"is malformed ({type(error).__name__}: {one_line(str(error))[:100]})"}
    tell.write(json.dumps(answer).encode())
    tell.close()


def read_document(body: bytes, url: str, content_type: str, charset: str) -> FeedDocument:
    """The document in `body`, by its content: a JSON Feed, a sitemap, or one of the kinds of RSS and Atom.

    Raises:
        FetchError: it is none of these; the cause continues the document's address.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(json.loads(body))
    if is_sitemap(body):
        return read_sitemap(body)
    return _rss_or_atom(body, url, content_type, charset)


def _rss_or_atom(body: bytes, url: str, content_type: str, charset: str) -> FeedDocument:
    import feedparser  # noqa: PLC0415

    named = f"{content_type or 'application/xml'}" + (f"; charset={charset}" if charset else "")
    # A stream: feedparser would open bytes that are a file's name. What it gives is cleaned by the reader of pages.
    feed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": named, "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=True,
    )
    if not feed.version and not feed.entries:
        raise _no_feed(body)
    kind = feedparser.api.SUPPORTED_VERSIONS.get(feed.version) or "RSS"
    return FeedDocument(kind, tuple(entry for item in feed.entries if (entry := _entry(item))))


def _entry(item: Any) -> Entry | None:
    link, given = _text(item.get("link")), _text(item.get("id"))
    if link is None and given and given.startswith(("http://", "https://")):
        link = given
    whole = [_content(part) for part in item.get("content", ())]
    content = max(whole, key=len, default="")
    moment = item.get("published_parsed") or item.get("updated_parsed")
    title = _text(item.get("title"))
    if not (key := given or link or title):
        return None
    return Entry(key, link, title, _iso(moment), _text(item.get("author")), None, content or None)


def _content(part: Any) -> str:
    value, kind = str(part.get("value") or ""), str(part.get("type") or "")
    return f"<pre>{escape(value)}</pre>" if kind == "text/plain" else value


def _json_feed(value: Any) -> FeedDocument:
    """JSON Feed, https://www.jsonfeed.org/version/1.1/."""
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(value.get("version")):
        raise FetchError("is JSON, but no JSON Feed", "Name a feed in config/qabot.toml")
    entries = []
    for item in items:
        if not isinstance(item, dict):
            continue
        link = _text(item.get("url")) or _text(item.get("external_url"))
        key = _text(str(item["id"])) if item.get("id") else link
        if not key:
            continue
        plain = item.get("content_text")
        content = item.get("content_html") or (f"<pre>{escape(plain)}</pre>" if isinstance(plain, str) else None)
        moment = parse_published(item.get("date_published") if isinstance(item.get("date_published"), str) else None)
        authors: Any = item.get("authors")
        authors = authors if isinstance(authors, list) else [item.get("author")]
        names = [name for who in authors if isinstance(who, dict) and (name := _text(who.get("name")))]
        entries.append(
            Entry(
                key=key,
                link=link,
                title=_text(item.get("title")),
                published=moment.isoformat() if moment else None,
                author=", ".join(names[:5]) or None,
                content=content if isinstance(content, str) else None,
            )
        )
    return FeedDocument("JSON Feed", tuple(entries))


def _no_feed(body: bytes) -> FetchError:
    found = _ALTERNATE.search(body[:_SAMPLE])
    if found and (link := _HREF.search(found[0])):
        where = one_line(link[1].decode("utf-8", "replace"))
        return FetchError("is a web page, no feed", f"Its feed seems to be {where}")
    return FetchError("is no feed or sitemap", "Name one in config/qabot.toml")


def _text(value: object) -> str | None:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text[:2000] or None


def _iso(moment: Any) -> str | None:
    """A struct_time in UTC as ISO 8601; None if there is none, or none that a calendar has."""
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC).isoformat()
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _bound(memory: int, seconds: int) -> None:
    """Limits this process; where the system knows no such limits, the time limit of the other side remains."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    with suppress(ValueError, OSError):
        statm = Path("/proc/self/statm")
        pages = int(statm.read_text("ascii").split()[0]) if statm.exists() else 0
        bound = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
