"""Writes the articles, passages and stories of one generation into SQLite, for `Store` to read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from qabot.articles.article import Article, published_iso
from qabot.index.store import COLUMNS, HashedPassage
from qabot.passages.passage import Span

_SCHEMA = """
CREATE TABLE articles (
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
    record_hash TEXT NOT NULL,
    text TEXT NOT NULL  -- last, so that the other columns are read without it
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles,
    sentences TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    sentence_hashes BLOB NOT NULL
);
CREATE TABLE stories (
    article INTEGER PRIMARY KEY REFERENCES articles,
    story INTEGER NOT NULL REFERENCES articles
);
"""
_INDEXES = """
CREATE INDEX passages_by_article ON passages(article);
CREATE INDEX articles_by_source ON articles(source);
CREATE INDEX articles_by_author ON articles(author);
CREATE INDEX articles_by_day ON articles(published);
CREATE INDEX passages_by_text ON passages(text_hash);
CREATE INDEX articles_by_story ON stories(story);
"""


class StoreWriter:
    """Writes the articles and passages of one generation into a new file."""

    def __init__(self, path: Path) -> None:
        self._passages = 0
        self._db = _connect(path)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def add(self, article: Article, passages: Iterable[HashedPassage]) -> tuple[int, range]:
        """Adds an article with its passages; gives the keys of both."""
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
            article.record_hash,
        )
        marks = ", ".join("?" * len(values))
        row = self._db.execute(f"INSERT INTO articles ({COLUMNS}, record_hash) VALUES ({marks})", values)  # noqa: S608
        key = int(row.lastrowid or 0)
        first = self._passages + 1
        for passage, text_hash, sentence_hashes in passages:
            self._passages += 1
            self._db.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                (self._passages, key, _pack(passage.sentences), text_hash, sentence_hashes),
            )
        return key, range(first, self._passages + 1)

    def close(self) -> None:
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.execute("ANALYZE")
        self._db.close()


def save_stories(path: Path, stories: Mapping[int, int]) -> None:
    """Adds the stories to a store that is written and not open: article key -> key of its story's first article."""
    with closing(_connect(path)) as db:
        db.execute("BEGIN")
        db.executemany("INSERT INTO stories VALUES (?, ?)", sorted(stories.items()))
        db.execute("COMMIT")


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    # Nobody reads the file before it is whole, and the build syncs it at the end: no journal is needed.
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;")
    return db


def _pack(sentences: Sequence[Span]) -> str:
    return json.dumps([number for span in sentences for number in span], separators=(",", ":"))
