"""Reading one file: its articles, what was left out of it, and its stamp at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qabot.articles.article import Article
from qabot.articles.limits import Budget, Limits
from qabot.articles.readers import HEAD, STREAMED, Kind, guarded, kind_of, reader_of
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp, let_settle, stamp_of
from qabot.articles.walk import open_file, why
from qabot.errors import SeedsError


@dataclass(frozen=True, slots=True)
class FileDone:
    """The end of what a file gave.

    `path` is the file's, relative to the seeds folder. `stamp` is None if the file has to be read again next time: it
    changed meanwhile, or could not be read now. `unchanged`: it was not read, since its stamp is the known one.
    """

    path: str
    stamp: Stamp | None
    unchanged: bool = False


Item = Article | Skipped | FileDone


def read_file(
    path: Path, shown: str, limits: Limits, begin: Callable[[Kind], None] = lambda _: None
) -> Iterator[Article | Skipped | FileDone]:
    """The articles in `path` and a Skipped for all that was left out, then FileDone. Raises MemoryError, nothing else.

    Args:
        path: a file.
        shown: the path to show.
        limits: what is too large.
        begin: called when the file's kind is known and its library loaded.
    """
    stamp: Stamp | None = None
    try:
        with open_file(path) as file:
            before = stamp_of(os.fstat(file.fileno()))
            let_settle(before)
            try:
                head = file.read(HEAD)
                file.seek(0)
                kind = kind_of(path.name, head)
                budget = Budget(limits)
                if kind not in STREAMED:
                    budget.refuse_large(before.size)
                reader = reader_of(kind)
                begin(kind)
                yield from guarded(reader(file, shown, budget))
            except SeedsError as error:
                yield Skipped(shown, error.cause)
            if stamp_of(os.fstat(file.fileno())) == before:
                stamp = before
    except SeedsError as error:
        yield Skipped(shown, error.cause)
    except OSError as error:
        yield Skipped(shown, why(error))
    yield FileDone(shown, stamp)
