"""An article as a file under seeds/added/: front matter and text, so that every later build needs no network.

    seeds/added/example.org/2026-07-04-almaty-opens-a-dam-1f0c2d3e-9a8b7c6d.md

The last two groups are the beginnings of the SHA-256 of the page's address and of the text: by them a page that is
saved already, and a text that is, are found without opening a file. Reading the file gives the same article again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

from qabot.articles.article import Article, canonical, published_iso
from qabot.articles.headline import headline
from qabot.articles.identity import normal_url
from qabot.articles.language import UNKNOWN
from qabot.gathering.files import safe_name

ADDED = "added"
"""The folder under seeds/ that gathering writes into; nothing else under seeds/ is ever touched."""

_SLUG = 60
_HASH = 8
_NAME = re.compile(rf".*-(?P<address>[0-9a-f]{{{_HASH}}})-(?P<text>[0-9a-f]{{{_HASH}}})\.md")
_BARE = re.compile(r"[\dTZ:-]+|[a-z]{2}|true", re.ASCII)
_UNKEPT = re.compile("[\x01-\x08\x0b-\x1f\x7f]")


def kept_text(text: str) -> str:
    """`text` without what a text file cannot hold: control characters become spaces."""
    return _UNKEPT.sub(" ", canonical(text)).strip()


def article_file(article: Article) -> bytes:
    """The bytes of the file of `article`, whose text is as `kept_text` makes it."""
    # A title made of the text may have characters that a given one may not; it is made again when the file is read.
    made = not article.title.isprintable() and article.title == headline(article.text)
    fields = {
        "title": None if made else article.title,
        "published": published_iso(article.published),
        "source": article.source,
        "author": article.author,
        "place": article.place,
        "url": article.url,
        "language": None if article.language == UNKNOWN else article.language,
        "pages": ", ".join(map(str, article.pages)),
        "verbatim": "true",
    }
    lines = [f"{name}: {_quoted(value)}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", article.text, ""]).encode()


def article_path(article: Article) -> Path:
    """Where under the seeds folder `article`, which has a URL, is kept."""
    url = article.url or ""
    day = f"{article.published:%Y-%m-%d}-" if article.published else ""
    return Path(ADDED, folder_of(url), f"{day}{_slug(article.title)}-{url_mark(url)}-{text_mark(article.text)}.md")


def folder_of(url: str) -> str:
    """The folder under added/ of the pages of a site: its host without `www.`."""
    return safe_name((urlsplit(url).hostname or "").removeprefix("www.")) or "page"


def url_mark(url: str) -> str:
    """The group of a file's name that stands for the page's address, however that is written."""
    return hashlib.sha256(normal_url(url).encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]


def text_mark(text: str) -> str:
    """The group of a file's name that stands for the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]


def marks_of(name: str) -> tuple[str, str] | None:
    """(url_mark, text_mark) of a file's name, or None for a name that gathering has not given."""
    found = _NAME.fullmatch(name)
    return (found["address"], found["text"]) if found else None


def _quoted(value: str) -> str:
    """In single quotes, in which nothing but they themselves has a meaning; dates, codes and `true` stand bare."""
    return value if _BARE.fullmatch(value) else "'" + value.replace("'", "''") + "'"


def _slug(title: str) -> str:
    """The first words of a title in small letters, with a hyphen between them; letters of any script stay."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).lower()).strip("-")
    if len(words) > _SLUG:
        head = words[:_SLUG]
        words = head.rpartition("-")[0] if "-" in head[_SLUG // 2 :] else head
    return safe_name(words, longest=150) or "article"
