"""Answers that were given: what their buttons open, however long after and in whatever generation."""

from __future__ import annotations

import json
from dataclasses import dataclass

from qabot.channels.telegram.memory.database import Database
from qabot.channels.telegram.memory.ids import new_id

INLINE = 0
"""The chat of an answer that was given inline or as a guest: the bot is not told where it stands."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer: enough to open its sources and to go on from it.

    `quotes` and `candidates` (further passages) are citations (`qabot.answering.citation`), so that they can tell
    whether their article has changed. `created` is Unix seconds; `thread` is the topic or None.
    """

    id: str
    chat: int
    user: int
    thread: int | None
    question: str
    read_as: str | None
    generation: str
    quotes: tuple[str, ...]
    candidates: tuple[str, ...]
    language: str
    created: float


class Answers:
    """Answers by id. An id opens in the chat that it was made for and in no other."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def remember(
        self,
        *,
        chat: int,
        user: int,
        question: str,
        generation: str,
        language: str,
        thread: int | None = None,
        read_as: str | None = None,
        quotes: tuple[str, ...] = (),
        candidates: tuple[str, ...] = (),
    ) -> Remembered:
        """Stores an answer under a new id (12 letters, digits, `-` and `_`).

        Args:
            chat: where it is given; `INLINE` where the bot is not told.
            user: who asked.
            question: as it was asked.
            generation: id of the generation that answered.
            language: code of the language of the bot's words.
            thread: topic.
            read_as: as it was understood, if that was told.
            quotes: citations of what was quoted, in order.
            candidates: citations of further passages, best first.
        """
        new = Remembered(
            new_id(), chat, user, thread, question, read_as, generation, quotes, candidates, language, self._db.clock()
        )
        self._db.change(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.id,
                chat,
                user,
                thread or 0,
                question,
                read_as,
                generation,
                json.dumps(quotes, ensure_ascii=False),
                json.dumps(candidates, ensure_ascii=False),
                language,
                new.created,
            ),
        )
        return new

    def find(self, id_: str, chat: int) -> Remembered | None:
        """The answer; None if it is forgotten, was never given, stands in another chat, or cannot be read."""
        row = self._db.row("SELECT * FROM answers WHERE id = ? AND chat = ?", (id_, chat))
        if row is None:
            return None
        id_, chat, user, thread, question, read_as, generation, quotes, candidates, language, created = row
        try:
            quotes, candidates = json.loads(quotes), json.loads(candidates)
        except ValueError:
            return None
        return Remembered(
            id_,
            chat,
            user,
            thread or None,
            question,
            read_as,
            generation,
            tuple(quotes),
            tuple(candidates),
            language,
            created,
        )

    def forget(self, id_: str) -> None:
        """Its buttons are too old from now on."""
        self._db.change("DELETE FROM answers WHERE id = ?", (id_,))
