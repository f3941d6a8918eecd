"""JSON lines: one article a line, read as a stream. A bad line is reported by its number, and the rest is read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from qabot.articles.article import Article
from qabot.articles.decoding import decode, refuse_binary, unicode_encoding
from qabot.articles.records import Fields, kind_of_value, read_records
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

_HEAD = 8192


def read_jsonl(file: BinaryIO, path: str, limit: int) -> Iterator[Article | Skipped]:
    """The articles in a `.jsonl` file, and what was left out of it.

    NaN counts as null, and the last of two equal keys holds; see `read_records` for the fields.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        limit: most bytes that a line may have; the file itself may have any number.

    Raises:
        SeedsError: the file is empty, binary or without any record.
        OSError: it cannot be read.
    """
    return read_records(_records(file, path, limit), path)


def parse_json(text: str) -> Any:
    """The value that `text` is; NaN counts as null, and the last of two equal keys holds.

    Raises:
        SeedsError: it is not JSON, or too deep.
    """
    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise SeedsError(f"is not JSON ({error.msg.removesuffix(' at')} at column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        # An integer of thousands of digits, or lists nested in thousands of lists.
        raise SeedsError("is JSON that no article needs: too deep, or a number too long") from error


def _records(file: BinaryIO, path: str, limit: int) -> Iterator[tuple[str, Fields | SeedsError]]:
    for number, line in enumerate(_lines(file, limit), start=1):
        if isinstance(line, SeedsError):
            yield f"{path}:{number}", line
        elif line.strip():
            yield f"{path}:{number}", _parse(line)


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
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
    try:
        while line := text.readline(limit // 2 + 1):
            if len(line) > limit // 2:
                while line and not line.endswith("\n"):
                    line = text.readline(1 << 20)
                yield _too_long(limit)
            else:
                yield line
    finally:
        text.detach()  # the file stays open for who opened it


def _too_long(limit: int) -> SeedsError:
    return SeedsError(f"is a line of more than {limit / 1_000_000:g} MB (max_file_mb)")


def _parse(line: str) -> Fields | SeedsError:
    try:
        value = parse_json(line)
    except SeedsError as error:
        return error
    return value if isinstance(value, dict) else SeedsError(f"is {kind_of_value(value)}, not an object")
