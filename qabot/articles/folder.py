"""A folder of seeds to articles: each file by the reader of its kind, each omission said, in an order that stays."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from qabot.articles.isolated import Pool, Ticket
from qabot.articles.limits import MEGABYTE, Limits
from qabot.articles.readers import HEAD, KINDS, PLAIN, kind_of
from qabot.articles.reading import FileDone, Item, read_file
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp, stamp_of
from qabot.articles.walk import open_file, shown_path, walk, why
from qabot.errors import SeedsError

__all__ = ["FileDone", "read_folder"]

_AHEAD = 8
"""Files that each process is ahead of what is being taken: enough to keep it busy, few enough to bound memory."""

_INSTANT_FILES = 200
_INSTANT_BYTES = 2 * MEGABYTE
"""Plain files that are read here before processes are started for them: they take less time than a start."""

NOTHING_KNOWN: Mapping[str, Stamp] = MappingProxyType({})


def read_folder(
    seeds: Path, limits: Limits, *, jobs: int = 1, known: Mapping[str, Stamp] = NOTHING_KNOWN
) -> Iterator[Item]:
    """The articles under `seeds`, in an order that is the same everywhere, and a Skipped for all that was left out.

    After the items of a file comes its FileDone. Two articles may have one id. Memory is bounded: as many files as
    there are processes are open, and a few of their articles wait. Formats that can blow up are read in processes of
    their own; close the iterator if it is not exhausted.

    Args:
        seeds: a folder, or a single file.
        limits: what is too large or takes too long.
        jobs: processes that read, at least one.
        known: stamps by the path of FileDone; a file that still has its stamp is not read.

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
    return _read_all(_Sorter(root, limits, jobs, known), paths, jobs)


@dataclass(frozen=True, slots=True)
class _Here:
    """A plain file that is read in this process when its turn comes."""

    path: Path
    shown: str


class _Sorter:
    """Decides how each file is read, and has those that are read elsewhere begun."""

    def __init__(self, root: Path, limits: Limits, jobs: int, known: Mapping[str, Stamp]) -> None:
        self.root = root
        self.limits = limits
        self.pool = Pool(limits, jobs)
        self._many_jobs = jobs > 1
        self._known = known
        self._plain_files = self._plain_bytes = 0

    def plan(self, path: Path | Skipped) -> list[Item] | _Here | Ticket:
        if isinstance(path, Skipped):
            return [path]
        shown = shown_path(path, self.root)
        try:
            stamp = stamp_of(path.lstat())
            if self._known.get(shown) == stamp:
                return [FileDone(shown, stamp, unchanged=True)]
            if self._is_plain(path) and not self._is_worth_a_process(stamp.size):
                return _Here(path, shown)
        except SeedsError as error:
            return [Skipped(shown, error.cause), FileDone(shown, stamp)]
        except OSError as error:
            return [Skipped(shown, why(error)), FileDone(shown, None)]
        return self.pool.submit(path, shown)

    def _is_plain(self, path: Path) -> bool:
        by_name = KINDS.get(PurePosixPath(path.name).suffix.lower())
        if by_name and by_name not in PLAIN:
            return False
        with open_file(path) as file:
            return kind_of(path.name, file.read(HEAD)) in PLAIN

    def _is_worth_a_process(self, size: int) -> bool:
        self._plain_files += 1
        self._plain_bytes += size
        return self._many_jobs and (self._plain_files > _INSTANT_FILES or self._plain_bytes > _INSTANT_BYTES)


def _read_all(sorter: _Sorter, paths: Iterator[Path | Skipped], jobs: int) -> Iterator[Item]:
    with closing(sorter.pool) as pool:
        planned = map(sorter.plan, paths)
        ahead = deque(islice(planned, _AHEAD * jobs))
        while ahead:
            plan = ahead.popleft()
            ahead.extend(islice(planned, 1))
            if isinstance(plan, _Here):
                yield from read_file(plan.path, plan.shown, sorter.limits)
            elif isinstance(plan, Ticket):
                yield from pool.results(plan)
            else:
                yield from plan
