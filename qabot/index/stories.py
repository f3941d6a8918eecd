"""Stories: which articles of a store tell the same in nearly the same words. What earlier builds found is used again.

The outcome depends on the articles alone. A new one can make a fixture of a sentence, and then the articles that hold
it look different; so fixtures and stories are told anew at each build, from what is kept of each article, and only the
texts that look different now are read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.index.clusters import Digests, first_rows, leaders
from qabot.index.fixtures import OFTEN, OFTEN_WITHOUT_OUTLET, Marks, frequent
from qabot.index.looks import digest, held, own_text, signed
from qabot.index.progress import Progress
from qabot.index.resemblance import Shingled, same_story
from qabot.index.shingles import PERMUTATIONS
from qabot.index.store_writer import StoreWriter

_AT_ONCE = 2000
"""Articles whose looks are held."""

_TEXTS_HELD = 256
"""Texts that are kept ready for comparison; one takes some 30 kB."""

_UNDATED = "9999"
"""Sorts after every date."""

_PROOF = 8
"""Bytes that stand for how an article looks."""

_MEMORY_SHARE = 4
"""A part of the allowed memory is used to count sentences."""


def write_stories(writer: StoreWriter, folder: Path, memory: int, progress: Progress) -> None:
    """Finds the stories and stores them.

    For every article that is not alone, the first article of its story is stored: the earliest, and among equally old
    ones that with the least id. The first article is its own.

    Args:
        writer: of the store, before it is closed.
        folder: for a file that is gone afterwards.
        memory: bytes that may be used to count sentences.
        progress: hears how far it is.
    """
    count = int(writer.db.execute("SELECT count(*) FROM looks").fetchone()[0])
    progress.stage("Finding repeated sentences", count)
    looked = _Looked(writer, count)
    often = _leave_out_fixtures(writer, looked, memory, progress)
    order, story = _stories(writer, looked, _Comparisons(writer, often), folder, progress)
    keys = looked.keys[order]
    several = np.bincount(story, minlength=len(story))[story] > 1
    rows = zip(keys[several].tolist(), keys[story[several]].tolist(), strict=True)
    writer.db.execute("DELETE FROM stories")
    writer.db.executemany("INSERT INTO stories VALUES (?, ?)", sorted(rows))
    # Of articles that have gone; those that only look different are replaced when they are compared again.
    gone = (
        "DELETE FROM comparisons WHERE one NOT IN (SELECT key FROM articles) OR other NOT IN (SELECT key FROM articles)"
    )
    writer.db.execute(gone)


class _Looked:
    """The digests of all articles by ascending key.

    `counted` tells which are counted: versions that differ in nothing are one. `notice` tells whose text its outlet
    prints under many headlines: it is no article but stands in its place ("Please register to go on"), and does not
    make them one story.
    """

    def __init__(self, writer: StoreWriter, count: int) -> None:
        self.keys = np.empty(count, np.int64)
        self.texts: Digests = np.empty(count, "V16")
        self.sourced = np.empty(count, np.bool_)
        self.marks = np.empty(count, np.int64)
        pages, versions = np.empty(count, "V16"), np.empty(count, "V16")
        rows = writer.db.execute(
            "SELECT article, looks.text, page, version, coalesce(source, '') != '', length(marks)"
            " FROM looks JOIN articles ON key = article ORDER BY article"
        )
        for at, (key, text, page, version, sourced, length) in enumerate(rows):
            self.keys[at], self.texts[at], pages[at], versions[at] = key, text, page, version
            self.sourced[at], self.marks[at] = sourced, length // np.dtype(np.uint32).itemsize
        everywhere = np.ones(count, np.bool_)
        self.counted = first_rows(versions, everywhere) == np.arange(count)
        page = first_rows(pages, everywhere)
        self.notice: NDArray[np.bool_] = np.bincount(page[self.counted], minlength=count)[page] > OFTEN

    def rows(self, keys: list[int]) -> NDArray[np.intp]:
        return np.searchsorted(self.keys, keys)


def _leave_out_fixtures(writer: StoreWriter, looked: _Looked, memory: int, progress: Progress) -> dict[bool, Marks]:
    """Has every look's signature without its outlet's fixtures.

    Gives the fixtures' marks, ascending, of articles with an outlet (True) and without.
    """
    often: dict[bool, Marks] = {}
    for sourced, more_than in ((True, OFTEN), (False, OFTEN_WITHOUT_OUTLET)):
        among = looked.counted & (looked.sourced == sourced)

        def blocks(among: NDArray[np.bool_] = among) -> Iterator[Marks]:
            for keys, columns in _blocks(writer, "marks"):
                wanted = among[looked.rows(keys)]
                yield np.frombuffer(
                    b"".join(marks for (marks,), one in zip(columns, wanted, strict=True) if one), np.uint32
                )

        often[sourced] = frequent(blocks, int(looked.marks[among].sum()), more_than, memory // _MEMORY_SHARE)
    for keys, columns in _blocks(writer, "marks, fixtures"):
        rows = looked.rows(keys)
        for key, row, (marks, before) in zip(keys, rows.tolist(), columns, strict=True):
            fixtures = often[bool(looked.sourced[row])]
            mine = np.frombuffer(marks, np.uint32)
            now = digest(mine[held(mine, fixtures)].tobytes()) if len(fixtures) and held(mine, fixtures).any() else b""
            if now != before:
                signature = signed(own_text(writer.article(key), fixtures))
                writer.db.execute(
                    "UPDATE looks SET fixtures = ?, signature = ? WHERE article = ?", (now, signature, key)
                )
        progress.advance(len(keys))
    return often


def _stories(
    writer: StoreWriter, looked: _Looked, compared: _Comparisons, folder: Path, progress: Progress
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of `looked` by date and id, and for each of these the place in this order of its story's first."""
    by_day = "SELECT key FROM articles ORDER BY coalesce(published, ?), id"
    keys = np.fromiter((key for (key,) in writer.db.execute(by_day, (_UNDATED,))), np.int64, len(looked.keys))
    order = np.searchsorted(looked.keys, keys)
    first = first_rows(looked.texts[order], ~looked.notice[order])
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    resembling = np.zeros(len(order), np.bool_)
    for block, columns in _blocks(writer, "length(signature)"):
        resembling[place[looked.rows(block)]] = [length > 0 for (length,) in columns]
    chosen = np.flatnonzero(resembling & (first == np.arange(len(order))))
    progress.stage("Finding repeated stories", len(chosen))
    with TemporaryFile(dir=folder) as file:
        signatures = np.empty((0, PERMUTATIONS), np.uint32)
        if len(chosen):
            signatures = np.memmap(file, np.uint32, "w+", shape=(len(chosen), PERMUTATIONS))
            at = np.full(len(order), -1)
            at[chosen] = np.arange(len(chosen))
            for block, columns in _blocks(writer, "signature"):
                for row, (signature,) in zip(at[place[looked.rows(block)]].tolist(), columns, strict=True):
                    if row >= 0:
                        signatures[row] = np.frombuffer(signature, np.uint32)
        chosen_keys = keys[chosen].tolist()
        found = leaders(signatures, lambda one, other: compared(chosen_keys[one], chosen_keys[other]), progress.advance)
        story = np.arange(len(order))
        story[chosen] = chosen[found]
    return order, story[first]


