"""Progress: how a long build tells what it is doing. Channels draw it; this one is silent."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of the stages of a build, one after the other."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; `total` is its number of steps, or None if unknown."""

    def advance(self, steps: int) -> None:
        """`steps` more of the current stage are done."""


class Silent:
    """Says nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing to say."""

    def advance(self, steps: int) -> None:
        """Nothing to say."""
