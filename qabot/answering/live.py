"""LiveEngine: answers from whichever generation is in service, while new ones are published beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from qabot.answering.answer import Answer
from qabot.answering.engine import Engine, engine_of
from qabot.encoders.encoder import Encoder
from qabot.encoders.models import load_encoder, load_maker
from qabot.errors import DamagedIndexError, NoIndexError, QabotError, StaleIndexError
from qabot.index.generation import open_current
from qabot.index.publishing import CURRENT
from qabot.questions.conversation import Conversation
from qabot.reader.loading import load_readers
from qabot.settings import Settings, load_settings

LOOK_SECONDS = 0.5
"""Between two looks for a new generation, each of which is one stat of CURRENT."""

_log = logging.getLogger(__name__)

_Mark = tuple[int, int, int] | None
"""What tells one CURRENT from the next: inode, size and time of change; None if there is no such file."""


class LiveEngine:
    """An engine that changes to a new generation by itself. Safe to use from several threads.

    A new generation is opened beside the one that serves and then takes its place; questions that were being answered
    end on the old one, which is closed after the last of them. So an answer never mixes two. A new one that cannot be
    used is told by `notice`, and tried again when CURRENT changes.

    An index that another model made than the settings name, as after the default has changed, is served with the model
    that made it, if that one is here; `notice` says so.

    Use it as a context manager, or call `close` at the end.

    Args:
        settings: as `open_engine` takes them.
        allow_empty: begin without an index that can be used, too; `ask` raises NoIndexError until one is published.
        look_seconds: between two looks for a new generation.

    Raises:
        SettingsError, EncoderError: see their modules.
        NoIndexError: nothing has been built yet, unless `allow_empty`.
        DamagedIndexError: no generation is whole, unless `allow_empty`.
        StaleIndexError: the index was made by a model that is not here, other settings or another version, unless
            `allow_empty`.
    """

    def __init__(
        self, settings: Settings | None = None, *, allow_empty: bool = False, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self.settings = settings or load_settings()
        self.notice: str | None = None
        self._current = self.settings.generations_folder / CURRENT
        self._encoder = load_encoder(self.settings)
        self._borrowed = False
        self._readers = load_readers(self.settings)
        if self._readers:
            self._readers.check()
        self._counting = threading.Lock()
        self._looking = threading.Lock()
        self._closed = threading.Event()
        self._mark = _mark(self._current)
        self._served: _Served | None = None
        self._missing: QabotError = NoIndexError("There is no index yet", "Build it: qabot index")
        try:
            self._serve(*self._open())
        except (NoIndexError, DamagedIndexError, StaleIndexError) as error:
            if not allow_empty:
                raise
            self._missing = error
            self._tell(str(error))
        self._thread = threading.Thread(target=self._look, args=(look_seconds,), name="qabot-live", daemon=True)
        self._thread.start()

    @property
    def generation_id(self) -> str | None:
        """The generation that serves; None before the first one is published."""
        served = self._served
        return served.engine.generation.id if served else None

    @contextmanager
    def hold(self) -> Iterator[Engine]:
        """The engine that serves now; it stays open until the block ends, whatever is published meanwhile.

        Raises:
            NoIndexError: none that can be used has been published yet.
        """
        with self._counting:
            if self._closed.is_set():
                raise RuntimeError("the LiveEngine is closed")
            served = self._served
            if served is None:
                raise NoIndexError(self._missing.cause, self._missing.mend)
            served.holders += 1
        try:
            yield served.engine
        finally:
            self._let_go(served)

    def ask(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        now: date | None = None,
        quotes: int | None = None,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        threshold: float | None = None,
        quick: bool = False,
    ) -> Answer:
        """The answer to `question`, all of it from one generation; arguments and errors as `Engine.ask` has them.

        Raises:
            NoIndexError: none that can be used has been published yet.
        """
        with self.hold() as engine:
            return engine.ask(
                question,
                conversation=conversation,
                now=now,
                quotes=quotes,
                source=source,
                since=since,
                until=until,
                threshold=threshold,
                quick=quick,
            )

    def refresh(self) -> bool:
        """Looks for a new generation now, and serves it if it can be used. True if another one serves than before."""
        with self._looking:
            mark = _mark(self._current)
            if mark == self._mark or self._closed.is_set():
                return False
            self._mark = mark
            serving = self.generation_id
            try:
                engine, notice = self._open()
            except QabotError as error:
                self._missing = error
                self._tell(f"{error} Until then {serving} serves." if serving else str(error))
                return False
            if serving == engine.generation.id or (engine.generation.notice and engine.generation.id < (serving or "")):
                # The new one is damaged, and of the good ones on disk none is newer than the one that serves.
                self._tell(engine.generation.notice)
                engine.close()
                return False
            self._serve(engine, notice)
            return True

    def close(self) -> None:
        """Ends the looking; the engine is closed when the last question that is being answered ends."""
        self._closed.set()
        self._thread.join()
        with self._looking:
            self._replace(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _look(self, seconds: float) -> None:
        while not self._closed.wait(seconds):
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next generation must still be found
                _log.exception("A new generation cannot be opened")
                self.notice = f"A new generation cannot be opened: {type(error).__name__}: {error}"

    def _open(self) -> tuple[Engine, str | None]:
        """The engine of the generation in service now, with the encoder that made it, and what is to be told of it."""
        generation = open_current(self.settings.generations_folder, self.settings.cache_folder)
        try:
            encoder: Encoder = self._encoder
            notice = generation.notice
            made_by = generation.manifest.recipe.fingerprint
            if self._borrowed or encoder.fingerprint != made_by:
                encoder = load_encoder(self.settings)  # the model's folder may hold another one by now
            maker = None if encoder.fingerprint == made_by else load_maker(self.settings, made_by)
            if maker:
                notice, encoder = _other_model(notice, maker, encoder), maker
            engine = engine_of(self.settings, encoder, generation, self._readers)
        except BaseException:
            generation.close()
            raise
        self._encoder = encoder
        self._borrowed = maker is not None
        return engine, notice

    def _serve(self, engine: Engine, notice: str | None) -> None:
        self._replace(_Served(engine))
        self._tell(notice)
        _log.info("Generation %s serves", engine.generation.id)

    def _replace(self, served: _Served | None) -> None:
        with self._counting:
            old, self._served = self._served, served
        if old:
            self._let_go(old)

    def _let_go(self, served: _Served) -> None:
        with self._counting:
            served.holders -= 1
            last = served.holders == 0
        if last:
            served.engine.close()

    def _tell(self, notice: str | None) -> None:
        if notice and notice != self.notice:
            _log.warning("%s", notice)
        self.notice = notice


class _Served:
    """An engine and the number of those who use it; the one who serves it is one of them."""

    __slots__ = ("engine", "holders")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.holders = 1


def _other_model(notice: str | None, maker: Encoder, wanted: Encoder) -> str:
    """The notice of a generation that serves with its own model, after any that it has already."""
    said = f"The index was made by the model {maker.name!r} and serves with it, until it is built again with"
    return " ".join(filter(None, (notice, f"{said} {wanted.name!r}, as set now: qabot index")))


def _mark(current: Path) -> _Mark:
    try:
        stat = current.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
