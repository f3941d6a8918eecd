"""Database: one guarded SQLite connection, and every fault of it as a StateError that says what mends it."""

from __future__ import annotations

import shlex
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qabot.channels.telegram.memory.schema import migrate
from qabot.errors import StateError

_BUSY_MS = 500
"""How long to wait for another process (somebody's `sqlite3`): the event loop may be the one that waits."""

Values = Sequence[str | int | float | bytes | None]


class Database:
    """The file, opened and brought to the present version. Safe to use from several threads; every call is short.

    Write-ahead log with `synchronous=NORMAL`: a killed process loses at most the transaction that it was in, a cut of
    the power perhaps the last ones, and neither damages the file. What is deleted is overwritten (`secure_delete`).

    Args:
        path: made, readable by this user alone, if it is not there.
        clock: gives Unix seconds.

    Raises:
        StateError: the file is damaged, another program's, of a later version, or cannot be read or written.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        self._lock = threading.RLock()
        with self._explained("opened"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def rows(self, statement: str, values: Values = ()) -> list[Any]:
        """All rows that `statement` selects, as tuples."""
        with self._lock, self._explained("read"):
            return self._db.execute(statement, _storable(values)).fetchall()

    def row(self, statement: str, values: Values = ()) -> Any:
        """The first row that `statement` selects, or None."""
        return next(iter(self.rows(statement, values)), None)

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows `statement` changed."""
        with self._lock, self._explained("written"):
            return self._db.execute(statement, _storable(values)).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes in the block happen, or none. Never await inside, and never put one in another."""
        with self._lock, self._explained("written"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise

    def tidy(self) -> None:
        """Empties the write-ahead log, so that what was deleted is in no file any more, and gives room back."""
        with self._lock, self._explained("written"):
            self._db.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """What is asked of it afterwards is a StateError."""
        with self._lock:
            self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        self._db.execute("PRAGMA journal_mode = WAL").fetchall()
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA secure_delete = ON").fetchall()
        migrate(self._db, self.path, self._moving_away())
        found = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
            raise StateError(f"{self.path} cannot be {done}: {error}", self._mend(error)) from error

    def _mend(self, error: Exception) -> str:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return "Make room on the disk"
        if code == sqlite3.SQLITE_BUSY:
            return "End the other program that uses it"
        if isinstance(error, OSError) or code in {
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
        }:
            return f"Let this user write there: {shlex.quote(str(self.path.parent))}"
        if code == sqlite3.SQLITE_IOERR:
            return "Look after the disk, whether it is full or failing"
        return f"Move it away, which forgets what it remembers: {self._moving_away()}"

    def _moving_away(self) -> str:
        path = shlex.quote(str(self.path))
        return f"mv {path} {path}.damaged"


def _storable(values: Values) -> Values:
    """`values` without lone surrogates, which JSON may hold (a broken emoji) and SQLite does not store."""
    return [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values]
