"""Stores made by changing a copy: the same as made anew, whatever was added, changed, moved, removed or doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp
from qabot.errors import DamagedIndexError
from qabot.index.checksums import file_entry
from qabot.index.keys import article_key
from qabot.index.manifest import FileEntry
from qabot.index.store import HashedPassage, Store
from qabot.index.store_writer import MissedDuplicateError, StoreWriter
from qabot.passages.passage import Passage, Span

Files = Mapping[str, list[tuple[str, str]]]
"""Path -> (id, text) of its articles."""

STAMP = Stamp(1, 2, 3, 4)


def article(name: str, text: str, path: str) -> Article:
    return Article(name, f"Title of {name}", text, path=path)


def passages(article: Article) -> list[HashedPassage]:
    words = article.text.split()
    return [
        HashedPassage(Passage(article.id, (Span(at, at + 1),)), word.encode(), b"") for at, word in enumerate(words)
    ]


def write(path: Path, files: Files, before: tuple[Path, Files] | None = None) -> tuple[StoreWriter, set[Skipped]]:
    """A store of `files`, from that of other ones if given; what is equal in both is kept unread, as a build does."""
    missed: set[str] = set()
    while True:
        writer = StoreWriter(path, (before[0], file_entry(before[0])) if before else None)
        skipped: set[Skipped] = set()
        try:
            for name in sorted(files):
                if before and files[name] == before[1].get(name) and name not in missed:
                    skipped.update(writer.keep_file(name))
                    continue
                for line, (article_id, text) in enumerate(files[name], start=1):
                    one = article(article_id, text, f"{name}:{line}")
                    stored = writer.add(one, passages(one))
                    if stored.duplicate:
                        skipped.add(stored.duplicate)
                own = Skipped(f"{name}:0", "is a line without text")
                skipped.add(own)
                writer.finish_file(name, STAMP, [own])
            writer.finish_files()
        except MissedDuplicateError as error:
            writer.discard()
            missed.add(error.path)
        else:
            return writer, skipped


def content(path: Path) -> list[object]:
    """All that a search can see."""
    with closing(sqlite3.connect(path)) as db:
        queries = [
            "SELECT key, id, title, path, record_hash, text FROM articles ORDER BY key",
            "SELECT * FROM passages ORDER BY key",
            "SELECT * FROM looks ORDER BY article",
            "SELECT path, stamp FROM files ORDER BY path",
            "SELECT f.path, s.path, reason FROM skipped s JOIN files f ON number = file ORDER BY 1, 2",
            "SELECT f.path, d.path, id, text_hash FROM duplicates d JOIN files f ON number = file ORDER BY 1, 2",
        ]
        return [db.execute(query).fetchall() for query in queries]


texts = st.sampled_from(["one text", "another text", "a third text here"])
some_files = st.dictionaries(
    st.sampled_from(["a", "ab", "b", "c"]), st.lists(st.tuples(st.sampled_from("xyz"), texts), max_size=3), max_size=4
)


@given(st.lists(some_files, min_size=2, max_size=4))
def test_a_changed_copy_is_the_same_as_a_new_store(versions: list[Files]) -> None:
    with TemporaryDirectory() as folder:
        before: tuple[Path, Files] | None = None
        for number, files in enumerate(versions):
            changed, fresh = Path(folder) / f"changed-{number}", Path(folder) / f"fresh-{number}"
            writer, skipped = write(changed, files, before)
            writer.make_own()
            writer.finish(whole=number % 2 == 0)
            expected, all_skipped = write(fresh, files)
            expected.finish()
            assert content(changed) == content(fresh)
            assert skipped == all_skipped
            before = changed, files


def test_nothing_is_copied_while_nothing_differs(tmp_path: Path) -> None:
    files = {"a": [("x", "some text")], "b": [("x", "some text")]}
    writer, _ = write(tmp_path / "one", files)
    writer.finish()
    again, skipped = write(tmp_path / "two", files, (tmp_path / "one", files))
    assert not again.changed
    assert not (tmp_path / "two").exists()
    assert Skipped("b:1", "same as a:1", harmless=True) in skipped
    again.close()


def test_differences_are_counted_in_passages(tmp_path: Path) -> None:
    before: Files = {"a": [("x", "one two three")], "b": [("y", "four")]}
    writer, _ = write(tmp_path / "one", before)
    writer.finish()
    after: Files = {"a": [("x", "one two")], "c": [("z", "five")]}
    writer, _ = write(tmp_path / "two", after, (tmp_path / "one", before))
    assert writer.differences() == (3, 4)
    gone, new = writer.changed_articles()
    assert set(gone) == {article_key("x"), article_key("y")}
    assert set(new) == {article_key("x"), article_key("z")}
    writer.close()


def test_the_first_in_the_walk_has_the_id_and_the_others_come_back_when_it_goes(tmp_path: Path) -> None:
    before: Files = {"b": [("x", "the first")], "c": [("x", "another")]}
    writer, skipped = write(tmp_path / "one", before)
    writer.finish()
    assert Skipped("c:1", "has the id 'x' of b:1, but another text") in skipped
    without: Files = {"c": before["c"]}
    writer, skipped = write(tmp_path / "two", without, (tmp_path / "one", before))
    writer.finish(whole=False)
    found = Store(tmp_path / "two").find_article("x")
    assert found is not None
    assert (found.text, found.path) == ("another", "c:1")
    earlier: Files = {"a": [("x", "the earliest")], **before}
    writer, skipped = write(tmp_path / "three", earlier, (tmp_path / "one", before))
    assert {item.path for item in skipped if "has the id" in item.reason} == {"b:1", "c:1"}
    writer.close()


def test_an_original_that_is_damaged_is_not_copied(tmp_path: Path) -> None:
    files = {"a": [("x", "some text")]}
    writer, _ = write(tmp_path / "one", files)
    writer.finish()
    entry = file_entry(tmp_path / "one")
    wrong = FileEntry(size=entry.size, sha256="0" * 64)
    other = StoreWriter(tmp_path / "two", (tmp_path / "one", wrong))
    with closing(other), pytest.raises(DamagedIndexError, match="checksum"):
        other.add(article("y", "new", "b:1"), [])


def test_two_articles_whose_keys_would_be_one_have_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qabot.index.store_writer.article_key", lambda _: (1 << 43) - 1)
    writer, _ = write(tmp_path / "one", {"a": [("x", "one"), ("y", "two words"), ("z", "three")]})
    writer.finish()
    store = Store(tmp_path / "one")
    assert [row.article.id for row in store.every_passage()] == ["y", "y", "z", "x"]
    assert len(set(store.article_keys())) == 3


def test_pages_are_read_back(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path / "one")
    writer.add(Article("x", "", "Page one. Page two.", pages=(10,)), [])
    writer.finish()
    found = Store(tmp_path / "one").find_article("x")
    assert found is not None
    assert found.pages == (10,)
