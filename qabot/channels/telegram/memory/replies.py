"""Which of the bot's messages reply to which question: for edited questions, reactions, and none answered twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qabot.channels.telegram.memory.database import Database


@dataclass(frozen=True, slots=True)
class Replied:
    """The bot's messages (ids, in order) that answer the message `question` of `user`; `answer` opens their buttons."""

    chat: int
    question: int
    user: int
    messages: tuple[int, ...]
    answer: str | None


class Replies:
    """Replies by chat and message id."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def remember(self, chat: int, question: int, user: int, messages: Sequence[int], answer: str | None) -> None:
        """Instead of what was remembered of the same question.

        Args:
            chat: where both stand.
            question: message id of the question.
            user: who asked.
            messages: ids of the bot's messages.
            answer: id of the remembered answer; None for a refusal or an error.
        """
        with self._db.together():
            self._db.change("DELETE FROM replies WHERE chat = ? AND question = ?", (chat, question))
            for message in messages:
                self._db.change(
                    "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)",
                    (chat, message, question, user, answer, self._db.clock()),
                )

    def to(self, chat: int, question: int) -> Replied | None:
        """The reply to the message `question`, or None."""
        rows = self._db.rows(
            "SELECT message, user, answer FROM replies WHERE chat = ? AND question = ? ORDER BY message",
            (chat, question),
        )
        if not rows:
            return None
        return Replied(chat, question, rows[0][1], tuple(row[0] for row in rows), rows[0][2])

    def by(self, chat: int, message: int) -> Replied | None:
        """The reply that the bot's own `message` belongs to, or None."""
        row = self._db.row("SELECT question FROM replies WHERE chat = ? AND message = ?", (chat, message))
        return self.to(chat, row[0]) if row else None
