"""Front matter: the forgiving part of YAML that people write above their texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import canonical
from qabot.articles.front_matter import split_front_matter


def test_fields_are_read_by_any_of_their_names() -> None:
    text = """---
Title: "Quoted: \\"yes\\""
date: 2023-07-04
outlet: 'Kazinform''s'
authors: [A. One, "B. Two"]
link: https://example.org/a
lang: kk
location: Astana
id: 17
layout: post
---
The text.
"""
    fields, rest = split_front_matter(text)
    assert fields == {
        "title": 'Quoted: "yes"',
        "published": "2023-07-04",
        "source": "Kazinform's",
        "author": "A. One, B. Two",
        "url": "https://example.org/a",
        "language": "kk",
        "place": "Astana",
        "id": "17",
    }
    assert rest == "The text.\n"


def test_lists_comments_and_folded_lines_are_understood() -> None:
    text = "\n---\n# a comment\nauthor:\n  - A. One\n  - B. Two\ntitle: >\n  A long\n  title\ntags:\n- x\n...\nText"
    assert split_front_matter(text) == ({"author": "A. One, B. Two", "title": "A long title"}, "Text")


def test_empty_values_are_no_values() -> None:
    assert split_front_matter("---\ntitle:\nurl: null\nauthor: ~\nid: 1\n---\nText") == ({"id": "1"}, "Text")


@pytest.mark.parametrize(
    "text",
    [
        "No block at all.",
        "---\ntitle: never closed\n\nText",
        "---\ntitle: fine\nthis line is prose\n---\nText",
        "---\nNote: no key that is known\n---\nText",
        "---\n---\nText",
        "---",
        "--- title: x ---",
        "Text first.\n---\ntitle: late\n---\n",
        "---\n" + "title: x\n" * 300 + "---\nText",
    ],
)
def test_what_is_no_block_is_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


LINES = st.sampled_from(
    ["---", "...", "title: A", "date: x", "- item", "  more", ": ", "key", "url: [", "id: '", '"', "#"]
)


@given(st.lists(LINES | st.text(max_size=8), max_size=10).map("\n".join))
def test_what_is_left_is_the_end_of_what_was_given(written: str) -> None:
    text = canonical("---\n" + written)
    fields, rest = split_front_matter(text)
    assert text.endswith(rest)
    assert all(fields.values())
    assert fields or rest == text
