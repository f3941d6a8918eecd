"""Readers: several of them, and which one reads a passage for a question."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qabot.encoders.session import check_files
from qabot.errors import DamagedModelError
from qabot.reader.card import ReaderCard, read_card
from qabot.reader.onnx import Reader

_MEND = 'Install qabot again, or do without: reader = "none"'


class Readers:
    """Readers in the order in which they are preferred. Each is loaded when it is first needed, and then kept: who asks
    in one language alone does not pay for the others. Safe to use from several threads.

    Args:
        folders: one of each reader, at least one.
        threads: see `Reader`.

    Raises:
        DamagedModelError: a card cannot be read.
    """

    def __init__(self, folders: Sequence[Path], *, threads: int = 0) -> None:
        with _told():
            self.cards = [read_card(folder) for folder in folders]
        self._folders = folders
        self._threads = threads
        self._loaded: dict[int, Reader] = {}
        self._loading = threading.Lock()

    @property
    def sha256(self) -> str:
        """The SHA-256 of their models, one after another with a space between."""
        return " ".join(card.model_sha256 for card in self.cards)

    def card_for(self, question: str, passage: str) -> ReaderCard | None:
        """The card of the first reader that knows both languages (ISO 639-1), None if none does."""
        place = self._place(question, passage)
        return None if place is None else self.cards[place]

    def reader_for(self, question: str, passage: str) -> Reader | None:
        """That reader itself.

        Raises:
            DamagedModelError: a file of it is missing or is not the one that its card describes.
        """
        place = self._place(question, passage)
        return None if place is None else self._load(place)

    def check(self) -> None:
        """Looks at the files of all, without loading any: who serves for long wants to know at the start.

        Raises:
            DamagedModelError: as `reader_for`, for the first that is damaged.
        """
        with _told():
            for folder, card in zip(self._folders, self.cards, strict=True):
                check_files(folder, card.model_sha256, card.tokenizer_sha256)

    def load(self) -> Iterator[Reader]:
        """All of them, in their order.

        Raises:
            DamagedModelError: as `reader_for`, for the first that is damaged.
        """
        return map(self._load, range(len(self.cards)))

    def _place(self, *languages: str) -> int | None:
        return next((place for place, card in enumerate(self.cards) if all(map(card.knows, languages))), None)

    def _load(self, place: int) -> Reader:
        with self._loading, _told():
            if place not in self._loaded:
                self._loaded[place] = Reader(self._folders[place], threads=self._threads)
            return self._loaded[place]


@contextmanager
def _told() -> Iterator[None]:
    """What is damaged is told with the way to do without it."""
    try:
        yield
    except DamagedModelError as error:
        raise DamagedModelError(error.cause, _MEND) from error
