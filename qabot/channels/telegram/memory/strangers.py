"""Who was told that the bot is not for them: each is told once."""

from __future__ import annotations

from qabot.channels.telegram.memory.database import Database


class Strangers:
    """Ids of users and groups that were refused."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def first_time(self, id_: int) -> bool:
        """Whether `id_` was not refused before; it is now."""
        return self._db.change("INSERT OR IGNORE INTO strangers VALUES (?, ?)", (id_, self._db.clock())) > 0
