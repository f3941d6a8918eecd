"""Conversations, kept for each user in each chat and topic."""

from __future__ import annotations

import json

from qabot.channels.telegram.memory.database import Database
from qabot.questions.conversation import Conversation


class Conversations:
    """What was asked and quoted before, by chat, user and topic (`thread`: message_thread_id or None)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def load(self, chat: int, user: int, thread: int | None = None) -> Conversation:
        """The conversation so far. One that cannot be read is dropped: it only helps."""
        row = self._db.row(
            "SELECT turns FROM conversations WHERE chat = ? AND user = ? AND thread = ?", (chat, user, thread or 0)
        )
        if row is None:
            return Conversation()
        try:
            return Conversation.from_dict(json.loads(row[0]))
        except (ValueError, TypeError, RecursionError):
            self.forget(chat, user, thread)
            return Conversation()

    def save(self, chat: int, user: int, conversation: Conversation, thread: int | None = None) -> None:
        turns = json.dumps(conversation.to_dict(), ensure_ascii=False)
        self._db.change(
            "INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?, ?)",
            (chat, user, thread or 0, turns, self._db.clock()),
        )

    def forget(self, chat: int, user: int, thread: int | None = None) -> bool:
        """Whether there was one."""
        forgotten = self._db.change(
            "DELETE FROM conversations WHERE chat = ? AND user = ? AND thread = ?", (chat, user, thread or 0)
        )
        return forgotten > 0
