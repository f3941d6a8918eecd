"""Citations: written and read back, and what they find when the article has gone or changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.answering.citation import Citation, cite, parse_citation, resolve
from qabot.articles.article import Article
from qabot.errors import ArticleChangedError, ArticleGoneError, CitationError
from qabot.index.store import Store
from qabot.index.store_writer import StoreWriter

ARTICLE = Article("news/2023:a-b@c", "Title", "Some words of an article.")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    writer = StoreWriter(tmp_path / "articles.sqlite")
    writer.add(ARTICLE, [])
    writer.finish()
    return Store(tmp_path / "articles.sqlite")


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
    st.integers(0, 10**9 - 1),
    st.integers(0, 10**9 - 1),
    st.none() | st.text("0123456789abcdef", min_size=8, max_size=64),
)
def test_a_citation_is_read_back_as_written(article: str, start: int, end: int, mark: str | None) -> None:
    citation = Citation(article, start, end, mark)
    assert parse_citation(str(citation)) == citation


@pytest.mark.parametrize("text", ["", "just-an-id", "a:1", "a:1-", "a:x-y", ":1-2", "a:1-2@xyz"])
def test_other_forms_are_no_citation(text: str) -> None:
    assert parse_citation(text) is None


def test_a_citation_finds_its_article(store: Store) -> None:
    citation = cite(ARTICLE, 5, 10)
    assert resolve(citation, store).text[citation.start : citation.end] == "words"


def test_a_gone_article_is_named(store: Store) -> None:
    with pytest.raises(ArticleGoneError, match="'b'"):
        resolve(Citation("b", 0, 1), store)


def test_a_changed_article_is_named(store: Store) -> None:
    old = cite(Article(ARTICLE.id, "Title", "Some other words of an article."), 5, 10)
    with pytest.raises(ArticleChangedError, match="news/2023"):
        resolve(old, store)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 26), (100, 200)])
def test_a_place_outside_of_the_article_is_refused(store: Store, start: int, end: int) -> None:
    with pytest.raises(CitationError, match="25 characters"):
        resolve(Citation(ARTICLE.id, start, end), store)
