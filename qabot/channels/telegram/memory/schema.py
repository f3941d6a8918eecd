"""The tables, and how a file of an older version comes to the present one (PRAGMA user_version)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qabot.errors import StateError

APPLICATION_ID = 0x71616274
"""`qabt`: tells this file from another SQLite file that somebody put in its place."""

# Each entry leads from the version before it to its own; never change one that was released, add the next.
# Every row has the time of its last use (Unix seconds), by which old ones are forgotten, and its user, by whom all
# are. A chat of 0 is an answer given inline, in a chat that the bot does not know; a thread of 0 is no topic.
_MIGRATIONS = (
    """
    CREATE TABLE conversations (
        chat INTEGER NOT NULL, user INTEGER NOT NULL, thread INTEGER NOT NULL, turns TEXT NOT NULL, used REAL NOT NULL,
        PRIMARY KEY (chat, user, thread)
    ) WITHOUT ROWID;

    CREATE TABLE languages (user INTEGER PRIMARY KEY, language TEXT NOT NULL, used REAL NOT NULL);

    CREATE TABLE answers (
        id TEXT PRIMARY KEY, chat INTEGER NOT NULL, user INTEGER NOT NULL, thread INTEGER NOT NULL,
        question TEXT NOT NULL, read_as TEXT, generation TEXT NOT NULL, quotes TEXT NOT NULL, candidates TEXT NOT NULL,
        language TEXT NOT NULL, used REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX answers_of_user ON answers (user);

    CREATE TABLE replies (
        chat INTEGER NOT NULL, message INTEGER NOT NULL, question INTEGER NOT NULL, user INTEGER NOT NULL, answer TEXT,
        used REAL NOT NULL,
        PRIMARY KEY (chat, message)
    ) WITHOUT ROWID;
    CREATE INDEX replies_to_question ON replies (chat, question);
    CREATE INDEX replies_to_user ON replies (user);

    CREATE TABLE feedback (
        answer TEXT NOT NULL, user INTEGER NOT NULL, value INTEGER NOT NULL, asker INTEGER NOT NULL,
        question TEXT NOT NULL, generation TEXT NOT NULL, used REAL NOT NULL,
        PRIMARY KEY (answer, user)
    ) WITHOUT ROWID;

    CREATE TABLE uploads (
        id TEXT PRIMARY KEY, chat INTEGER NOT NULL, user INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
        name TEXT NOT NULL, used REAL NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE links (id TEXT PRIMARY KEY, article TEXT NOT NULL, used REAL NOT NULL) WITHOUT ROWID;

    CREATE TABLE strangers (id INTEGER PRIMARY KEY, used REAL NOT NULL);

    CREATE TABLE updates (
        id INTEGER NOT NULL, digest BLOB NOT NULL, user INTEGER, state TEXT NOT NULL, body TEXT, used REAL NOT NULL,
        PRIMARY KEY (id, digest)
    ) WITHOUT ROWID;
    CREATE INDEX updates_in_hand ON updates (state) WHERE state != 'done';
    """,
)

VERSION = len(_MIGRATIONS)


def migrate(db: sqlite3.Connection, path: Path, mend: str) -> None:
    """Brings the tables to `VERSION`, all in one transaction.

    Raises:
        StateError: the file is another program's, or of a later version.
        sqlite3.Error: it is damaged or cannot be written.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    owner = int(db.execute("PRAGMA application_id").fetchone()[0])
    if version > VERSION and owner == APPLICATION_ID:
        cause = f"{path} was written by a later qabot (version {version}, this one knows {VERSION})"
        raise StateError(cause, f"Update qabot, or move the file away: {mend}")
    used = db.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    if used and owner != APPLICATION_ID:
        raise StateError(f"{path} is not the memory of a Telegram bot", f"Move it away: {mend}")
    if version == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for script in _MIGRATIONS[version:]:
            for statement in script.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        db.rollback()
        raise
    db.commit()
