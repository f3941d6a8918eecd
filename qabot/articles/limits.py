"""Limits: how large a file may be and how long it may take to read, so that no file can stop a build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qabot.errors import SeedsError

if TYPE_CHECKING:  # pydantic takes as long to load as a process that reads takes to start
    from qabot.settings import Settings

MEGABYTE = 1_000_000

DEEPEST = 3
"""Archives and messages in one another that are opened; what lies deeper is reported."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings of reading by the names and units they have in config/qabot.toml; all are of one file.

    A format that is read as a stream (`.jsonl`, `.csv`, archives) may be of any size: `max_file_mb` is then on a record
    or a file in it. `max_read_seconds` is on one article where a file holds many. `max_memory_mb` is what a process
    that reads may use.
    """

    max_file_mb: int = 100
    max_unpacked_mb: int = 500
    max_pages: int = 2000
    max_read_seconds: float = 30
    max_memory_mb: int = 1000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(
            settings.max_file_mb,
            settings.max_unpacked_mb,
            settings.max_pages,
            settings.max_read_seconds,
            settings.max_memory_mb,
        )

    @property
    def file_bytes(self) -> int:
        return self.max_file_mb * MEGABYTE

    @property
    def unpacked_bytes(self) -> int:
        return self.max_unpacked_mb * MEGABYTE


class Budget:
    """What one file of the seeds, with all that is packed in it, may still unpack to.

    `depth` counts the archives and messages around what is being read.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.unpacked_bytes
        self.depth = 0

    def spend(self, size: int) -> None:
        """Takes `size` unpacked bytes off what is left.

        Raises:
            SeedsError: there is not so much left.
        """
        if size > self.left:
            raise SeedsError(f"unpacks to more than max_unpacked_mb = {self.limits.max_unpacked_mb}")
        self.left -= size

    def foresee(self, size: int) -> None:
        """Raises:
        SeedsError: `size` bytes, which something packed says that it unpacks to, are more than is left.
        """
        if size > self.left:
            before = "" if self.left == self.limits.unpacked_bytes else " with what came before it"
            most = self.limits.max_unpacked_mb
            raise SeedsError(f"unpacks to {size / MEGABYTE:,.0f} MB,{before} more than max_unpacked_mb = {most}")

    def refuse_large(self, size: int) -> None:
        """Raises:
        SeedsError: `size` bytes are more than a file may have.
        """
        if size > self.limits.file_bytes:
            raise SeedsError(f"has {size / MEGABYTE:,.1f} MB, more than max_file_mb = {self.limits.max_file_mb}")
