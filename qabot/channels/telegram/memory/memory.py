"""Memory: opens the file and leads to its parts; forgets a user, and what is old."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from qabot.channels.telegram.memory.answers import Answers
from qabot.channels.telegram.memory.conversations import Conversations
from qabot.channels.telegram.memory.database import Database
from qabot.channels.telegram.memory.feedback import Feedback
from qabot.channels.telegram.memory.languages import Languages
from qabot.channels.telegram.memory.links import Links
from qabot.channels.telegram.memory.replies import Replies
from qabot.channels.telegram.memory.strangers import Strangers
from qabot.channels.telegram.memory.updates import KEPT_SECONDS, Updates
from qabot.channels.telegram.memory.uploads import Uploads
from qabot.settings import Settings

FILE = "telegram.sqlite"

_DAY = 24 * 3600
_FORGOTTEN = {
    "conversations": "user = :user",
    "languages": "user = :user",
    "answers": "user = :user",
    "replies": "user = :user",
    "feedback": "user = :user OR asker = :user",
    "uploads": "user = :user",
    "strangers": "id = :user",
}
_CHATS = ("conversations", "answers", "replies", "uploads")


class Memory:
    """What the bot remembers. Safe to use from several threads; a call takes well under a millisecond.

    Every call of it and of its parts raises `StateError` if the file cannot be read or written; nothing is lost by
    that but what should have been remembered, and the next call tries again.

    Args:
        path: the file, made if it is not there.
        clock: gives Unix seconds.

    Raises:
        StateError: the file is damaged, another program's, of a later version, or cannot be read or written.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.database = Database(path, clock)
        self.conversations = Conversations(self.database)
        self.languages = Languages(self.database)
        self.answers = Answers(self.database)
        self.replies = Replies(self.database)
        self.feedback = Feedback(self.database)
        self.uploads = Uploads(self.database)
        self.links = Links(self.database)
        self.strangers = Strangers(self.database)
        self.updates = Updates(self.database)

    def forget_user(self, user: int) -> int:
        """Deletes everything of `user`, also from groups, and overwrites it on the disk.

        That an update was seen stays (its id, not what it said), or it would be answered again.

        Returns:
            How many things were deleted.
        """
        forgotten = 0
        with self.database.together():
            for table, theirs in _FORGOTTEN.items():
                statement = f"DELETE FROM {table} WHERE {theirs.replace(':user', '?')}"  # noqa: S608 - no input in it
                forgotten += self.database.change(statement, (user,) * theirs.count(":user"))
            self.database.change("UPDATE updates SET body = NULL, user = NULL WHERE user = ?", (user,))
        self.database.tidy()
        return forgotten

    def expire(self, days: float) -> int:
        """Deletes what was not used for `days` (setting telegram_keep_days), and how many things that were."""
        now = self.database.clock()
        expired = 0
        with self.database.together():
            for table in (*_FORGOTTEN, "links"):
                statement = f"DELETE FROM {table} WHERE used < ?"  # noqa: S608 - no input in it
                expired += self.database.change(statement, (now - days * _DAY,))
            self.database.change("DELETE FROM updates WHERE used < ?", (now - KEPT_SECONDS,))
        self.database.tidy()
        return expired

    def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup, which has another id: its buttons and conversations go along."""
        with self.database.together():
            for table in _CHATS:
                self.database.change(f"UPDATE OR REPLACE {table} SET chat = ? WHERE chat = ?", (new, old))  # noqa: S608

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_memory(settings: Settings) -> Memory:
    """The memory in the state folder.

    Raises:
        StateError: see `Memory`.
    """
    return Memory(settings.state_folder / FILE)
