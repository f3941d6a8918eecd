"""Updates that were received: each is worked on once, and one that a killed process held is worked on again.

    received ──departing──> departing ──finish──> done
        │ <────not_sent─────────┘                   │
        └───────────────────finish──────────────────┘

Telegram forgets an update as soon as the next getUpdates names a later offset. So an update is claimed, with its body,
before that call; a duplicate is not claimed again. When the reply is about to go out, it is marked as departing, and
when the reply is known to be out, as done: its body is deleted then.

A process that is killed leaves updates behind. After the start those that were only received are worked on again:
no reply of theirs can be out. Those that were departing are not: nearly always the reply had left. The Bot API has no
way to ask, so this is as near to exactly once as it goes: in the milliseconds between departing and the answer of
Telegram's server a kill may lose a reply, and none is ever sent twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from qabot.channels.telegram.memory.database import Database

KEPT_SECONDS = 48 * 3600
"""Telegram delivers an update for 24 hours at most (core.telegram.org/bots/api#getting-updates)."""

_DIGEST_BYTES = 8


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came: its JSON, and the user that it is of, if any. `at` is Unix seconds of its receipt."""

    id: int
    body: str
    user: int | None = None
    at: float = 0


class Updates:
    """Updates by id. Two of one id that differ are two: ids begin anew after a quiet week or on another server."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, received: Sequence[Received]) -> list[Received]:
        """Those of a batch that were not claimed before, in order; all in one transaction."""
        with self._db.together():
            return [update for update in received if self._claim(update)]

    def departing(self, id_: int) -> None:
        """Its reply goes out now."""
        self._db.change("UPDATE updates SET state = 'departing' WHERE id = ? AND state = 'received'", (id_,))

    def not_sent(self, id_: int) -> None:
        """Its reply has certainly not gone out: there was no connection, or Telegram refused it (429)."""
        self._db.change("UPDATE updates SET state = 'received' WHERE id = ? AND state = 'departing'", (id_,))

    def finish(self, id_: int) -> None:
        """It was replied to, or needs no reply."""
        self._db.change("UPDATE updates SET state = 'done', body = NULL WHERE id = ? AND state != 'done'", (id_,))

    def left_behind(self, youngest: float) -> list[Received]:
        """What a killed process received and did not reply to, oldest first. Call it once, before the first claim.

        Those from before `youngest` (Unix seconds), and those that were departing, are marked as done.
        """
        with self._db.together():
            self._db.change(
                "UPDATE updates SET state = 'done', body = NULL WHERE state = 'departing' OR body IS NULL "
                "OR (state = 'received' AND used < ?)",
                (youngest,),
            )
            rows = self._db.rows("SELECT id, body, user, used FROM updates WHERE state = 'received' ORDER BY used, id")
        return [Received(*row) for row in rows]

    def _claim(self, update: Received) -> bool:
        digest = hashlib.blake2b(update.body.encode("utf-8", "replace"), digest_size=_DIGEST_BYTES).digest()
        values = (update.id, digest, update.user, update.body, update.at or self._db.clock())
        return self._db.change("INSERT OR IGNORE INTO updates VALUES (?, ?, ?, 'received', ?, ?)", values) > 0
