"""The language that a user chose for the bot's own words."""

from __future__ import annotations

from qabot.channels.telegram.memory.database import Database


class Languages:
    """Languages by user; one who chose none is not in it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def chosen(self, user: int) -> str | None:
        row = self._db.row("SELECT language FROM languages WHERE user = ?", (user,))
        return str(row[0]) if row else None

    def choose(self, user: int, language: str | None) -> None:
        """None: as the user's Telegram says."""
        if language is None:
            self._db.change("DELETE FROM languages WHERE user = ?", (user,))
        else:
            self._db.change("INSERT OR REPLACE INTO languages VALUES (?, ?, ?)", (user, language, self._db.clock()))
