"""Skipped: the report of something in the seeds folder that was left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, a record of a file, or (rarely) a field that was left out.

    `path` is relative to the seeds folder and fits on one line ("news/a.jsonl:17").
    `reason` is a phrase without a full stop. It continues the path: "news/a.png: no reader for .png".
    `harmless` things lose nothing that could be asked about, and are no error in strict mode.
    """

    path: str
    reason: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
