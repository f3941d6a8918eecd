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
from qabot.articles.stamp import Stamp
from qabot.errors import DamagedIndexError
from qabot.index.keys import MOST_PASSAGES, ORDINAL_BITS
from qabot.passages.passage import Passage, Span

_CACHED_ARTICLES = 64

_BLOCK = 4096
"""Passages that are compared with those of another store at once."""

COLUMNS = "id, title, text, published, source, author, place, url, language, path, pages"
"""The columns of an article, in the order of its fields."""

_WITHIN = f"{{0}} BETWEEN {{1}} << {ORDINAL_BITS} AND ({{1}} << {ORDINAL_BITS}) + {MOST_PASSAGES - 1}"
"""{0} is the key of a passage of the article with the key {1}."""

_OWN = _WITHIN.format("key", "?1")


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

    def latest(self, limit: int) -> list[Article]:
        """The articles published last, the latest first; those without a date are left out."""
        newest = "SELECT key FROM articles WHERE published != '' ORDER BY published DESC, id LIMIT ?"
        return [self.article(key) for (key,) in self._all(newest, (limit,))]

    def articles_like(self, *, source: str | None, since: str | None, until: str | None) -> list[int]:
        """Keys of the articles of an outlet (part of its name, any case), published in [since, until], ISO dates."""
        wanted = ["1"]
        values: list[str] = []
        if source is not None:
            outlets = [name for (name,) in self._all("SELECT DISTINCT source FROM articles")]
            values.append(json.dumps([name for name in outlets if source.casefold() in (name or "").casefold()]))
            named = "source IN (SELECT value FROM json_each(?))"
            wanted.append(named if source else f"({named} OR source IS NULL)")
        if since is not None:
            wanted.append("published >= ?")
            values.append(since)
        if until is not None:
            wanted.append("substr(published, 1, 10) <= ?")
            values.append(until)
        query = f"SELECT key FROM articles WHERE {' AND '.join(wanted)} ORDER BY key"  # noqa: S608
        return [key for (key,) in self._all(query, values)]

    def passages(self, keys: Sequence[int]) -> list[tuple[Passage, Article]]:
        """The passages with those keys, in that order, each with its article."""
        marks = ", ".join("?" * len(keys))
        rows = self._all(f"SELECT key, article, sentences FROM passages WHERE key IN ({marks})", keys)  # noqa: S608
        found = {key: (self.article(article), sentences) for key, article, sentences in rows}
        return [(Passage(found[key][0].id, _unpack(found[key][1])), found[key][0]) for key in keys]

    def every_passage(self, articles: Iterable[int] | None = None) -> Iterator[Row]:
        """All passages in the order of their keys, with their articles; one article in memory at a time.

        Args:
            articles: keys of the only articles to take, ascending.
        """
        for key in self.article_keys() if articles is None else articles:
            article = self._article(key)
            rows = self._all(f"SELECT key, sentences FROM passages WHERE {_OWN} ORDER BY key", (key,))  # noqa: S608
            for passage, sentences in rows:
                yield Row(passage, key, Passage(article.id, _unpack(sentences)), article)

    def imprints(self, passages: Sequence[int]) -> list[Imprint]:
        """Where and when the articles of those passages were published, in that order."""
        rows = self._all(
            "SELECT passages.key, source, author, published FROM passages JOIN articles ON articles.key = article"
            " WHERE passages.key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(passages)),),
        )
        found = {key: Imprint(source, author, _day(published)) for key, source, author, published in rows}
        return [found[key] for key in passages]

    def languages_of(self, passages: Sequence[int]) -> list[str]:
        """The languages of the articles of those passages, in that order."""
        rows = self._all(
            "SELECT passages.key, language FROM passages JOIN articles ON articles.key = article"
            " WHERE passages.key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(passages)),),
        )
        found = dict(rows)
        return [found[key] for key in passages]

    def articles_of_language(self, language: str, limit: int) -> list[int]:
        """The lowest keys of articles in a language. They are hashes, so that any range of them is a sample."""
        query = "SELECT key FROM articles WHERE language = ? ORDER BY key LIMIT ?"
        return [key for (key,) in self._all(query, (language, limit))]

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

    def text_hashes(self, article: int) -> list[bytes]:
        """The hashes of what is embedded for each passage of the article with that key, in their order."""
        mine = f"SELECT text_hash FROM passages WHERE {_OWN} ORDER BY key"  # noqa: S608
        rows = self._all(mine, (article,))
        return [text_hash for (text_hash,) in rows]

    def sample(self, count: int, languages: Collection[str]) -> list[Row]:
        """Up to `count` passages of articles in those languages. Keys are hashes, so any range of them is a sample."""
        spoken = json.dumps(sorted(languages))
        among = "SELECT key FROM articles WHERE language IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1"
        within = _WITHIN.format("passages.key", "articles.key")
        query = f"{among} FROM passages WHERE {within}) ORDER BY key LIMIT ?"
        chosen = self._all(query, (spoken, count))
        rows: list[Row] = []
        for (key,) in chosen:
            passages = list(self.every_passage([key]))
            rows.append(passages[key % len(passages)])
        return rows

    def files(self) -> list[str]:
        """The paths of the files that the articles were read from."""
        return [path for (path,) in self._all("SELECT path FROM files ORDER BY number")]

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of the seed file at `path` when it was read; None if it was not, or cannot be trusted."""
        rows = self._all("SELECT stamp FROM files WHERE path = ?", (path,))
        return Stamp(*json.loads(rows[0][0])) if rows and rows[0][0] else None

    def matched_passages(self, older: Path | None, languages: Collection[str]) -> Iterator[list[tuple[int, int]]]:
        """The passages in the order of their keys, in blocks, each with that in another store whose vector fits.

        Args:
            older: the store of another generation.
            languages: those of the articles whose passages are wanted.

        Yields:
            (key here, key there); the latter is -1 if no passage there has the same embedded text.
        """
        same = "-1"
        if older:
            self._all("ATTACH ? AS older", (f"{older.resolve().as_uri()}?mode=ro&immutable=1",))
            # Nearly all texts stand under the same key there; others moved within their article or to another.
            same = (
                "CASE WHEN (SELECT text_hash FROM older.passages o WHERE o.key = mine.key) = mine.text_hash"
                " THEN mine.key ELSE coalesce((SELECT min(o.key) FROM older.passages o"
                " WHERE o.text_hash = mine.text_hash), -1) END"
            )
        query = (
            f"SELECT mine.key, {same} FROM passages mine JOIN articles ON articles.key = article"  # noqa: S608
            f" WHERE mine.key > ?1 AND language IN (SELECT value FROM json_each(?2)) ORDER BY mine.key LIMIT {_BLOCK}"
        )
        last = -1
        try:
            while block := self._all(query, (last, json.dumps(sorted(languages)))):
                yield block
                last = block[-1][0]
        finally:
            if older:
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
        return stored_article(row)


def stored_article(row: Sequence[Any]) -> Article:
    """The article whose `COLUMNS` are `row`."""
    article_id, title, text, published, source, author, place, url, language, path, pages = row
    return Article(
        article_id,
        title,
        text,
        _moment(published),
        source,
        author,
        place,
        url,
        language,
        path,
        tuple(json.loads(pages)) if pages else (),
    )


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
