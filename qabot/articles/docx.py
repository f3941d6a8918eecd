"""Word documents: paragraphs, lists and tables in their order, and what the document says about itself."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from qabot.articles.article import Article
from qabot.articles.identity import id_from_path
from qabot.articles.limits import Budget
from qabot.articles.record import Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRITTEN = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXT = qn("w:t")
_NOT_READ = frozenset({qn("w:txbxContent"), qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr")})
"""Text boxes (each stands there twice), and words that were deleted or moved away while changes were tracked."""

_TITLES = frozenset({"Title", "Heading1"})
_TEMPLATE = "python-docx"
"""Author of the template of python-docx: its properties say nothing."""
_TEMPLATE_MADE = "2013-12-23T23:15:00"
"""When that template was made; documents made of it keep this, also where they are given an author."""


def read_docx(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The article in a `.docx` document; a row of a table is a line, with ` | ` between the cells.

    Its title is that of its properties, else its first heading of the first level. The date is that of its creation.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: what it may unpack to.

    Raises:
        SeedsError: it is no such document, unpacks to too much, or holds no text.
        OSError: it cannot be read.
    """
    _spend(file, budget)
    try:
        document = docx.Document(file)
    except (KeyError, ValueError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise SeedsError("is not a readable .docx document") from error
    blocks = list(_blocks(document.element.body))
    about = document.core_properties
    known = about.author != _TEMPLATE
    created = about.created.isoformat() if known and about.created else None
    title = next((text for style, text in blocks if style in _TITLES and text.strip()), None)
    lines = [text for _, text in blocks if text.strip()]
    if title and len(lines) > 1 and lines[0] == title:
        lines = lines[1:]
    yield make_article(
        Record(
            text="\n\n".join(lines),
            path=path,
            own_id=id_from_path(path),
            title=(known and about.title.strip()) or title,
            author=(known and about.author) or None,
            published=None if created and created.startswith(_TEMPLATE_MADE) else created,
        )
    )


def _spend(file: BinaryIO, budget: Budget) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SeedsError("is not a readable .docx document; it may be encrypted or of an older kind") from error
    budget.foresee(size)
    budget.spend(size)
    file.seek(0)


def _blocks(parent: Any) -> Iterator[tuple[str | None, str]]:
    """The paragraphs (style, text) below `parent` and the rows of its tables, also inside of content controls."""
    waiting = [iter(parent)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == _PARAGRAPH:
            yield _style(element), "".join(_text(element)).strip()
        elif element.tag == _TABLE:
            yield None, "\n".join(_rows(element))
        elif element.tag not in _NOT_READ:
            waiting.append(iter(element))


def _style(paragraph: Any) -> str | None:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return None if style is None else style.get(qn("w:val"))


def _text(element: Any) -> Iterator[str]:
    waiting = [iter(element)]
    while waiting:
        part = next(waiting[-1], None)
        if part is None:
            waiting.pop()
        elif part.tag == _TEXT:
            yield part.text or ""
        elif part.tag in _WRITTEN:
            yield _WRITTEN[part.tag]
        elif part.tag not in _NOT_READ:
            waiting.append(iter(part))


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(_ROW):
        cells = [" ".join("".join(_text(cell)).split()) for cell in row.findall(_CELL)]
        if any(cells):
            yield " | ".join(cells)
