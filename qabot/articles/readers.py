"""Readers: which one a file is for, by its content where that is sure, else by its name.

The libraries behind a format are imported when its first file is met.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Literal

from qabot.articles.article import Article
from qabot.articles.decoding import unicode_encoding
from qabot.articles.limits import Budget
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError, one_line

READING = 2
"""Raise it when the same file could give other articles: what earlier builds know of unchanged files is dropped."""

HEAD = 4096
"""First bytes of a file that tell its kind."""

Kind = Literal["text", "markdown", "jsonl", "json", "csv", "html", "pdf", "docx", "eml", "zip", "gzip"]
Reader = Callable[[BinaryIO, str, Budget], Iterator[Article | Skipped]]
"""(open file, path to show, budget) -> its articles; raises SeedsError or OSError for a file that it cannot read, and
whatever its library raises for a malformed one. The file can seek; it need not be one on disk."""

PLAIN: frozenset[Kind] = frozenset({"text", "markdown", "jsonl"})
"""Kinds whose reading takes time and memory in proportion to the file: no process of its own has to guard them."""

STREAMED: frozenset[Kind] = frozenset({"jsonl", "csv", "gzip", "zip"})
"""Kinds of which one article is held at a time: max_file_mb is on an article, not on the file."""

KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".md": "markdown",
    ".jsonl": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".eml": "eml",
    ".zip": "zip",
    ".gz": "gzip",
}

_MOST_COMMENTS = 3

_HTML = re.compile(r"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)


def kind_of(name: str, head: bytes) -> Kind:
    """The kind of a file by its name and its first `HEAD` bytes.

    Raises:
        SeedsError: there is no reader for it.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and suffix in KINDS:
        return "docx" if suffix == ".docx" else "zip"
    if head.startswith(b"\x1f\x8b") and suffix in KINDS and PurePosixPath(name).stem.lower()[-4:] != ".tar":
        return "gzip"
    if _is_html(head):
        return "html"
    kind = KINDS.get(suffix)
    if kind is None or (kind == "gzip" and PurePosixPath(name).stem.lower().endswith(".tar")):
        raise SeedsError(f"no reader for {one_line(suffix)[:50] or 'a file without suffix'}")
    return kind


def _is_html(head: bytes) -> bool:
    """Whether a page begins here; before it may stand an XML declaration and comments."""
    text = head.decode(unicode_encoding(head[: len(head) & ~1]) or "latin-1", "replace").lstrip("\ufeff \t\r\n")
    for begin, end in (("<?xml", ">"), *[("<!--", "-->")] * _MOST_COMMENTS):
        if text.startswith(begin):
            text = text.partition(end)[2].lstrip()
    return bool(_HTML.match(text))


def reader_of(kind: Kind) -> Reader:
    """The reader of a kind, its library loaded."""
    match kind:
        case "text":
            from qabot.articles.plain_text import read_text

            return lambda file, path, budget: read_text(file, path, budget.limits.file_bytes)
        case "markdown":
            from qabot.articles.plain_text import read_markdown

            return lambda file, path, budget: read_markdown(file, path, budget.limits.file_bytes)
        case "jsonl":
            from qabot.articles.jsonl import read_jsonl

            return lambda file, path, budget: read_jsonl(file, path, budget.limits.file_bytes)
        case "json":
            from qabot.articles.json_file import read_json

            return read_json
        case "csv":
            from qabot.articles.csv_table import read_csv

            return read_csv
        case "html":
            from qabot.articles.html import read_html

            return read_html
        case "pdf":
            from qabot.articles.pdf import read_pdf

            return read_pdf
        case "docx":
            from qabot.articles.docx import read_docx

            return read_docx
        case "eml":
            from qabot.articles.eml import read_eml

            return read_eml
        case "zip":
            from qabot.articles.zip_archive import read_zip

            return read_zip
        case "gzip":
            from qabot.articles.gzip_file import read_gzip

            return read_gzip


def guarded(items: Iterator[Article | Skipped]) -> Iterator[Article | Skipped]:
    """`items` as they come; whatever a library raises for a malformed file becomes a SeedsError."""
    try:
        yield from items
    except (SeedsError, OSError, MemoryError):
        raise
    except (EOFError, zlib.error) as error:
        raise SeedsError("is damaged or cut short") from error
    except RecursionError as error:
        raise SeedsError("is nested too deeply") from error
    except Exception as error:
        # Libraries raise nearly everything for files that were made to break them.
        said = one_line(str(error))[:100]
        raise SeedsError(f"is malformed ({type(error).__name__}{': ' + said if said else ''})") from error
