"""Adding: a page, by its address, or a file becomes part of the seeds. No index is built here."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from qabot.articles.article import Article
from qabot.articles.isolated import Pool
from qabot.articles.limits import Limits
from qabot.articles.skipped import Skipped
from qabot.articles.walk import open_file, why
from qabot.errors import FetchError, SeedsError, one_line
from qabot.gathering.addresses import parse_address
from qabot.gathering.fetching import Fetched, Fetcher
from qabot.gathering.files import cannot_write, make_folder, safe_name, sync_folder
from qabot.gathering.pages import PageReader, holds_many, page_type, suffix_of
from qabot.gathering.saving import ADDED, folder_of
from qabot.gathering.shelf import Outcome, Placed, Shelf
from qabot.settings import Settings

_INCOMING = ".incoming-"
_STALE_SECONDS = 3600
"""Age at which what a killed process left half copied is removed."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Added:
    """What adding has put into the seeds.

    `path` is the file under the seeds folder. `title`, `source` and `published` are those of its first article,
    `articles` is how many it holds. `outcome`: "new"; "changed" if a page has another text than before; "already" if
    nothing was written, since the text is there. `note` is a phrase worth saying, or empty.
    """

    path: Path
    title: str
    source: str | None
    published: datetime | None
    articles: int
    outcome: Outcome
    note: str = ""

    @property
    def already(self) -> bool:
        """Whether nothing had to be written."""
        return self.outcome == "already"

    @classmethod
    def placed(cls, placed: Placed) -> Added:
        """Of a page."""
        article = placed.article
        return cls(placed.path, article.title, article.source, article.published, 1, placed.outcome, placed.note)


def add_url(
    url: str,
    settings: Settings,
    *,
    fetcher: Fetcher | None = None,
    reader: PageReader | None = None,
    ignore_robots: bool = False,
) -> Added:
    """Fetches a page and saves its article under seeds/added/, with the URL where it was found.

    Args:
        url: http(s); a page, a PDF, a .docx, plain text, or a file of many articles.
        settings: seeds and limits.
        fetcher: one for all addresses of a run keeps the pauses between them.
        reader: one for all keeps its process.
        ignore_robots: read it even if the site's robots.txt asks programs not to.

    Raises:
        ForbiddenAddressError: the address may not be fetched.
        FetchError: it cannot be fetched, or there is no article in it.
        WriteError: the seeds folder cannot be written.
    """
    fetched = (fetcher or Fetcher(settings)).fetch(url, wanted=page_type, ignore_robots=ignore_robots)
    if holds_many(suffix_of(fetched)):
        return _add_collection(fetched, settings)
    if reader is not None:
        article = reader.article(fetched)
    else:
        with closing(PageReader(settings)) as own_reader:
            article = own_reader.article(fetched)
    return Added.placed(Shelf(settings.seeds_folder, max_file_mb=settings.max_file_mb).place(article))


def add_file(path: Path, settings: Settings, *, name: str | None = None) -> Added:
    """Copies a file into seeds/added/, if there is at least one article in it.

    A file of the same name with another content stays; the new one is put beside it with a few letters more. A file
    that lies in the seeds folder already stays where it is.

    Args:
        path: the file.
        settings: seeds and limits.
        name: what it is to be called, if not as `path`; its suffix tells the reader. It need not be a safe name.

    Raises:
        SeedsError: it is no file, cannot be read, or holds no article.
        WriteError: the seeds folder cannot be written.
    """
    shown = one_line(name or path.name)[:100]
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise SeedsError(f"{shown} is a folder", f"Copy it into {settings.seeds_folder}: cp -r")
    try:
        real = path.resolve(strict=True)
        if name is None and real.is_relative_to(settings.seeds_folder.resolve()):
            return _tried(real, shown, settings).added(real, "already", "it is in the seeds folder")
        with open_file(real) as file:
            return _adopt(file, name or path.name, PurePosixPath(), settings)
    except SeedsError as error:
        whole = shown in error.cause
        raise error if whole else SeedsError(f"{shown} {error.cause}", error.mend) from error
    except FileNotFoundError as error:
        raise SeedsError(f"There is no file {shown}", "Check how it is written") from error
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        reason = why(error) if isinstance(error, OSError) else "cannot be read"
        raise SeedsError(f"{shown} {reason}", "Give access to it, or name another") from error


