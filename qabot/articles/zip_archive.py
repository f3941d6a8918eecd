"""ZIP archives of everything that can be read; names in them are only names, and nothing is unpacked to the disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from qabot.articles.article import Article
from qabot.articles.decoding import decode
from qabot.articles.docx import read_docx
from qabot.articles.limits import Budget
from qabot.articles.packed import Metered, read_packed
from qabot.articles.records import NAMED
from qabot.articles.skipped import Skipped
from qabot.articles.walk import shown_name, why
from qabot.errors import SeedsError

MOST_ENTRIES = 100_000

_ENCRYPTED = 0x1
_UTF8 = 0x800
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
"""Entries of documents and programs that are ZIP archives within: their parts are no articles."""


def read_zip(file: BinaryIO, path: str, budget: Budget) -> Iterator[Article | Skipped]:
    """The articles in the files of an archive, in its order, and what was left out.

    Files in it are shown as `a.zip/b.txt`; hidden ones are passed over as in a folder. What cannot be unpacked is
    reported, and the rest is read. A .docx under another name is read as such.

    Args:
        file: open at its start.
        path: relative to the seeds folder, with `/` between the names.
        budget: what it may unpack to.

    Raises:
        SeedsError: it is no archive, is damaged, or unpacks to too much.
        OSError: it cannot be read.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SeedsError("is a damaged ZIP archive") from error
    with archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if "word/document.xml" in names:
            file.seek(0)
            yield from read_docx(file, path, budget)
            return
        if names & _OFFICE:
            raise SeedsError("is a document or program of a kind that has no reader")
        _refuse_bomb(entries, budget)
        reported = 0
        for item in _read_entries(archive, entries, path, budget):
            reported += isinstance(item, Skipped)
            if isinstance(item, Article) or reported <= NAMED:
                yield item
        if reported > NAMED:
            yield Skipped(path, f"{reported - NAMED:,} more left out like those named before")


def _refuse_bomb(entries: list[zipfile.ZipInfo], budget: Budget) -> None:
    if len(entries) > MOST_ENTRIES:
        raise SeedsError(f"holds {len(entries):,} files, more than {MOST_ENTRIES:,}")
    budget.foresee(sum(entry.file_size for entry in entries))


def _read_entries(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], path: str, budget: Budget
) -> Iterator[Article | Skipped]:
    for entry in entries:
        steps = [step for step in _name(entry).split("/") if step not in ("", ".", "..")]
        if entry.is_dir() or not steps or any(step.startswith((".", "__MACOSX")) for step in steps):
            continue
        shown = f"{path}/{shown_name('/'.join(steps))}"
        try:
            _refuse_closed(entry)
            with archive.open(entry) as unpacked:
                yield from read_packed(Metered(unpacked, budget), PurePosixPath(steps[-1]).name, shown, budget)
        except SeedsError as error:
            yield Skipped(shown, error.cause)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            # RuntimeError and ValueError: what zipfile raises for entries that contradict themselves
            told = "packed in a way that is not supported" if isinstance(error, NotImplementedError) else "damaged"
            yield Skipped(shown, f"is {told} and cannot be unpacked")
        except OSError as error:
            yield Skipped(shown, why(error))


def _refuse_closed(entry: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise SeedsError("is a link")
    if entry.flag_bits & _ENCRYPTED:
        raise SeedsError("is encrypted")


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name. One that is not marked as UTF-8 is in the code page of who packed it; zipfile takes cp437."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return decode(entry.filename.encode("cp437"))
    except (UnicodeEncodeError, SeedsError):
        return entry.filename
