"""Articles and passages in SQLite: written once, then opened read-only and immutable."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from qabot.articles.article import Article, published_iso
from qabot.errors import DamagedIndexError
from qabot.passages.passage import Passage, Span

_CACHED_ARTICLES = 64

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
    text TEXT NOT NULL,
    record_hash TEXT NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles,
    sentences TEXT NOT NULL,
    text_hash BLOB NOT NULL
);
"""
_INDEXES = """
CREATE INDEX passages_by_article ON passages(article);
CREATE INDEX passages_by_text ON passages(text_hash);
"""
_COLUMNS = "id, title, text, published, source, author, place, url, language, path"


class Row(NamedTuple):
    """A stored passage: its key, by which vectors and terms know it, and its article with that one's key."""

    key: int
    article_key: int
    passage: Passage
    article: Article


@dataclass(frozen=True, slots=True)
class Counts:
    """What an index holds."""

    articles: int
    passages: int
    newest: str | None
    oldest: str | None
    languages: dict[str, int]
    sources: dict[str, int]


class StoreWriter:
    """Writes the articles and passages of one generation into a new file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._passages = 0
        self._db = sqlite3.connect(path, isolation_level=None)
        # Nobody reads the file before it is whole, and the build syncs it at the end: no journal is needed.
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def add(self, article: Article, passages: Iterable[tuple[Passage, bytes]]) -> tuple[int, range]:
        """Adds an article with its passages and their text hashes; gives the keys of both."""
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
        row = self._db.execute(f"INSERT INTO articles ({_COLUMNS}, record_hash) VALUES ({marks})", values)  # noqa: S608
        key = int(row.lastrowid or 0)
        first = self._passages + 1
        for passage, text_hash in passages:
            self._passages += 1
            self._db.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?)",
                (self._passages, key, _pack(passage.sentences), text_hash),
            )
        return key, range(first, self._passages + 1)

    def close(self) -> None:
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.execute("ANALYZE")
        self._db.close()


class Store:
    """Articles and passages of one generation. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._path = path
        self._lock = threading.Lock()
        self.article = lru_cache(_CACHED_ARTICLES)(self._article)
        try:
            self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        self._db.close()

    def counts(self) -> Counts:
        newest, oldest = self._all("SELECT max(published), min(published) FROM articles")[0]
        by = "SELECT {0}, count(*) FROM articles WHERE {0} != '' GROUP BY 1 ORDER BY 2 DESC, 1"
        return Counts(
            articles=self._all("SELECT count(*) FROM articles")[0][0],
            passages=self._all("SELECT count(*) FROM passages")[0][0],
            newest=newest,
            oldest=oldest,
            languages=dict(self._all(by.format("language"))),
            sources=dict(self._all(by.format("source"))),
        )

    def find_article(self, article_id: str) -> Article | None:
        """The article with that id."""
        rows = self._all("SELECT key FROM articles WHERE id = ?", (article_id,))
        return self.article(rows[0][0]) if rows else None

    def articles_like(self, *, source: str | None, since: str | None, until: str | None) -> list[int]:
        """Keys of the articles of an outlet (part of its name, any case), published in [since, until], ISO dates."""
        return [
            key
            for key, outlet, published in self._all("SELECT key, source, published FROM articles ORDER BY key")
            if (source is None or source.casefold() in (outlet or "").casefold())
            and (since is None or (published or "") >= since)
            and (until is None or (published is not None and published[:10] <= until))
        ]

    def passages(self, keys: Sequence[int]) -> list[tuple[Passage, Article]]:
        """The passages with those keys, in that order, each with its article."""
        marks = ", ".join("?" * len(keys))
        rows = self._all(f"SELECT key, article, sentences FROM passages WHERE key IN ({marks})", keys)  # noqa: S608
        found = {key: (self.article(article), sentences) for key, article, sentences in rows}
        return [(Passage(found[key][0].id, _unpack(found[key][1])), found[key][0]) for key in keys]

    def every_passage(self) -> Iterator[Row]:
        """All passages in the order of their keys, with their articles; one article in memory at a time."""
        for (key,) in self._all("SELECT key FROM articles ORDER BY key"):
            article = self._article(key)
            rows = self._all("SELECT key, sentences FROM passages WHERE article = ? ORDER BY key", (key,))
            for passage, sentences in rows:
                yield Row(passage, key, Passage(article.id, _unpack(sentences)), article)

    def passages_of(self, articles: Sequence[int]) -> list[int]:
        """Keys of all passages of those articles."""
        wanted = set(articles)
        return [
            key for key, article in self._all("SELECT key, article FROM passages ORDER BY key") if article in wanted
        ]

    def record_hashes(self) -> dict[str, str]:
        """The record hash of every article, by id, in the order of their keys."""
        return dict(self._all("SELECT id, record_hash FROM articles ORDER BY key"))

    def hashed_passages(self, article_id: str) -> list[tuple[Passage, bytes]]:
        """The passages of an article with their text hashes."""
        rows = self._all(
            "SELECT sentences, text_hash FROM passages"
            " WHERE article = (SELECT key FROM articles WHERE id = ?) ORDER BY key",
            (article_id,),
        )
        return [(Passage(article_id, _unpack(sentences)), text_hash) for sentences, text_hash in rows]

    def same_texts(self, older: Path) -> dict[int, int]:
        """Which passages stand in the store at `older` too, by text hash: key here -> key there."""
        self._all("ATTACH ? AS older", (f"{older.resolve().as_uri()}?mode=ro&immutable=1",))
        try:
            return dict(
                self._all(
                    "SELECT mine.key, min(theirs.key) FROM passages mine"
                    " JOIN older.passages theirs ON theirs.text_hash = mine.text_hash GROUP BY mine.key"
                )
            )
        finally:
            self._all("DETACH older")

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            try:
                return self._db.execute(query, tuple(values)).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.Error) -> DamagedIndexError:
        return DamagedIndexError(f"{self._path} cannot be read: {error}", "Build it again: qabot index")

    def _article(self, key: int) -> Article:
        row = self._all(f"SELECT {_COLUMNS} FROM articles WHERE key = ?", (key,))[0]  # noqa: S608
        identity, title, text, published, *rest = row
        return Article(identity, title, text, _moment(published), *rest)


def _pack(sentences: Sequence[Span]) -> str:
    return json.dumps([number for span in sentences for number in span], separators=(",", ":"))


def _unpack(packed: str) -> tuple[Span, ...]:
    numbers = json.loads(packed)
    return tuple(Span(start, end) for start, end in zip(numbers[::2], numbers[1::2], strict=True))


def _moment(published: str | None) -> datetime | None:
    if published is None:
        return None
    moment = datetime.fromisoformat(published)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