def _add_collection(fetched: Fetched, settings: Settings) -> Added:
    address = parse_address(fetched.final_url)
    last = PurePosixPath(unquote(urlsplit(address.url).path)).name
    suffix = suffix_of(fetched)
    name = last if last.lower().endswith(suffix) else f"{last or 'articles'}{suffix}"
    try:
        return _adopt(BytesIO(fetched.body), name, PurePosixPath(folder_of(address.url)), settings)
    except SeedsError as error:
        raise FetchError(f"{fetched.final_url} cannot be added: {error.cause}", error.mend) from error


def _adopt(file: BinaryIO, name: str, under: PurePosixPath, settings: Settings) -> Added:
    """Copies `file` into the folder `under` seeds/added/, tries to read it there, and puts it in its place."""
    added = settings.seeds_folder / ADDED
    kept = safe_name(re.split(r"[/\\]", name)[-1])
    if not kept:
        raise SeedsError(f"{one_line(name)[:100]!r} is no name for a file", "Rename it")
    try:
        make_folder(added, within=settings.seeds_folder)
        with _incoming(added) as folder:
            copy = folder / kept
            digest = _copy(file, copy)
            tried = _tried(copy, kept, settings)
            target = added / under
            make_folder(target, within=settings.seeds_folder)
            for place in (target / kept, target / _beside(kept, digest)):
                if _same(place, digest):
                    return tried.added(place, "already")
                if _put(copy, place):
                    sync_folder(target)
                    note = "" if place.name == kept else f"another {kept} is there already"
                    return tried.added(place, "new", note)
            raise SeedsError(f"two other files named {kept} are in {target} already", "Rename it")
    except OSError as error:
        raise cannot_write(added, error) from error


@dataclass(frozen=True, slots=True)
class _Tried:
    """What a file holds."""

    first: Article
    articles: int
    skipped: tuple[Skipped, ...]

    def added(self, path: Path, outcome: Outcome, note: str = "") -> Added:
        lost = f"{len(self.skipped):,} left out, as {self.skipped[0].reason}" if self.skipped else ""
        article = self.first
        together = "; ".join(filter(None, (note, lost)))
        return Added(path, article.title, article.source, article.published, self.articles, outcome, together)


def _tried(path: Path, shown: str, settings: Settings) -> _Tried:
    """Reads `path` to its end, in a process with limits.

    Raises:
        SeedsError: there is no article in it.
    """
    first: Article | None = None
    articles = 0
    skipped: list[Skipped] = []
    with closing(Pool(Limits.of(settings), 1)) as pool:
        for item in pool.results(pool.submit(path, shown)):
            if isinstance(item, Article):
                first = first or item
                articles += 1
            elif isinstance(item, Skipped) and not item.harmless:
                skipped.append(item)
    if first is None:
        reason = skipped[0].reason if skipped else "holds no article"
        raise SeedsError(f"{shown}: {reason}", "The README names the files that can be read")
    return _Tried(first, articles, tuple(skipped))


@contextmanager
def _incoming(added: Path) -> Iterator[Path]:
    """A hidden folder beside the added files, so that nothing half copied is ever read, and a rename stays one."""
    for old in added.glob(f"{_INCOMING}*"):
        if time.time() - old.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(mkdtemp(prefix=_INCOMING, dir=added))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(file: BinaryIO, path: Path) -> str:
    """Copies and syncs; gives the SHA-256 (hex) of what was copied."""
    digest = hashlib.sha256()
    with path.open("xb") as copy:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _put(copy: Path, place: Path) -> bool:
    """Names the copy `place`, unless there is something of that name, put there perhaps by another process just now."""
    try:
        place.hardlink_to(copy)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if os.path.lexists(place):
            return False
        copy.replace(place)
    return True


def _same(path: Path, digest: str) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _beside(name: str, digest: str) -> str:
    suffix = "".join(PurePosixPath(name).suffixes[-2:]) if name.lower().endswith(".gz") else PurePosixPath(name).suffix
    return f"{name.removesuffix(suffix)}-{digest[:8]}{suffix}"
