"""Mail: the message's text with its subject, sender and date; what is attached is read as files of their own."""

from __future__ import annotations

import email
import io
from collections.abc import Iterator
from email.message import MIMEPart
from email.policy import default
from email.utils import parseaddr
from typing import BinaryIO

from qabot.articles.article import Article, canonical
from qabot.articles.decoding import decode
from qabot.articles.identity import id_from_path
from qabot.articles.limits import Budget
from qabot.articles.packed import Metered, read_packed
from qabot.articles.record import Record, make_article
from qabot.articles.records import NAMED
from qabot.articles.skipped import Skipped
from qabot.articles.walk import shown_name, why
from qabot.errors import SeedsError

MOST_PARTS = 10_000

_NO_TEXT = frozenset({"image", "audio", "video"})


def read_eml(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The article in a message, then those in what is attached to it, shown as `a.eml/report.pdf`.

    Its text is the plain one, else the page.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: what it may unpack to.

    Raises:
        SeedsError: it is no message, or neither it nor what is attached holds text.
        OSError: it cannot be read.
    """
    data = file.read(budget.limits.file_bytes + 1)
    budget.refuse_large(len(data))
    if not data.strip():
        raise SeedsError("is empty")
    message = email.message_from_bytes(data, policy=default)
    _refuse_other(message)
    body = message.get_body(("plain", "html"))
    if body is None and isinstance(message.get_payload(), str) and message.get_content_maintype() == "multipart":
        body = message  # it names no boundary, so its parts cannot be told apart: what it says is all there is
    attached = [part for part in _parts(message) if part is not body and _is_attached(part)]
    try:
        yield make_article(_record(message, body, path))
    except SeedsError:
        if not attached:
            raise
    yield from _read_attached(attached, path, budget)


def _refuse_other(message: MIMEPart) -> None:
    if not any(name in message for name in ("From", "Subject", "Date", "Received", "Message-ID")):
        raise SeedsError("is no message: it has no From, Subject or Date")


def _record(message: MIMEPart, body: MIMEPart | None, path: str) -> Record:
    subject, sender, date = (_field(message, name) for name in ("Subject", "From", "Date"))
    name, address = parseaddr(sender or "")
    author = name or address or None
    if body is None:
        raise SeedsError("is a message without text")
    if body.get_content_type() == "text/html":
        from qabot.articles.html import page_record  # noqa: PLC0415

        text = page_record(_payload(body), url=None, charset=body.get_content_charset(), path=path, own_id="").text
    else:
        text = _text(body)
    return Record(text=text, path=path, own_id=id_from_path(path), title=subject, author=author, published=date)


def _field(message: MIMEPart, name: str) -> str | None:
    """A header as it is shown; None where there is none, or one that the library cannot parse."""
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):
        # Malformed headers break the parser of the standard library in several ways.
        return None
    return canonical(str(value)) if value is not None else None


def _text(part: MIMEPart) -> str:
    data = _payload(part)
    charset = part.get_content_charset()
    try:
        return data.decode(charset) if charset else decode(data)
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _payload(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _parts(message: MIMEPart) -> Iterator[MIMEPart]:
    """The parts of a message that hold something; a message that is attached is one part."""
    waiting = [message]
    count = 0
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MOST_PARTS:
            raise SeedsError(f"has more than {MOST_PARTS:,} parts")
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            waiting += reversed(list(part.iter_parts()))
        else:
            yield part


def _is_attached(part: MIMEPart) -> bool:
    return part.get_content_type() == "message/rfc822" or bool(part.get_filename() or part.is_attachment())


def _read_attached(parts: list[MIMEPart], path: str, budget: Budget) -> Iterator[Article | Skipped]:
    reported = 0
    for number, part in enumerate(parts, start=1):
        name, data = _file_in(part, number)
        shown = f"{path}/{shown_name(name)}"
        try:
            for item in read_packed(Metered(io.BytesIO(data), budget), name, shown, budget):
                reported += isinstance(item, Skipped)
                if isinstance(item, Article) or reported <= NAMED:
                    yield item
        except (SeedsError, OSError) as error:
            reported += 1
            if reported <= NAMED:
                cause = error.cause if isinstance(error, SeedsError) else why(error)
                yield Skipped(shown, cause, harmless=part.get_content_maintype() in _NO_TEXT)
    if reported > NAMED:
        yield Skipped(path, f"{reported - NAMED:,} more attachments left out like those named before")


def _file_in(part: MIMEPart, number: int) -> tuple[str, bytes]:
    """The name, without folders, and the bytes of what is attached."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else None
        return f"{number}.eml", message.as_bytes() if isinstance(message, MIMEPart) else b""
    name = canonical(part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    return name or str(number), _payload(part)
