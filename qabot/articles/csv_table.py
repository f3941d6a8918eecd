"""Tables with named columns, `.csv` and `.tsv`: one article a row, read as a stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from qabot.articles.article import Article
from qabot.articles.decoding import decode, refuse_binary, unicode_encoding
from qabot.articles.limits import Budget
from qabot.articles.record import NAMES
from qabot.articles.records import Fields, read_records
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError, one_line

_HEAD = 8192
_DELIMITERS = ",;\t|"
_COLUMNS = frozenset(NAMES) | {"text"}
_SHOWN = 200
_BETWEEN_FIELDS = "\v"


def read_csv(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The articles in a table, and what was left out of it.

    The first row names the columns as the fields of `read_records` are named, in any case and order; `text` has to be
    one of them. Comma, semicolon, tab or bar stands between columns, whichever makes the first row fit.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: has the limits; `max_file_mb` is on a row.

    Raises:
        SeedsError: the file is empty, binary or has no column of texts.
        OSError: it cannot be read.
    """
    head = file.read(_HEAD)
    if not head:
        raise SeedsError("is empty")
    encoding = unicode_encoding(head)
    if encoding is None:
        refuse_binary(head)
    file.seek(0)
    # Bytes that are no UTF-8 come through as surrogates and are decoded row by row, like the lines of a .jsonl file.
    encoding, errors = (encoding, "replace") if encoding and "8" not in encoding else ("utf-8-sig", "surrogateescape")
    text = io.TextIOWrapper(file, encoding, errors, newline="")
    try:
        yield from read_records(_rows(text, path, budget.limits.file_bytes), path)
    finally:
        text.detach()  # the file stays open for who opened it


def _rows(text: io.TextIOWrapper, path: str, limit: int) -> Iterator[tuple[str, Fields | SeedsError]]:
    lines = _lines(text, limit)
    above, first = next(((number, line) for number, line in enumerate(lines, start=1) if line.strip()), (0, ""))
    delimiter = max(_DELIMITERS, key=lambda mark: len(_COLUMNS.intersection(_names(first, mark))))
    names = _names(first, delimiter)
    if "text" not in names:
        shown = ", ".join(name for name in names if name)
        raise SeedsError(f"has no column text; its columns are {one_line(shown)[:_SHOWN] or 'without names'}")
    # The limit of the csv module is one for the whole process, and this process has one limit.
    csv.field_size_limit(limit)
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        where = f"{path}:{above + rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            # It may end in a quoted field that is never closed: what row would come next is not known.
            yield where, SeedsError(f"is where reading ended: {one_line(str(error))}")
            return
        if any(cell.strip() for cell in row):
            yield where, _fields(names, row)


def _names(line: str, delimiter: str) -> list[str]:
    return [name.strip().lower() for name in _decoded(next(csv.reader([line], delimiter=delimiter), []))]


def _fields(names: list[str], row: list[str]) -> Fields | SeedsError:
    try:
        cells = _decoded(row)
    except SeedsError as error:
        return error
    return {name: cell for name, cell in zip(names, cells, strict=False) if name in _COLUMNS and cell.strip()}


def _decoded(row: list[str]) -> list[str]:
    joined = _BETWEEN_FIELDS.join(cell.replace(_BETWEEN_FIELDS, " ") for cell in row)
    if joined.isascii() or not any("\udc80" <= ch <= "\udcff" for ch in joined):
        return row
    # All cells together: the encoding of a long text is surer than that of a name.
    return decode(joined.encode("utf-8", "surrogateescape")).split(_BETWEEN_FIELDS)


def _lines(text: io.TextIOWrapper, limit: int) -> Iterator[str]:
    while line := text.readline(limit + 1):
        if len(line) > limit:
            raise csv.Error(f"a line has more than {limit / 1_000_000:g} million characters (max_file_mb)")
        yield line.replace("\0", "")
