"""Seeds -> the store of a generation: what is new is split, what is unchanged is kept, what is left out is reported."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from qabot import __version__
from qabot.articles.article import Article
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.articles.readers import READING
from qabot.articles.reading import Item
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp
from qabot.encoders.encoder import Encoder
from qabot.errors import SeedsError
from qabot.index.generation import ARTICLES, Generation
from qabot.index.keys import MOST_PASSAGES
from qabot.index.progress import Progress
from qabot.index.splitting import Split, Splitter
from qabot.index.store import Store
from qabot.index.store_writer import MissedDuplicateError, StoreWriter
from qabot.settings import Settings

MOST_LISTED = 100_000
"""Things left out that are listed; they are some 40 MB. Further ones are counted."""


@dataclass(slots=True)
class Omissions:
    """What was left out: in order, as far as it is listed, and how many more."""

    listed: list[Skipped] = field(default_factory=list)
    more: int = 0

    def add(self, item: Skipped) -> None:
        if len(self.listed) < MOST_LISTED:
            self.listed.append(item)
        else:
            self.more += 1


def reading_digest(settings: Settings) -> str:
    """A digest of what, besides a file, decides what is read of it: the limits, the readers, the version of qabot."""
    return hashlib.sha256(repr((__version__, READING, Limits.of(settings))).encode()).hexdigest()


def read_articles(
    folder: Path,
    settings: Settings,
    encoder: Encoder,
    before: Generation | None,
    *,
    strict: bool,
    jobs: int,
    progress: Progress,
) -> tuple[StoreWriter, Omissions]:
    """Reads the seeds into a store that is still open.

    Args:
        folder: of the generation to make.
        settings: where the seeds are, and the limits.
        encoder: counts word pieces.
        before: the generation before; files that are as they were then are not read.
        strict: make an error of the first thing that is lost.
        jobs: processes that read, and as many that split.
        progress: hears of each article.

    Raises:
        SeedsError: there is no article, or strict mode met something that is lost.
    """
    missed: set[str] = set()
    while True:
        source = (before.folder / ARTICLES, before.manifest.files[ARTICLES]) if before else None
        writer = StoreWriter(folder / ARTICLES, source)
        trusted = before and before.manifest.reading == reading_digest(settings)
        known: Mapping[str, Stamp] = _Known(before.store, missed) if before and trusted else {}
        progress.stage("Reading articles", None)
        try:
            with Splitter(encoder, settings.passage_tokens, jobs) as splitter:
                omissions = _read(writer, splitter, settings, known, strict, jobs, progress)
        except MissedDuplicateError as error:
            writer.discard()
            missed.add(error.path)
            continue
        except BaseException:
            writer.discard()
            raise
        return writer, omissions


class _Known(Mapping[str, Stamp]):
    """The stamps of the files that the generation before was made of, looked up as they are asked for."""

    def __init__(self, store: Store, missed: set[str]) -> None:
        self._store = store
        self._missed = missed

    def __getitem__(self, path: str) -> Stamp:
        stamp = None if path in self._missed else self._store.stamp(path)
        if stamp is None:
            raise KeyError(path)
        return stamp

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._store.files() if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _read(
    writer: StoreWriter,
    splitter: Splitter,
    settings: Settings,
    known: Mapping[str, Stamp],
    strict: bool,
    jobs: int,
    progress: Progress,
) -> Omissions:
    omissions = Omissions()
    of_file: list[Skipped] = []

    def leave_out(item: Skipped) -> None:
        if strict and not item.harmless:
            raise SeedsError(f"{item.path}: {item.reason}", "Mend or remove it, or leave --strict out")
        omissions.add(item)

    def index(articles: Iterator[tuple[int, Split]]) -> None:
        for key, split in articles:
            writer.put_passages(key, split.passages[:MOST_PASSAGES], split.look)
            if len(split.passages) > MOST_PASSAGES:
                of_file.append(
                    Skipped(writer.article(key).path, f"only its first {MOST_PASSAGES:,} passages are indexed")
                )
                leave_out(of_file[-1])

    count = 0
    reading = read_folder(settings.seeds_folder, Limits.of(settings), jobs=jobs, known=known)
    with closing(cast("Generator[Item]", reading)) as items:
        for item in items:
            if isinstance(item, Article):
                stored = writer.put(item)
                if stored.duplicate:
                    leave_out(stored.duplicate)
                elif stored.key is not None and stored.new:
                    index(splitter.split(stored.key, item))
                count += stored.key is not None
                progress.advance(1)
            elif isinstance(item, Skipped):
                leave_out(item)
                of_file.append(item)
            elif item.unchanged:
                for left in writer.keep_file(item.path):
                    leave_out(left)
                kept = writer.articles_kept(item.path)
                count += kept
                progress.advance(kept)
            else:
                writer.finish_file(item.path, item.stamp, [one for one in of_file if one.path.startswith(item.path)])
                of_file.clear()
        index(splitter.rest())
    writer.finish_files()
    if not count:
        first = f" ({omissions.listed[0]})" if omissions.listed else ""
        raise SeedsError(
            f"There is no article in {settings.seeds_folder}{first}",
            "Put articles there: .txt, .md, .html, .pdf, .jsonl. An index in service stays as it is",
        )
    return omissions
