"""Collecting: old generations that nobody reads, and what killed builds left, are removed."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from qabot.errors import StaleIndexError, WriteError
from qabot.index.generation import open_current
from qabot.index.publishing import alone, current_generation, leftovers, remove_older
from qabot.settings import Settings


@dataclass(frozen=True, slots=True)
class Collected:
    """Ids of generations that were removed; of those that were left because a process reads them; bytes set free."""

    removed: tuple[str, ...]
    held: tuple[str, ...]
    leftovers: int
    freed: int


def collect(settings: Settings, keep: int | None = None) -> Collected:
    """Removes all generations but the one that serves, the newest `keep`, and those that a process reads.

    Args:
        settings: where they are, and how many to keep if `keep` is not given.
        keep: instead of the setting; at least 1.

    Raises:
        NoIndexError: there is none.
        DamagedIndexError: none is whole; then all stay, as somebody may want to look at them.
        BuildInProgressError: another process builds.
        WriteError: the folder cannot be written.
    """
    generations = settings.generations_folder
    serving = _serving(settings)
    try:
        before = _bytes(generations)
        left = len(leftovers(generations))
        with alone(generations):
            removed, held = remove_older(generations, keep or settings.keep_generations, serving)
    except OSError as error:
        cause = f"{generations} cannot be written: {error.strerror}"
        raise WriteError(cause, "Give access; then: qabot gc") from error
    freed = before - _bytes(generations)
    return Collected(tuple(path.name for path in removed), tuple(path.name for path in held), left, freed)


def _serving(settings: Settings) -> Path:
    try:
        with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
            return generation.folder
    except StaleIndexError:  # another version of qabot wrote it and may serve it
        return current_generation(settings.generations_folder)


def _bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a build that runs changes what is there
            total += path.lstat().st_size
    return total
