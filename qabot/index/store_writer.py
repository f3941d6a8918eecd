"""Writes the articles and passages of one generation into SQLite, for `Store` to read: a new file, or a changed copy.

Articles come in the order of the walk, file by file. An id belongs to the first article that has it; the others are
noted as duplicates, so that a later build knows when one of them is missed. Files that are as they were when the
generation before was made are kept with all that is theirs. Only what differs is written, and if nothing does, the
copy is never made.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from qabot.articles.article import Article, published_iso
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp
from qabot.index.copying import copy_checked
from qabot.index.keys import MOST_ARTICLES, article_key, first_passage_key, passage_range
from qabot.index.looks import Look, look_at
from qabot.index.manifest import FileEntry
from qabot.index.store import COLUMNS, HashedPassage, stored_article
from qabot.passages.passage import Span

_TABLES = """
CREATE TABLE store.files (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    stamp TEXT  -- NULL: to be read again
);
CREATE TABLE store.skipped (file INTEGER NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL, harmless INTEGER NOT NULL);
CREATE TABLE store.duplicates (file INTEGER NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, text_hash BLOB NOT NULL);
CREATE TABLE store.articles (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    published TEXT,
    source TEXT,
    author TEXT,
    place TEXT,
    url TEXT,
    language TEXT NOT NULL,
    path TEXT NOT NULL,
    file INTEGER NOT NULL,
    record_hash TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    pages TEXT,
    text TEXT NOT NULL  -- last, so that the other columns are read without it
);
CREATE TABLE store.passages (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    sentence_hashes BLOB NOT NULL
);
CREATE TABLE store.looks (
    article INTEGER PRIMARY KEY,
    text BLOB NOT NULL,
    page BLOB NOT NULL,
    version BLOB NOT NULL,
    marks BLOB NOT NULL,
    fixtures BLOB NOT NULL,
    signature BLOB NOT NULL
);
CREATE TABLE store.stories (article INTEGER PRIMARY KEY, story INTEGER NOT NULL);
CREATE TABLE store.comparisons (
    one INTEGER NOT NULL, other INTEGER NOT NULL, proof BLOB NOT NULL, likeness REAL NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX store.articles_by_file ON articles(file);
CREATE INDEX store.articles_by_source ON articles(source);
CREATE INDEX store.articles_by_author ON articles(author);
CREATE INDEX store.articles_by_day ON articles(published);
CREATE INDEX store.articles_by_language ON articles(language);
CREATE INDEX store.passages_by_text ON passages(text_hash);
CREATE INDEX store.articles_by_story ON stories(story);
CREATE INDEX store.skipped_by_file ON skipped(file);
CREATE INDEX store.duplicates_by_file ON duplicates(file);
"""
_WORK = """
CREATE TABLE seen (number INTEGER PRIMARY KEY);
CREATE TABLE dropped (article INTEGER PRIMARY KEY, passages INTEGER NOT NULL);
CREATE TABLE added (article INTEGER PRIMARY KEY);
"""
_PAGE = 8192
_CACHE_KB = 64_000


class Stored(NamedTuple):
    """What became of an article.

    key: under which it is stored now; None if another one has its id.
    new: whether its passages are still to be added.
    duplicate: what to report if another one has its id.
    """

    key: int | None
    new: bool
    duplicate: Skipped | None


class MissedDuplicateError(Exception):
    """An unchanged file holds an article that was left out for another one's sake, and that one has gone."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class StoreWriter:
    """Makes the store of one generation.

    Args:
        path: the file to write.
        before: the store of the generation before, with what its manifest says of it; it is copied to `path` as soon
            as something differs.
    """

    def __init__(self, path: Path, before: tuple[Path, FileEntry] | None = None) -> None:
        self.path = path
        self._before = before
        self._own = before is None
        self._differs = False
        # The work of this build lies beside the store, in a file that SQLite removes by itself.
        self.db = sqlite3.connect("", uri=True, isolation_level=None)
        self.db.executescript("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;")
        self.db.executescript(_WORK)
        self._attach()
        if before is None:
            self.db.executescript(_TABLES)
        self.db.execute("BEGIN")
        self._first = self._number = self._value("SELECT coalesce(max(number), 0) + 1 FROM files")

    @property
    def changed(self) -> bool:
        """Whether anything differs that an answer could show."""
        return self._before is None or self._differs

    def add(self, article: Article, passages: Iterable[HashedPassage]) -> Stored:
        """Stores an article and its passages together."""
        stored = self.put(article)
        if stored.key is not None and stored.new:
            self.put_passages(stored.key, list(passages), look_at(article))
        return stored

    def put(self, article: Article) -> Stored:
        """Stores an article of the file that is being read."""
        text_hash = hashlib.sha256(article.text.encode()).digest()[:16]
        found = self.db.execute(
            "SELECT key, file, path, record_hash, text_hash FROM articles WHERE id = ?", (article.id,)
        ).fetchone()
        if found is None:
            return Stored(self._insert(article, text_hash), new=True, duplicate=None)
        key, file, path, record_hash, stored_hash = found
        if self._is_seen(file):
            self._note_duplicate(self._number, article.path, article.id, text_hash)
            return Stored(
                None, new=False, duplicate=_duplicate(article.path, article.id, path, text_hash == stored_hash)
            )
        # If its old file turns out to be as it was, that one's article is the duplicate.
        self._note_duplicate(file, path, article.id, stored_hash)
        if record_hash == article.record_hash:
            self._write("UPDATE articles SET file = ?, path = ? WHERE key = ?", (self._number, article.path, key))
            self._differs |= path != article.path
            return Stored(key, new=False, duplicate=None)
        self._drop(key)
        return Stored(self._insert(article, text_hash), new=True, duplicate=None)

    def put_passages(self, key: int, passages: Sequence[HashedPassage], look: Look) -> None:
        """Adds the passages and the look of a new article."""
        first = first_passage_key(key)
        self.db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (first + ordinal, key, _pack(passage.sentences), text_hash, sentence_hashes)
                for ordinal, (passage, text_hash, sentence_hashes) in enumerate(passages)
            ),
        )
        self.db.execute("INSERT INTO looks VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *look))

    def finish_file(self, path: str, stamp: Stamp | None, skipped: Sequence[Skipped]) -> None:
        """The file that was being read is at its end; whatever it held before and does not now is removed."""
        old = self.db.execute("SELECT number FROM files WHERE path = ?", (path,)).fetchone()
        if old:
            self._forget_file(old[0])
        self._write(
            "INSERT INTO files VALUES (?, ?, ?)", (self._number, path, None if stamp is None else json.dumps(stamp))
        )
        rows = [(self._number, item.path, item.reason, item.harmless) for item in skipped]
        self.db.executemany("INSERT INTO skipped VALUES (?, ?, ?, ?)", rows)
        self._number += 1

    def keep_file(self, path: str) -> Iterator[Skipped]:
        """Keeps all that is of an unchanged file; gives what was left out of it.

        Raises:
            MissedDuplicateError: an article of it has to be read again.
        """
        number = self._value("SELECT number FROM files WHERE path = ?", path)
        self.db.execute("INSERT INTO seen VALUES (?)", (number,))
        for item, reason, harmless in self.db.execute(
            "SELECT path, reason, harmless FROM skipped WHERE file = ?", (number,)
        ):
            yield Skipped(item, reason, bool(harmless))
        for item, name, text_hash in self.db.execute(
            "SELECT path, id, text_hash FROM duplicates WHERE file = ?", (number,)
        ).fetchall():
            first = self.db.execute("SELECT path, file, text_hash FROM articles WHERE id = ?", (name,)).fetchone()
            if first is None or not self._is_seen(first[1]):
                raise MissedDuplicateError(path)
            yield _duplicate(item, name, first[0], text_hash == first[2])

    def articles_kept(self, path: str) -> int:
        """How many articles of an unchanged file are kept."""
        query = "SELECT count(*) FROM articles WHERE file = (SELECT number FROM files WHERE path = ?)"
        return self._value(query, path)

    def finish_files(self) -> None:
        """All files were met: what is of others is removed."""
        gone = "SELECT number FROM files WHERE number < ? AND number NOT IN (SELECT number FROM seen)"
        for (number,) in self.db.execute(gone, (self._first,)).fetchall():
            self._forget_file(number)

    def article(self, key: int) -> Article:
        """The article with that key."""
        row = self.db.execute(f"SELECT {COLUMNS} FROM articles WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return stored_article(row)

    def differences(self) -> tuple[int, int]:
        """How many passages are new and how many have gone, against the generation before."""
        added = "SELECT count(*) FROM passages WHERE article IN (SELECT article FROM added)"
        return self._value(added), self._value("SELECT coalesce(sum(passages), 0) FROM dropped")

    def changed_articles(self) -> tuple[list[int], list[int]]:
        """Keys of the articles that have gone and of those that are new, ascending; a changed one is in both."""
        dropped = self.db.execute("SELECT article FROM dropped ORDER BY 1").fetchall()
        added = self.db.execute("SELECT article FROM added ORDER BY 1").fetchall()
        return [key for (key,) in dropped], [key for (key,) in added]

    def finish(self, *, whole: bool = True) -> None:
        """Completes the file and closes it.

        Args:
            whole: leave no gaps in it and count anew what SQLite plans its searches by.
        """
        self.db.execute("COMMIT")
        if self._before is None:
            self.db.executescript(_INDEXES)
        elif self._own and whole:
            aside = self.path.with_suffix(".whole")  # beside it: the folder for temporary files may be small
            self.db.execute("VACUUM store INTO ?", (str(aside),))
            self.db.execute("DETACH store")
            aside.replace(self.path)
            self._attach()
        if self._own and whole:
            self.db.execute("ANALYZE store")
        self.db.close()

    def close(self) -> None:
        """Closes the file as it is; nothing happens if it is closed."""
        self.db.close()

    def discard(self) -> None:
        """Leaves nothing behind."""
        self.db.close()
        self.path.unlink(missing_ok=True)

    def make_own(self) -> None:
        """Makes the copy, if it is not made yet."""
        if self._own or self._before is None:
            return
        self.db.execute("COMMIT")
        self.db.execute("DETACH store")
        copy_checked(self._before[0], self.path, self._before[1])
        self._own = True
        self._attach()
        self.db.execute("BEGIN")

    def _attach(self) -> None:
        if self._own:
            self.db.execute("ATTACH ? AS store", (str(self.path),))
            # Nobody reads the file before it is whole, and the build syncs it at the end: no journal is needed.
            self.db.executescript(
                f"PRAGMA store.page_size={_PAGE}; PRAGMA store.journal_mode=OFF; PRAGMA store.synchronous=OFF;"
                f"PRAGMA store.cache_size=-{_CACHE_KB};"
            )
        elif self._before is not None:
            self.db.execute("ATTACH ? AS store", (f"{self._before[0].resolve().as_uri()}?mode=ro&immutable=1",))

    def _write(self, query: str, values: Sequence[object]) -> None:
        self.make_own()
        self.db.execute(query, values)

    def _value(self, query: str, *values: object) -> int:
        return int(self.db.execute(query, values).fetchone()[0])

    def _is_seen(self, file: int) -> bool:
        if file >= self._first:
            return True
        return bool(self.db.execute("SELECT 1 FROM seen WHERE number = ?", (file,)).fetchone())

    def _insert(self, article: Article, text_hash: bytes) -> int:
        self.make_own()
        self._differs = True
        key = article_key(article.id)
        while self.db.execute("SELECT 1 FROM articles WHERE key = ?", (key,)).fetchone():
            key = (key + 1) % MOST_ARTICLES
        values = (
            article.id,
            article.title,
            article.text,
            published_iso(article.published),
            article.source,
            article.author,
            article.place,
            article.url,
            article.language,
            article.path,
            json.dumps(article.pages) if article.pages else None,
            key,
            self._number,
            article.record_hash,
            text_hash,
        )
        marks = ", ".join("?" * len(values))
        columns = f"{COLUMNS}, key, file, record_hash, text_hash"
        self.db.execute(f"INSERT INTO articles ({columns}) VALUES ({marks})", values)  # noqa: S608
        self.db.execute("INSERT OR IGNORE INTO added VALUES (?)", (key,))
        return key

    def _drop(self, key: int) -> None:
        self.make_own()
        self._differs = True
        gone = self.db.execute("DELETE FROM passages WHERE key BETWEEN ? AND ?", passage_range(key)).rowcount
        self.db.execute("DELETE FROM looks WHERE article = ?", (key,))
        self.db.execute("DELETE FROM articles WHERE key = ?", (key,))
        self.db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (key, gone))

    def _forget_file(self, number: int) -> None:
        for (key,) in self.db.execute("SELECT key FROM articles WHERE file = ?", (number,)).fetchall():
            self._drop(key)
        for table, column in (("skipped", "file"), ("duplicates", "file"), ("files", "number")):
            self._write(f"DELETE FROM {table} WHERE {column} = ?", (number,))  # noqa: S608

    def _note_duplicate(self, file: int, path: str, article_id: str, text_hash: bytes) -> None:
        self._write("INSERT INTO duplicates VALUES (?, ?, ?, ?)", (file, path, article_id, text_hash))


def _duplicate(path: str, article_id: str, first: str, same: bool) -> Skipped:
    if same:
        return Skipped(path, f"same as {first}", harmless=True)
    return Skipped(path, f"has the id {article_id!r} of {first}, but another text")


def _pack(sentences: Sequence[Span]) -> str:
    return json.dumps([number for span in sentences for number in span], separators=(",", ":"))
