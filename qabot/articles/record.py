"""Record: what a reader found in a file about one article, and how an Article is made of it.

Every reader, whatever its format, ends here: texts become canonical, dates are read, ids and languages found.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from qabot.articles.article import Article, canonical
from qabot.articles.dates import parse_published
from qabot.articles.headline import TITLE, cut_at_word, headline
from qabot.articles.identity import host_name, id_from_given, id_from_url, web_url
from qabot.articles.language import detect, language_code
from qabot.errors import SeedsError

NAMES = {
    "title": "title",
    "headline": "title",
    "published": "published",
    "date": "published",
    "source": "source",
    "outlet": "source",
    "author": "author",
    "url": "url",
    "id": "id",
    "language": "language",
    "place": "place",
}
"""The fields that an article may be given, in front matter, in JSON and as columns, and what each is in a Record."""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one article as they stand in a file; None where the file has none.

    `path` is where the record stands ("news/a.jsonl:17"); `own_id` is its id if neither id nor URL is given.
    `published` is any text or number that `parse_published` may understand. `pages` are as in Article; the text they
    belong to has to be canonical and without white space at its ends already.
    """

    text: str
    path: str
    own_id: str
    id: str | None = None
    title: str | None = None
    published: str | float | None = None
    source: str | None = None
    author: str | None = None
    place: str | None = None
    url: str | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()


def make_article(record: Record) -> Article:
    """The article of a record; a date, URL or language that is not understood is left out.

    Raises:
        SeedsError: the text holds no letter or digit.
    """
    text = canonical(record.text).strip()
    if not any(ch.isalnum() for ch in text):
        raise SeedsError("holds no text")
    url = web_url(record.url) if record.url else None
    return Article(
        id=_id(record, url),
        title=cut_at_word(_line(record.title) or headline(text), TITLE),
        text=text,
        published=parse_published(record.published),
        source=_line(record.source) or (host_name(url) if url else None),
        author=_line(record.author),
        place=_line(record.place),
        url=url,
        language=language_code(record.language) or detect(text),
        path=record.path,
        pages=record.pages,
    )


def _id(record: Record, url: str | None) -> str:
    if record.id is not None and (given := id_from_given(record.id)):
        return given
    return id_from_url(url) if url else record.own_id


def _line(text: str | None) -> str | None:
    """The text on one line without control characters, or None if nothing is left."""
    if text is None:
        return None
    printable = "".join(_shown(ch) for ch in canonical(text))
    return cut_at_word(" ".join(printable.split()), TITLE) or None


def _shown(ch: str) -> str:
    if ch.isprintable() or ch in "\u200c\u200d":  # joiners are part of Persian and Hindi words and of emoji
        return ch
    return "" if unicodedata.category(ch) == "Cf" else " "  # soft hyphens stand inside words
