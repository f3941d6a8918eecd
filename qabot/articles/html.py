"""Web pages: the article's text, title, author, date, outlet and address, by trafilatura; no menus, no comments."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import trafilatura

from qabot.articles.article import Article
from qabot.articles.dates import parse_published
from qabot.articles.decoding import decode, refuse_binary, unicode_encoding
from qabot.articles.identity import host_name, id_from_path, normal_url, web_url
from qabot.articles.limits import Budget
from qabot.articles.record import Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

# What they say about broken pages is said by a Skipped, or harms nothing.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_DATES = {"original_date": True, "extensive_search": False, "max_date": "2099-12-31"}
"""Options of htmldate: when the page was first published; no guess from dates in its text, whatever day it is now."""

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
_XML = re.compile(r"^\ufeff?\s*<\?xml[^>]*>")
_ROW = re.compile(r"\|(.*)\|\s*")
"""A row of a table, as trafilatura writes it: its cells, and the frame around them."""
_OUTER = re.compile(r"<(?:html|head|body|frameset)\b", re.IGNORECASE)
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""Encodings that pages name and the larger ones that browsers take them for (encoding.spec.whatwg.org)."""

_PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
)
_JSON_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def read_html(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The article in a saved web page.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: has the limits.

    Raises:
        SeedsError: there is no article in it, or it is in an unknown encoding.
        OSError: it cannot be read.
    """
    body = file.read(budget.limits.file_bytes + 1)
    budget.refuse_large(len(body))
    yield make_article(page_record(body, url=None, charset=None, path=path, own_id=id_from_path(path)))


def page_record(body: bytes, *, url: str | None, charset: str | None, path: str, own_id: str) -> Record:
    """What a page says about the article in it.

    Args:
        body: the page as it was saved or fetched, unpacked.
        url: where it was fetched from, if that is known. A page may name another address of its own site instead.
        charset: as the server named it.
        path: what to call it.
        own_id: its id if it has no address.

    Raises:
        SeedsError: there is no article in it, or it is in an unknown encoding.
    """
    if not body.strip():
        raise SeedsError("is empty")
    # The declaration has been followed, and lxml wants none in a text.
    markup = _XML.sub("", decode_page(body, charset), count=1)
    # Without the outer element, a page of one block is taken for no page.
    tree = trafilatura.load_html(markup if _OUTER.search(markup) else f"<html><body>{markup}</body></html>")
    if tree is None:
        raise SeedsError("is no web page")
    moments = _moments(tree)
    page = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, with_metadata=True, date_extraction_params=dict(_DATES)
    )
    if page is None or isinstance(page, dict) or not page.text:
        raise SeedsError("is a page without the text of an article")
    title = page.title or None
    text = _without_title(page.text, title)
    address = _address(page.url, url)
    return Record(
        text=text,
        path=path,
        own_id=own_id,
        title=title,
        published=next((moment for moment in moments if parse_published(moment)), page.date),
        source=page.sitename or host_name(page.url or url or ""),
        author=page.author.replace("; ", ", ") if page.author else None,
        url=address,
    )


def decode_page(body: bytes, charset: str | None) -> str:
    """The text of a page: by its byte order mark, as UTF-8 if it is that, as declared, else by its letters.

    Args:
        body: the page's bytes.
        charset: what the server named, if it did; it goes before what the page declares.

    Raises:
        SeedsError: binary data, or text in an encoding that cannot be told.
    """
    if unicode_encoding(body):
        return decode(body)
    refuse_binary(body)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        found = _DECLARED.search(body[:_DECLARED_WITHIN])
        declared = found[1].decode("ascii", "replace") if found else None
    for name in (charset, declared):
        encoding = _encoding(name)
        if encoding and not encoding.startswith(("utf-8", "utf-16", "utf-32")):
            return body.decode(encoding, "replace")
    return decode(body)


def _encoding(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name.strip()) if name else None
    except (LookupError, ValueError):
        return None
    if found is None or not found._is_text_encoding:
        return None
    return _READ_AS.get(found.name, found.name)


def _moments(tree: Any) -> list[str]:
    """When the page says that it was published, to the second; trafilatura gives days only."""
    found = [str(moment) for path in _PUBLISHED for moment in tree.xpath(path)[:3]]
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        found += _JSON_PUBLISHED.findall(script.text or "")[:3]
    return found


def _address(named: str | None, fetched: str | None) -> str | None:
    """The address that a page names as its own, if that can be so, else the one that it was fetched from."""
    address = web_url(named) if named else None
    if address and "/" not in normal_url(address) and "?" not in address:
        address = None  # a front page: many sites name it on all of their pages
    if address and fetched and host_name(address) != host_name(fetched):
        address = None  # a page must not take the place of another site's
    return address or fetched


def _without_title(text: str, title: str | None) -> str:
    """`text` as paragraphs with blank lines between, without frames of tables or a first one that repeats the title."""
    lines = [_unframed(line) for line in text.split("\n") if line.strip(" |-")]
    if title and len(lines) > 1 and " ".join(lines[0].split()).casefold() == " ".join(title.split()).casefold():
        lines = lines[1:]
    return "\n\n".join(lines)


def _unframed(line: str) -> str:
    row = _ROW.fullmatch(line)
    return row[1].strip() if row else line
