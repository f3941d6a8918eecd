"""Ids: the same from build to build and machine to machine, whatever else is in the folder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.identity import LENGTH, id_from_given, id_from_path, id_from_text, id_from_url, web_url


@pytest.mark.parametrize("given_id", ["rt22-00001", "17", "a b", "👍", "x:1-2@3", "статья", "a/b.txt"])
def test_a_printable_id_is_kept_as_it_is(given_id: str) -> None:
    assert id_from_given(given_id) == given_id


def test_a_blank_id_is_none() -> None:
    assert id_from_given(" \n") is None


def test_ids_that_cannot_be_shown_stay_different() -> None:
    shown = {id_from_given(text) for text in ("a\nb", "a\tb", "a b", "a\u202eb", "x" * 300, "x" * 301)}
    assert len(shown) == 6
    assert all(text and text.isprintable() and len(text) <= LENGTH for text in shown)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.Example.org/news/big-story/",
        "http://example.org/news/big-story",
        "https://example.org/news/big-story#comments",
        "https://example.org:443/news/big-story?utm_source=x&utm_medium=y&fbclid=1",
        "https://user:password@example.org/news/big-story",
    ],
)
def test_one_page_has_one_id_however_its_address_is_written(url: str) -> None:
    assert id_from_url(url) == id_from_url("https://example.org/news/big-story")


def test_an_id_from_a_url_can_be_read() -> None:
    assert id_from_url("https://example.org/news/big-story.html").startswith("example.org-big-story-")


def test_other_pages_have_other_ids() -> None:
    urls = [
        "https://example.org/a",
        "https://example.org/b",
        "https://example.org/a?id=1",
        "https://example.org:8080/a",
    ]
    assert len({id_from_url(url) for url in [*urls, "https://example.org/A", "http://[broken", "http://x:y/"]}) == 7


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("000_40421d8e319eeb75.txt", "000_40421d8e319eeb75"),
        ("news/2023/a.txt", "news/2023/a"),
        ("a.md", "a.md"),
        ("a.md.txt", "a.md.txt"),
        ("2023.07.04.txt", "2023.07.04"),
        ("cafe\u0301.txt", "caf\u00e9"),
    ],
)
def test_an_id_from_a_path_is_the_path(path: str, expected: str) -> None:
    assert id_from_path(path) == expected


def test_a_record_without_id_keeps_its_own_when_lines_are_inserted_above() -> None:
    assert id_from_text("a.jsonl", "Text.") == id_from_text("a.jsonl", "Text.")
    assert id_from_text("a.jsonl", "Text.").startswith("a.jsonl#")
    assert id_from_text("a.jsonl", "Text.") != id_from_text("a.jsonl", "Text!")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a.org/\nb", "http://[x", "x" * 99, ""]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_url(url) is None


@given(st.text())
def test_any_text_makes_an_id_for_one_line(text: str) -> None:
    for made in (id_from_given(text), id_from_url(text), id_from_path(text), id_from_text(text, text)):
        assert made is None or (made.isprintable() and len(made) <= LENGTH)
