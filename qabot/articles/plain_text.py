"""Plain text and Markdown: one file, one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from qabot.articles.article import Article, canonical
from qabot.articles.dateline import Head, split_head
from qabot.articles.decoding import decode, refuse_binary, unicode_encoding
from qabot.articles.front_matter import split_front_matter
from qabot.articles.identity import id_from_path
from qabot.articles.record import Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

_HEAD = 8192


def read_text(file: BinaryIO, path: str, limit: int) -> Iterator[Article | Skipped]:
    """The article in a `.txt` file: front matter or the `date` header and a dateline, then its text.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        limit: most bytes that the file may have.

    Raises:
        SeedsError: the file is empty, binary, too large, or in an unknown encoding.
        OSError: it cannot be read.
    """
    yield from _read(file, path, limit, markdown=False)


def read_markdown(file: BinaryIO, path: str, limit: int) -> Iterator[Article | Skipped]:
    """The article in a `.md` file: as `read_text`, and a leading `# Heading` is its title instead of its text."""
    yield from _read(file, path, limit, markdown=True)


def _read(file: BinaryIO, path: str, limit: int, *, markdown: bool) -> Iterator[Article | Skipped]:
    text = canonical(decode(_read_bytes(file, limit)))
    fields, text = split_front_matter(text)
    title = fields.pop("title", None)
    verbatim = fields.pop("verbatim", "") == "true"  # what looks like a heading or a dateline is the text's own
    pages = _offsets(fields.pop("pages", ""))
    if markdown and not verbatim:
        heading, after = _split_heading(text)
        if heading and title in (None, heading):
            title, text = heading, after
    head = Head(text) if verbatim else split_head(text)
    published = fields.pop("published", None) or head.date
    article = make_article(
        Record(
            text=head.text,
            path=path,
            own_id=id_from_path(path),
            title=title,
            published=published,
            place=fields.pop("place", None) or head.place,
            source=fields.pop("source", None) or head.source,
            pages=pages if verbatim else (),
            **fields,
        )
    )
    yield article
    if published and article.published is None:
        yield Skipped(path, f"its date {published[:40]!r} is not understood; the article has none", harmless=True)


def _offsets(written: str) -> tuple[int, ...]:
    """`"1523, 3011"` as numbers; none if anything else stands there."""
    found = re.fullmatch(r"\d{1,9}(?:, \d{1,9})*", written, re.ASCII)
    return tuple(map(int, written.split(", "))) if found else ()


def _split_heading(text: str) -> tuple[str | None, str]:
    """The title in a leading `# Title` or `# Title #`, and the text after it."""
    line, _, rest = text.lstrip().partition("\n")
    if not line.startswith(("# ", "#\t")):
        return None, text
    title = line[1:].strip()
    bare = title.rstrip("#")
    if bare.endswith((" ", "\t")):  # "C#" is a name, " #" closes the heading
        title = bare.rstrip()
    return title or None, rest


def _read_bytes(file: BinaryIO, limit: int) -> bytes:
    data = file.read(_HEAD)
    if not data:
        raise SeedsError("is empty")
    if unicode_encoding(data) is None:
        refuse_binary(data)  # before the rest of a large file is read
    data += file.read(limit + 1 - len(data)) if limit >= len(data) else b""
    if len(data) > limit:
        raise SeedsError("grew past max_file_mb while it was read")
    return data
