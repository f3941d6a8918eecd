"""Articles and passages in SQLite, opened read-only and immutable; `store_writer` wrote them."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from qabot.articles.article import Article
from qabot.errors import DamagedIndexError
from qabot.passages.passage import Passage, Span

_CACHED_ARTICLES = 64

COLUMNS = "id, title, text, published, source, author, place, url, language, path"
"""The columns of an article, in the order of its fields."""


class HashedPassage(NamedTuple):
    """A passage with the hash of what is embedded for it and those of its sentences (see `repeats`)."""

    passage: Passage
    text_hash: bytes
    sentence_hashes: bytes


class Edition(NamedTuple):
    """An article as one of several that tell a story in nearly the same words."""

    id: str
    title: str
    source: str | None
    url: str | None
    published: datetime | None


class Row(NamedTuple):
    """A stored passage: its key, by which vectors and terms know it, and its article with that one's key."""

    key: int
    article_key: int
    passage: Passage
    article: Article


class Imprint(NamedTuple):
    """By whom and on which day (of UTC) an article was published."""

    source: str | None
    author: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What an index holds."""

    articles: int
    passages: int
    newest: str | None
    oldest: str | None
    languages: dict[str, int]
    sources: dict[str, int]


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
        for key in self.article_keys():
            article = self._article(key)
            rows = self._all("SELECT key, sentences FROM passages WHERE article = ? ORDER BY key", (key,))
            for passage, sentences in rows:
                yield Row(passage, key, Passage(article.id, _unpack(sentences)), article)

    def passages_of(self, articles: Sequence[int]) -> list[int]:
        """Keys of all passages of those articles."""
        among = "SELECT key FROM passages WHERE article IN (SELECT value FROM json_each(?)) ORDER BY key"
        return [key for (key,) in self._all(among, (json.dumps(list(articles)),))]

    def imprints(self, passages: Sequence[int]) -> list[Imprint]:
        """Where and when the articles of those passages were published, in that order."""
        rows = self._all(
            "SELECT passages.key, source, author, published FROM passages JOIN articles ON articles.key = article"
            " WHERE passages.key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(passages)),),
        )
        found = {key: Imprint(source, author, _day(published)) for key, source, author, published in rows}
        return [found[key] for key in passages]

    def bylines(self) -> set[str]:
        """The names of all outlets and authors."""
        names = "SELECT DISTINCT source FROM articles UNION SELECT DISTINCT author FROM articles"
        return {name for (name,) in self._all(names) if name}

    def articles_in(self, names: Iterable[str], days: Iterable[tuple[str | None, str | None]]) -> list[int]:
        """Keys of the articles by those outlets or authors, or published on those days (ISO, both included)."""
        found: set[int] = set()
        for name in names:
            by = "SELECT key FROM articles WHERE source = ?1 OR author = ?1"
            found.update(key for (key,) in self._all(by, (name,)))
        for since, until in days:
            # A time of day sorts behind its day, so a day ends with the day and the greatest letter.
            span = (since or "", f"{until or ''}\uffff")
            found.update(key for (key,) in self._all("SELECT key FROM articles WHERE published BETWEEN ? AND ?", span))
        return sorted(found)

    def record_hashes(self) -> dict[str, str]:
        """The record hash of every article, by id, in the order of their keys."""
        return dict(self._all("SELECT id, record_hash FROM articles ORDER BY key"))

    def article_keys(self) -> list[int]:
        """The keys of all articles, in order."""
        return [key for (key,) in self._all("SELECT key FROM articles ORDER BY key")]

    def passages_by_language(self) -> dict[str, int]:
        """How many passages there are in each language."""
        query = "SELECT language, count(*) FROM passages JOIN articles ON articles.key = article GROUP BY language"
        return dict(self._all(query))

    def stories_of(self, article_ids: Collection[str]) -> dict[str, int]:
        """A number for each of the articles, by id: equal for those that tell one story in nearly the same words.

        It is the key of the story's first article. Ids that are not indexed are left out.
        """
        marks = ", ".join("?" * len(article_ids))
        found = "SELECT id, coalesce(story, key) FROM articles LEFT JOIN stories ON article = key WHERE id IN"
        return dict(self._all(f"{found} ({marks})", tuple(article_ids)))

    def other_editions(self, article_id: str) -> list[Edition]:
        """The other articles that tell the story of this one in nearly the same words, the earliest first."""
        rows = self._all(
            "SELECT id, title, source, url, published FROM articles WHERE id != ?1 AND key IN (SELECT article FROM"
            " stories WHERE story = (SELECT story FROM stories JOIN articles ON key = article WHERE id = ?1))"
            " ORDER BY published IS NULL, published, id",
            (article_id,),
        )
        return [Edition(key, title, source, url, _moment(day)) for key, title, source, url, day in rows]

    def sentence_hashes(self, passages: Sequence[int]) -> dict[int, bytes]:
        """The hashes of the sentences of those passages, by key, for `same_passage`."""
        marks = ", ".join("?" * len(passages))
        return dict(self._all(f"SELECT key, sentence_hashes FROM passages WHERE key IN ({marks})", passages))  # noqa: S608

    def hashed_passages(self, article_id: str) -> list[HashedPassage]:
        """The passages of an article with their hashes."""
        rows = self._all(
            "SELECT sentences, text_hash, sentence_hashes FROM passages"
            " WHERE article = (SELECT key FROM articles WHERE id = ?) ORDER BY key",
            (article_id,),
        )
        return [HashedPassage(Passage(article_id, _unpack(sentences)), *hashes) for sentences, *hashes in rows]

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
        row = self._all(f"SELECT {COLUMNS} FROM articles WHERE key = ?", (key,))[0]  # noqa: S608
        identity, title, text, published, *rest = row
        return Article(identity, title, text, _moment(published), *rest)


def _unpack(packed: str) -> tuple[Span, ...]:
    numbers = json.loads(packed)
    return tuple(Span(start, end) for start, end in zip(numbers[::2], numbers[1::2], strict=True))


def _day(published: str | None) -> date | None:
    return date.fromisoformat(published[:10]) if published else None


def _moment(published: str | None) -> datetime | None:
    if published is None:
        return None
    moment = datetime.fromisoformat(published)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
