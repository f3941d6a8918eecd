"""Paragraphs: which line ends divide, and that the spans hold all of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import canonical
from qabot.passages.paragraphs import paragraphs

WRAPPED = """\
The council voted on Tuesday to close the old bridge over the river
for eighteen months, a step that traders in the quarter have fought
since the plan was first shown to them two years ago. The mayor was
not there."""

texts = st.text(st.one_of(st.sampled_from(" \n\t\u00a0.aБ"), st.characters(codec="utf-8")), max_size=300).map(canonical)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


def test_blank_lines_separate_paragraphs() -> None:
    assert cut("One.\n\nTwo.\n \t\n\n\nThree.\n") == ["One.", "Two.", "Three."]


def test_each_line_of_a_block_is_a_paragraph() -> None:
    assert cut("A headline\nBy Jo Smith\nThe story begins.") == ["A headline", "By Jo Smith", "The story begins."]


def test_a_hard_wrapped_block_is_one_paragraph() -> None:
    assert cut(WRAPPED) == [WRAPPED]


def test_a_wrapped_block_stands_apart_from_its_neighbours() -> None:
    assert cut(f"Bridge to close\n\n{WRAPPED}\n\nAnother story") == ["Bridge to close", WRAPPED, "Another story"]


def test_a_wrapped_block_may_be_indented() -> None:
    indented = "\n".join(f"  {line}" for line in WRAPPED.split("\n"))
    assert cut(indented) == [indented.strip()]


def test_long_lines_are_paragraphs_even_where_one_goes_on_in_lower_case() -> None:
    lines = ["word " * 30 + "end", "and more " * 12 + "end", "Last."]
    assert cut("\n".join(lines)) == lines


def test_headlines_of_the_length_of_wrapped_lines_stay_apart() -> None:
    lines = [
        "Council votes to close the old bridge for eighteen months",
        "Traders in the quarter say that they will go to court",
        "Mayor was not there, and nobody knows where she was",
    ]
    assert cut("\n".join(lines)) == lines


def test_lines_with_room_for_the_next_word_were_not_filled() -> None:
    lines = [
        "the council will close the old bridge over the river",
        "a step that traders in the quarter have fought since the plan was shown to them",
        "the mayor was not there when the council voted",
    ]
    assert cut("\n".join(lines)) == lines


def test_other_separators_than_lf_are_white_space() -> None:
    assert cut("One\u2028two\x0cthree\x85four") == ["One\u2028two\x0cthree\x85four"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n\u00a0\n"])
def test_white_space_has_no_paragraphs(text: str) -> None:
    assert paragraphs(text) == []


@given(texts)
def test_paragraphs_are_trimmed_ordered_and_cover_all_but_white_space(text: str) -> None:
    reached = 0
    for start, end in paragraphs(text):
        assert reached <= start < end <= len(text)
        assert not text[reached:start].strip()
        assert text[start:end] == text[start:end].strip()
        reached = end
    assert not text[reached:].strip()
