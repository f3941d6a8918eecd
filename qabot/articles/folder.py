"""A folder of seeds to articles: each file by the reader of its suffix, each article once, each omission said."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from qabot.articles.article import Article
from qabot.articles.jsonl import read_jsonl
from qabot.articles.plain_text import read_markdown, read_text
from qabot.articles.skipped import Skipped
from qabot.articles.walk import open_file, shown_path, walk, why
from qabot.errors import SeedsError

Reader = Callable[[BinaryIO, str, int], Iterator[Article | Skipped]]
"""(open file, path to show, limit in bytes) -> its articles; raises SeedsError or OSError for a file it cannot read."""

READERS: dict[str, Reader] = {".jsonl": read_jsonl, ".md": read_markdown, ".txt": read_text}
_STREAMED = frozenset({".jsonl"})
"""Suffixes whose readers hold one record at a time: their limit is on a record, not on the file."""


def read_folder(seeds: Path, *, max_file_mb: int) -> Iterator[Article | Skipped]:
    """The articles under `seeds`, in an order that is the same everywhere, and a Skipped for all that was left out.

    An article's id is unique: a second one with the same text is a harmless Skipped, one with another text a
    Skipped that names both places. Articles are made one at a time; only their ids and hashes are kept.

    Args:
        seeds: a folder, or a single file.
        max_file_mb: most megabytes (1,000,000 bytes) of a text file, and of a line of a `.jsonl` file.

    Raises:
        SeedsError: `seeds` is missing or cannot be read. What is inside never raises.
    """
    paths: Iterator[Path | Skipped]
    try:
        if seeds.is_file():
            file = seeds.resolve()
            root, paths = file.parent, iter([file])
        else:
            with os.scandir(seeds):  # so that a folder that cannot be read is an error now, not an empty one later
                root, paths = seeds, walk(seeds)
    except FileNotFoundError as error:
        raise SeedsError(
            f"There is no seeds folder {seeds}", "Make one: qabot init, or name one: --seeds FOLDER"
        ) from error
    except NotADirectoryError as error:
        raise SeedsError(f"{seeds} is no folder", "Name a folder of articles: --seeds FOLDER") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        mend = "Allow reading it, or name another: --seeds FOLDER"
        raise SeedsError(f"The seeds folder {seeds} cannot be read: {reason}", mend) from error
    return _once(_read_all(paths, root, max_file_mb * 1_000_000))


def _read_all(paths: Iterator[Path | Skipped], root: Path, limit: int) -> Iterator[Article | Skipped]:
    for path in paths:
        if isinstance(path, Skipped):
            yield path
            continue
        shown = shown_path(path, root)
        try:
            yield from _read(path, shown, limit)
        except SeedsError as error:
            yield Skipped(shown, error.cause)
        except OSError as error:
            yield Skipped(shown, why(error))


def _read(path: Path, shown: str, limit: int) -> Iterator[Article | Skipped]:
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise SeedsError(f"no reader for {suffix or 'a file without suffix'}")
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if suffix not in _STREAMED and size > limit:
            raise SeedsError(f"has {size / 1_000_000:,.1f} MB, more than max_file_mb = {limit // 1_000_000}")
        yield from reader(file, shown, limit)


def _once(items: Iterator[Article | Skipped]) -> Iterator[Article | Skipped]:
    # The hash of the text and the place share one object: millions of ids have to fit in memory.
    seen: dict[str, bytes] = {}
    for item in items:
        if isinstance(item, Skipped):
            yield item
            continue
        digest = hashlib.sha256(item.text.encode()).digest()[:16]
        first = seen.get(item.id)
        if first is None:
            seen[item.id] = digest + item.path.encode()
            yield item
        elif first[:16] == digest:
            yield Skipped(item.path, f"same as {first[16:].decode()}", harmless=True)
        else:
            yield Skipped(item.path, f"has the id {item.id!r} of {first[16:].decode()}, but another text")
