"""What users think of answers."""

from __future__ import annotations

from typing import Literal

from qabot.channels.telegram.memory.database import Database

Value = Literal[-1, 1]


class Feedback:
    """One value a user and answer, stored with the question and the generation that answered it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def give(self, answer: str, user: int, value: Value | None) -> bool:
        """Stores or, with None, takes back what `user` thinks of the answer of that id; False if it is forgotten."""
        if value is None:
            return self._db.change("DELETE FROM feedback WHERE answer = ? AND user = ?", (answer, user)) > 0
        given = self._db.change(
            "INSERT OR REPLACE INTO feedback SELECT id, ?, ?, user, question, generation, ? FROM answers WHERE id = ?",
            (user, value, self._db.clock(), answer),
        )
        return given > 0

    def given(self, answer: str, user: int) -> Value | None:
        row = self._db.row("SELECT value FROM feedback WHERE answer = ? AND user = ?", (answer, user))
        if row is None:
            return None
        return 1 if row[0] > 0 else -1

    def counts(self) -> tuple[int, int]:
        """How many there are of +1 and of -1."""
        row = self._db.row("SELECT count(*) FILTER (WHERE value > 0), count(*) FILTER (WHERE value < 0) FROM feedback")
        return row[0], row[1]
