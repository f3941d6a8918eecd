"""Conversations: what is remembered, stored and mentioned."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.questions.conversation import (
    LONGEST_QUESTION,
    LONGEST_QUOTE,
    REMEMBERED,
    Conversation,
    Mention,
    Turn,
    headline_mentions,
    mentions,
    whole_name,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["turns", "question", "quote"]), inner),
    max_leaves=10,
)


def test_a_turn_leaves_the_conversation_before_it_as_it_was() -> None:
    empty = Conversation()
    one = empty.with_turn("Who won?", "Ann Lee won.", "Ann Lee wins the cup")
    assert empty.turns == ()
    assert one.turns == (Turn("Who won?", "Ann Lee won.", "Ann Lee wins the cup"),)


def test_only_the_last_turns_are_remembered_and_long_ones_are_cut() -> None:
    conversation = Conversation()
    for number in range(REMEMBERED + 3):
        conversation = conversation.with_turn(f"{number} {'why ' * 500}", "word " * 5000)
    assert [turn.question[0] for turn in conversation.turns] == [str(number) for number in range(3, REMEMBERED + 3)]
    assert len(conversation.turns[0].question) <= LONGEST_QUESTION
    assert len(conversation.turns[0].quote or "") <= LONGEST_QUOTE


@given(st.lists(st.tuples(st.text(), st.none() | st.text(), st.none() | st.text()), max_size=8))
def test_a_stored_conversation_comes_back_equal(turns: list[tuple[str, str | None, str | None]]) -> None:
    conversation = Conversation()
    for turn in turns:
        conversation = conversation.with_turn(*turn)
    assert Conversation.from_dict(json.loads(json.dumps(conversation.to_dict()))) == conversation


@given(ANYTHING)
def test_a_damaged_store_is_forgotten_without_an_error(stored: object) -> None:
    assert len(Conversation.from_dict(stored).turns) <= REMEMBERED


def test_what_is_whole_in_a_damaged_store_is_kept() -> None:
    stored = {"turns": [{"question": 1}, "x", {"question": "Who?", "quote": 5, "headline": "Ann\ud800"}]}
    assert Conversation.from_dict(stored).turns == (Turn("Who?", None, "Ann?"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Yesterday Ann Lee joined the Bank of Jersey.", ["Ann Lee", "Bank of Jersey"]),
        ("The minister met Ann Lee's sister.", ["Ann Lee"]),
        ("He said that Mr. Smith left the U.S. on 3 July 2023.", ["Mr. Smith", "U.S.", "3 July 2023"]),
        ("What did Kazakhstan's Tokayev say in March 2024?", ["Kazakhstan", "Tokayev", "March 2024"]),
        ("Когда Касым-Жомарт Токаев приехал в Алматы?", ["Касым-Жомарт Токаев", "Алматы"]),
        ("Қашан Қасым-Жомарт Тоқаев Алматыға келді?", ["Қасым-Жомарт Тоқаев Алматыға"]),
        ("How many people came to the square?", []),
        ("Don't go. Prices rose. It rained.", []),
        ("", []),
    ],
)
def test_names_and_dates_are_found_and_words_that_open_a_sentence_are_not(text: str, found: list[str]) -> None:
    assert [mention.text for mention in mentions(text)] == found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ann Lee", "person"),
        ("Vincent van Gogh", "person"),
        ("Bank of Jersey", "name"),
        ("National Bank", "name"),
        ("The Kinks", "name"),
        ("Apollo 11", "name"),
    ],
)
def test_a_person_is_told_from_a_body_by_the_look_of_the_name(name: str, kind: str) -> None:
    found = whole_name(name)
    assert found is not None
    assert found.kind == kind


def test_a_short_headline_is_a_thing_to_speak_of_and_a_long_one_holds_names() -> None:
    assert headline_mentions("Ann Lee (runner)") == [Mention("Ann Lee", "person")]
    assert headline_mentions("Fire in the old town") == [Mention("Fire in the old town", "words")]
    long = headline_mentions("Tokayev opens summit in Astana with a proposal for clean water")
    assert [mention.text for mention in long] == ["Tokayev", "Astana"]
    assert headline_mentions("  ") == []


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for_mentions(text: str) -> None:
    for mention in mentions(text):
        assert mention.text
        assert mention.text in text
    headline_mentions(text)
