"""Records: files that hold many articles as fields with names. A bad record is reported, and the rest is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qabot.articles.article import Article
from qabot.articles.identity import id_from_text
from qabot.articles.record import NAMES, Record, make_article
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError, one_line

NAMED = 100
"""Things left out of a file that are reported one by one; the rest are counted, so that a report stays a report."""

Fields = Mapping[str, Any]
"""The fields of a record by the names that they have in the file, of JSON's types."""


def read_records(records: Iterable[tuple[str, Fields | SeedsError]], path: str) -> Iterator[Article | Skipped]:
    """The articles of `records`, and what was left out.

    A record is `{"text": ..., "id"?, "title"?, "published"?, "source"?, "author"?, "place"?, "url"?, "language"?}`;
    other fields are ignored.

    Args:
        records: where each stands ("a.jsonl:17") and its fields, or why it has none.
        path: of the file, relative to the seeds folder.

    Raises:
        SeedsError: there is no record.
    """
    found = bad = undated = 0
    for where, fields in records:
        try:
            if isinstance(fields, SeedsError):
                raise fields
            if found == bad == 0 and _is_question(fields):
                yield Skipped(path, "holds questions, not articles", harmless=True)
                return
            found += 1
            article = make_article(_record(fields, where, path))
        except SeedsError as error:
            bad += 1
            if bad <= NAMED:
                yield Skipped(where, error.cause)
            continue
        undated += article.published is None and _given_date(fields) is not None
        yield article
    if not found and not bad:
        raise SeedsError("holds no articles")
    if bad > NAMED:
        yield Skipped(path, f"{bad - NAMED:,} more records left out like those named before")
    if undated:
        yield Skipped(path, f"{undated:,} dates are not understood; those articles have none", harmless=True)


def kind_of_value(value: object) -> str:
    """What `value`, of JSON's types, is called in a report."""
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


def _is_question(fields: Fields) -> bool:
    return isinstance(fields.get("question"), str) and fields.get("text") is None


def _given_date(fields: Fields) -> Any:
    return fields.get("published") or fields.get("date") or None


def _record(fields: Fields, where: str, path: str) -> Record:
    text = fields.get("text")
    if text is None:
        raise SeedsError("has no text")
    if not isinstance(text, str):
        raise SeedsError(f"has {kind_of_value(text)} as its text")
    known: dict[str, Any] = {}
    for key, name in NAMES.items():
        value = fields.get(key)
        if value is None or known.get(name) is not None:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, str) and not (number and name in ("id", "published")):
            raise SeedsError(one_line(f"has {kind_of_value(value)} as its {key}"))
        known[name] = str(value) if name == "id" else value
    return Record(text=text, path=where, own_id=id_from_text(path, text), **known)
