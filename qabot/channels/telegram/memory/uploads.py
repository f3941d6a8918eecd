"""Articles that an admin sent and has not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qabot.channels.telegram.memory.database import Database
from qabot.channels.telegram.memory.ids import new_id

Kind = Literal["file", "link"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of Telegram (`source` is its file_id, `name` its name) or a link (`source` is the address)."""

    chat: int
    user: int
    kind: Kind
    source: str
    name: str


class Uploads:
    """Uploads waiting for the button, by short id."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def wait(self, upload: Upload) -> str:
        """The id for the button's data."""
        id_ = new_id()
        self._db.change(
            "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id_, upload.chat, upload.user, upload.kind, upload.source, upload.name, self._db.clock()),
        )
        return id_

    def take(self, id_: str, chat: int, user: int) -> Upload | None:
        """The upload, once: None if it was taken before, is forgotten, or is another chat's or user's."""
        row = self._db.row(
            "DELETE FROM uploads WHERE id = ? AND chat = ? AND user = ? RETURNING kind, source, name", (id_, chat, user)
        )
        if row is None:
            return None
        return Upload(chat, user, "link" if row[0] == "link" else "file", row[1], row[2])
