"""PDF documents, by pypdf: the text of their pages, and where each page begins."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from qabot.articles.article import Article, canonical
from qabot.articles.identity import id_from_path
from qabot.articles.limits import Budget
from qabot.articles.page_text import page_texts
from qabot.articles.record import Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

# What it says about broken files is said by a Skipped, or harms nothing.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_NO_TITLE = re.compile(
    r"(?i)microsoft (?:word|powerpoint|excel)|untitled|без имени|document ?\d*$|slide \d+|"
    r".*\.(?:docx?|pdf|indd|pptx?|xlsx?|qxd|rtf|odt|txt|tex)$|[\W\d_]*$"
)
"""Titles that programs write into documents whose writer gave none."""

_NO_AUTHOR = re.compile(r"(?i)(?:user|admin|administrator|owner|unknown|author|пользователь|[\W\d_]*)$")


def read_pdf(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The article in a document.

    Lines are joined to paragraphs, and what stands at the head or foot of most pages is left out (see `page_texts`).
    Title, author and date are those of the document's properties, if they are not left over from a template.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: has the limits.

    Raises:
        SeedsError: it is no PDF, has too many pages, is encrypted, or holds no text.
        OSError: it cannot be read.
    """
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise SeedsError("is encrypted: it takes a password to read")
        count = len(reader.pages)
        most = budget.limits.max_pages
        if count > most:
            raise SeedsError(f"has {count:,} pages, more than max_pages = {most:,}")
        pages = page_texts(_extracted(reader, budget))
        about = reader.metadata
    except DependencyError as error:
        raise SeedsError("is encrypted in a way that is not supported") from error
    except PyPdfError as error:
        raise SeedsError("is no PDF document that can be read, or is damaged") from error
    if not any(pages):
        raise SeedsError(f"holds no text: its {count:,} pages are pictures or empty; recognise the text in it first")
    text, begins = _joined(pages)
    title, author = (about.title, about.author) if about else (None, None)
    yield make_article(
        Record(
            text=text,
            path=path,
            own_id=id_from_path(path),
            title=None if not title or _NO_TITLE.match(title.strip()) else title,
            author=None if not author or _NO_AUTHOR.match(author.strip()) else author,
            published=_created(reader),
            pages=begins,
        )
    )


def _extracted(reader: PdfReader, budget: Budget) -> Iterator[str]:
    for page in reader.pages:
        text = canonical(page.extract_text())
        budget.spend(len(text))
        yield text


def _joined(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, and the offsets at which the second and the following begin.

    A page without text begins where the text before it ends.
    """
    parts: list[str] = []
    begins: list[int] = []
    length = 0
    for page in pages:
        if page and parts:
            length += len("\n\n")
        begins.append(length)
        length += len(page)
        parts += [page] if page else []
    return "\n\n".join(parts), tuple(begins[1:])


def _created(reader: PdfReader) -> str | None:
    try:
        created: datetime | None = reader.metadata.creation_date if reader.metadata else None
    except (ValueError, PyPdfError):  # a date that is none
        return None
    return created.isoformat() if created else None
