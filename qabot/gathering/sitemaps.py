"""Sitemaps and their indexes (https://www.sitemaps.org/protocol.html), with the titles and dates of news sitemaps."""

from __future__ import annotations

import io
import re

from lxml import etree

from qabot.articles.dates import parse_published
from qabot.errors import FetchError
from qabot.gathering.entries import Entry, FeedDocument

_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)[\s>/]")
_HEAD = 8192


def is_sitemap(body: bytes) -> bool:
    """Whether the first element seems to be that of a sitemap or of an index of them."""
    head = body[:_HEAD]
    return bool(_ROOT.search(head.replace(b"\0", b"")))


def read_sitemap(body: bytes) -> FeedDocument:
    """The pages of a sitemap, or the sitemaps of an index, in the document's order.

    No entity is replaced and nothing is fetched; a document that ends early or breaks off gives what it has.

    Raises:
        FetchError: it cannot be read as XML.
    """
    entries: list[Entry] = []
    parts: list[tuple[str, str]] = []
    steps = etree.iterparse(
        io.BytesIO(body), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, element in steps:
            match _local(element):
                case "url":
                    entries += _page(element)
                case "sitemap":
                    parts += _part(element)
                case _:
                    continue
            element.clear()
            while (before := element.getprevious()) is not None:
                parent = before.getparent()
                if parent is None:
                    break
                parent.remove(before)
    except etree.XMLSyntaxError as error:
        if not entries and not parts:
            raise FetchError(f"is a sitemap that cannot be read: {str(error)[:100]}") from error
    return FeedDocument("sitemap", tuple(entries), tuple(parts))


def _page(element: etree._Element) -> list[Entry]:
    fields: dict[str, str] = {}
    for part in element.iter():
        name = _local(part)
        if name in ("loc", "lastmod", "publication_date", "title", "name") and part.text:
            # An image's title and place stand in a page's element too.
            inside = _local(part.getparent()) if part.getparent() is not None else ""
            if (inside, name) in _FIELDS:
                fields.setdefault(name, " ".join(part.text.split())[:2000])
    if not (link := fields.get("loc")):
        return []
    moment = parse_published(fields.get("publication_date") or fields.get("lastmod"))
    published = moment.isoformat() if moment else None
    return [Entry(link, link, fields.get("title"), published, None, fields.get("name"))]


_FIELDS = {("url", "loc"), ("url", "lastmod"), ("news", "publication_date"), ("news", "title"), ("publication", "name")}


def _part(element: etree._Element) -> list[tuple[str, str]]:
    found = {_local(part): " ".join(part.text.split())[:2000] for part in element if part.text}
    return [(found["loc"], found.get("lastmod", ""))] if found.get("loc") else []


def _local(element: etree._Element) -> str:
    """The name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
