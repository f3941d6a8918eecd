"""Building: the index is built while the bot goes on answering, one build at a time."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qabot.answering.live import LiveEngine
from qabot.errors import BuildInProgressError
from qabot.settings import Settings

if TYPE_CHECKING:
    from qabot.index.building import Build


_TRIES, _PAUSE_SECONDS = 300, 1.0
"""Where another process is building: how often it is asked again whether it has finished."""


@dataclass(slots=True)
class Stage:
    """How far a build is. It is written by the thread that builds and read by the event loop."""

    name: str = "Starting"
    done: int = 0
    total: int | None = None

    def stage(self, name: str, total: int | None) -> None:
        """See `Progress`."""
        self.name, self.done, self.total = name, 0, total

    def advance(self, steps: int) -> None:
        """See `Progress`."""
        self.done += steps


class Builder:
    """Builds the index in a process of its own and puts it into service.

    Args:
        settings: what to build.
        engine: serves the new generation as soon as it is there.
    """

    def __init__(self, settings: Settings, engine: LiveEngine) -> None:
        self._settings = settings
        self._engine = engine
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._cancelled = threading.Event()

    @property
    def busy(self) -> bool:
        """Whether a build is running."""
        return self._turn.locked()

    @property
    def planned(self) -> bool:
        """Whether another one follows the one that is running: it will find what was added until then."""
        return self._waiting > 0

    async def build(self, stage: Stage) -> Build:
        """Builds, after the build that is running, if there is one.

        Raises:
            BuildCancelledError: `cancel` was called.
            QabotError: whatever keeps a build from being made; the generation in service stays.
        """
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            self._cancelled = threading.Event()
            build = await self._build(stage)
            await asyncio.to_thread(self._engine.refresh)
        finally:
            self._cancelled.set()
            self._turn.release()
        return build

    async def _build(self, stage: Stage) -> Build:
        from qabot.index.background import build_in_background  # noqa: PLC0415 - a bot rarely builds

        tries = 0
        while True:
            try:
                return await asyncio.to_thread(build_in_background, self._settings, stage, cancelled=self._cancelled)
            except BuildInProgressError:
                # `qabot watch`, most likely; what was added may be too late for its build.
                tries += 1
                if tries > _TRIES or self._cancelled.is_set():
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)

    def cancel(self) -> None:
        """Ends the build that is running."""
        self._cancelled.set()