class _Comparisons:
    """How much two articles resemble each other; kept from build to build, as long as both look the same."""

    def __init__(self, writer: StoreWriter, often: dict[bool, Marks]) -> None:
        self._writer = writer
        self._often = often
        self._text = lru_cache(_TEXTS_HELD)(self._shingled)
        self._look = lru_cache(_TEXTS_HELD)(self._digest)

    def __call__(self, one: int, other: int) -> float:
        proof = self._look(one) + self._look(other)
        pair = "SELECT likeness FROM comparisons WHERE one = ? AND other = ? AND proof = ?"
        if known := self._writer.db.execute(pair, (one, other, proof)).fetchone():
            return float(known[0])
        likeness = same_story(self._text(one), self._text(other))
        self._writer.db.execute("INSERT OR REPLACE INTO comparisons VALUES (?, ?, ?, ?)", (one, other, proof, likeness))
        return likeness

    def _shingled(self, key: int) -> Shingled:
        article = self._writer.article(key)
        return Shingled(own_text(article, self._often[bool(article.source)]))

    def _digest(self, key: int) -> bytes:
        query = "SELECT text_hash, fixtures FROM articles JOIN looks ON article = key WHERE key = ?"
        return digest(*self._writer.db.execute(query, (key,)).fetchone())[:_PROOF]


def _blocks(writer: StoreWriter, columns: str) -> Iterator[tuple[list[int], list[Any]]]:
    """All looks in blocks by ascending key: the articles' keys, and those columns of each."""
    last = -1
    query = f"SELECT article, {columns} FROM looks WHERE article > ? ORDER BY article LIMIT ?"  # noqa: S608
    while rows := writer.db.execute(query, (last, _AT_ONCE)).fetchall():
        last = rows[-1][0]
        yield [row[0] for row in rows], [row[1:] for row in rows]
