"""JSON lines: one article a line, read as a stream. A bad line is reported by its number, and the rest is read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from qabot.articles.article import Article
from qabot.articles.decoding import decode, refuse_binary, unicode_encoding
from qabot.articles.identity import id_from_text
from qabot.articles.record import NAMES, Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError, one_line

NAMED = 100
"""Bad records of a file that are reported one by one; the rest are counted, so that a report stays a report."""

_HEAD = 8192


def read_jsonl(file: BinaryIO, path: str, limit: int) -> Iterator[Article | Skipped]:
    """The articles in a `.jsonl` file, and what was left out of it.

    A record is `{"text": ..., "id"?, "title"?, "published"?, "source"?, "author"?, "place"?, "url"?,
    "language"?}`; other keys are ignored, NaN counts as null, and the last of two equal keys holds.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        limit: most bytes that a line may have; the file itself may have any number.

    Raises:
        SeedsError: the file is empty, binary or without any record.
        OSError: it cannot be read.
    """
    records = bad = undated = 0
    for number, line in enumerate(_lines(file, limit), start=1):
        if isinstance(line, str) and not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            fields = _parse(line)
            if records == bad == 0 and _is_question(fields):
                yield Skipped(path, "holds questions, not articles", harmless=True)
                return
            records += 1
            article = make_article(_record(fields, where, path))
        except SeedsError as error:
            bad += 1
            if bad <= NAMED:
                yield Skipped(where, error.cause)
            continue
        undated += article.published is None and _given_date(fields) is not None
        yield article
    if not records and not bad:
        raise SeedsError("holds no articles")
    if bad > NAMED:
        yield Skipped(path, f"{bad - NAMED:,} more records left out like those named before")
    if undated:
        yield Skipped(path, f"{undated:,} dates are not understood; those articles have none", harmless=True)


def _lines(file: BinaryIO, limit: int) -> Iterator[str | SeedsError]:
    """The lines as text; an error stands for a line that is too long or cannot be decoded."""
    head = file.read(_HEAD)
    if not head:
        raise SeedsError("is empty")
    encoding = unicode_encoding(head)
    if encoding is None:
        refuse_binary(head)
    file.seek(0)
    if encoding in (None, "utf-8-sig"):
        yield from _byte_lines(file, limit)
    else:
        yield from _wide_lines(file, limit, encoding or "")


def _byte_lines(file: BinaryIO, limit: int) -> Iterator[str | SeedsError]:
    while line := file.readline(limit + 1):
        if len(line) > limit:
            while line and not line.endswith(b"\n"):
                line = file.readline(1 << 20)
            yield _too_long(limit)
            continue
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                yield decode(line)
            except SeedsError as error:
                yield error


def _wide_lines(file: BinaryIO, limit: int, encoding: str) -> Iterator[str | SeedsError]:
    with io.TextIOWrapper(file, encoding, errors="replace", newline="\n") as text:
        while line := text.readline(limit // 2 + 1):
            if len(line) > limit // 2:
                while line and not line.endswith("\n"):
                    line = text.readline(1 << 20)
                yield _too_long(limit)
            else:
                yield line


def _too_long(limit: int) -> SeedsError:
    return SeedsError(f"is a line of more than {limit / 1_000_000:g} MB (max_file_mb)")


def _parse(line: str | SeedsError) -> dict[str, Any]:
    if isinstance(line, SeedsError):
        raise line
    try:
        value = json.loads(line.lstrip("\ufeff"), parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise SeedsError(f"is not JSON ({error.msg.removesuffix(' at')} at column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        # An integer of thousands of digits, or lists nested in thousands of lists.
        raise SeedsError("is JSON that no article needs: too deep, or a number too long") from error
    if not isinstance(value, dict):
        raise SeedsError(f"is {_kind(value)}, not an object")
    return value


def _is_question(fields: dict[str, Any]) -> bool:
    return isinstance(fields.get("question"), str) and fields.get("text") is None


def _given_date(fields: dict[str, Any]) -> Any:
    return fields.get("published") or fields.get("date") or None


def _record(fields: dict[str, Any], where: str, path: str) -> Record:
    text = fields.get("text")
    if text is None:
        raise SeedsError("has no text")
    if not isinstance(text, str):
        raise SeedsError(f"has {_kind(text)} as its text")
    known: dict[str, Any] = {}
    for key, name in NAMES.items():
        value = fields.get(key)
        if value is None or known.get(name) is not None:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, str) and not (number and name in ("id", "published")):
            raise SeedsError(one_line(f"has {_kind(value)} as its {key}"))
        known[name] = str(value) if name == "id" else value
    return Record(text=text, path=where, own_id=id_from_text(path, text), **known)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
