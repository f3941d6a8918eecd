"""JSON: one article as an object, a list of them, or an object of which one field is such a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from qabot.articles.article import Article
from qabot.articles.decoding import decode
from qabot.articles.jsonl import parse_json, read_jsonl
from qabot.articles.limits import Budget
from qabot.articles.records import Fields, kind_of_value, read_records
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError


def read_json(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The articles in a `.json` file, and what was left out of it; see `read_records` for their fields.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: has the limits.

    Raises:
        SeedsError: the file is empty, binary, no JSON, or without any record.
        OSError: it cannot be read.
    """
    data = file.read(budget.limits.file_bytes + 1)
    budget.refuse_large(len(data))
    if not data:
        raise SeedsError("is empty")
    text = decode(data)
    try:
        value = parse_json(text)
    except SeedsError:
        if not text.lstrip("\ufeff \t\r\n").startswith("{") or "\n" not in text.strip():
            raise
        file.seek(0)  # JSON lines under another name
        return read_jsonl(file, path, budget.limits.file_bytes)
    if isinstance(value, dict) and "text" in value:
        return read_records([(path, value)], path)
    return read_records(_records(_listed(value), path), path)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    lists = [field for field in value.values() if isinstance(field, list)] if isinstance(value, dict) else []
    if len(lists) != 1:
        raise SeedsError("holds no list of articles and no text")
    return lists[0]


def _records(values: list[Any], path: str) -> Iterator[tuple[str, Fields | SeedsError]]:
    for number, value in enumerate(values, start=1):
        fits = isinstance(value, dict)
        yield f"{path}:{number}", value if fits else SeedsError(f"is {kind_of_value(value)}, not an object")
