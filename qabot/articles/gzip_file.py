"""Files packed by gzip, `.jsonl.gz` above all: what is in them is read as it would be unpacked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from qabot.articles.article import Article
from qabot.articles.limits import Budget
from qabot.articles.packed import Metered, read_packed
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError


def read_gzip(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """What the file holds, by the reader for its name without `.gz`.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: what it may unpack to.

    Raises:
        SeedsError: it is damaged, unpacks to too much, or there is no reader for what is in it.
        OSError: it cannot be read.
    """
    name = path.rpartition("/")[2]
    inner = name[:-3] if name.lower().endswith(".gz") else name
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield from read_packed(Metered(cast("IO[bytes]", unpacked), budget), inner, path, budget)
    except gzip.BadGzipFile as error:
        raise SeedsError("is damaged gzip data") from error
