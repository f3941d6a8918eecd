"""Ids of articles: stable from build to build, one line long, and the same on every machine.

The given id goes first, then the URL's, then the path's. An id never depends on what else is in the folder.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from qabot.errors import one_line

LENGTH = 200
"""Most characters of an id: it has to fit in a line beside what it names."""

_SLUG = 60
_TRACKERS = re.compile(r"(?:utm_\w*|fbclid|gclid|yclid|mc_cid|mc_eid|igshid|ref_src)=", re.IGNORECASE)
_LOOKS_LIKE_SUFFIX = re.compile(r"\.[A-Za-z]\w{1,4}")


def id_from_given(given: str) -> str | None:
    """The given id as it is, if it is printable and short; else a readable form with a hash; None if blank."""
    return _fit(given.strip()) if given.strip() else None


def id_from_url(url: str) -> str:
    """`host-last-words-of-the-path-hash` of the normalised URL, so that two ways to write an address are one id."""
    address = normal_url(url)
    host, _, path = address.partition("/")
    steps = [step for step in path.partition("?")[0].split("/") if step]
    last = PurePosixPath(steps[-1]).stem if steps else ""
    words = re.sub(r"[^\w.]+", "-", f"{host}-{last}" if last else host)
    return f"{one_line(words)[:_SLUG].strip('-.')}-{_short_hash(address)}"


def id_from_path(path: str) -> str:
    """The path itself, without `.txt`; other suffixes stay, so that a.txt and a.md differ whichever came first.

    Args:
        path: relative to the seeds folder, with `/` between the names.
    """
    stem = path.removesuffix(".txt")
    if _LOOKS_LIKE_SUFFIX.fullmatch(PurePosixPath(stem).suffix):
        stem = path  # a.md.txt is not a.md
    return _fit(unicodedata.normalize("NFC", stem))


def id_from_text(path: str, text: str) -> str:
    """An id for a record without id and URL in the file `path`: it stays when lines are inserted above the record."""
    return _fit(f"{unicodedata.normalize('NFC', path)}#{_short_hash(text)}")


def normal_url(url: str) -> str:
    """What identifies a page: lower-case host without `www.`, path and query without tracking; no scheme or login."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # a malformed port or IPv6 address: the whole text is all there is
        return url
    if not host:
        return url
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKERS.match(part))
    authority = host if port in (None, 80, 443) else f"{host}:{port}"
    return authority + parts.path.rstrip("/") + (f"?{query}" if query else "")


def web_url(url: str) -> str | None:
    """`url` if it is an http(s) address on one line, else None: other schemes must never become a link."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    fits = parts.scheme in ("http", "https") and parts.netloc and url.isprintable() and " " not in url
    return url if fits and len(url) <= 2000 else None


def host_name(url: str) -> str | None:
    """The site of a URL, `example.org`, for an article that names no outlet."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _fit(text: str) -> str:
    # Whatever is lost to printing or to the length is made up for by a hash, so that two ids stay two.
    shown = one_line(text)
    if shown == text and len(text) <= LENGTH:
        return text
    return f"{shown[: LENGTH - 13].rstrip()}-{_short_hash(text)}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
