"""Short names of articles, for links that open one in the bot: t.me/BOT?start=NAME."""

from __future__ import annotations

from qabot.channels.telegram.memory.database import Database
from qabot.channels.telegram.memory.ids import name_of


class Links:
    """Names and article ids. They belong to no user: what was opened by whom is not stored."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def name(self, article: str) -> str:
        """12 letters, digits, `-` and `_` (Telegram allows 64 after `start=`); the same each time."""
        name = name_of(article)
        self._db.change("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", (name, article, self._db.clock()))
        return name

    def article(self, name: str) -> str | None:
        """The article id; None for a name that was never given or is forgotten."""
        row = self._db.row("SELECT article FROM links WHERE id = ?", (name,))
        return str(row[0]) if row else None
