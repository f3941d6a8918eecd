"""Headlines for articles without a title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.headline import HEADLINE, cut_at_word, headline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The market fell. Nobody knows why.", "The market fell."),
        ("«Мы готовы!» Так он сказал.", "«Мы готовы!»"),
        ("Mr. Biden met K. Tokayev in the U.S. Senate. They talked.", "Mr. Biden met K. Tokayev in the U.S. Senate."),
        ("Prices rose 3.5 percent in No. 5. Then more.", "Prices rose 3.5 percent in No. 5."),
        ("\n\n***\n\nA title line\n\nThe text. More.", "A title line"),
        ("no end mark", "no end mark"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_headline(text: str, expected: str) -> None:
    assert headline(text) == expected


def test_a_long_sentence_is_cut_at_a_word() -> None:
    cut = headline("word " * 100)
    assert cut == "word " * 23 + "word…"
    assert len(cut) <= HEADLINE


def test_marks_before_the_cut_are_dropped() -> None:
    assert cut_at_word("one, two, three", 10) == "one, two…"


def test_a_text_without_spaces_is_cut_anywhere() -> None:
    assert headline("哈" * 500) == "哈" * 119 + "…"


@given(st.text(), st.integers(2, 50))
def test_a_cut_is_never_too_long_and_keeps_the_beginning(text: str, length: int) -> None:
    cut = cut_at_word(text, length)
    assert len(cut) <= length
    assert text.startswith(cut.removesuffix("…")) or text == cut
