"""Messages are measured in UTF-16 units, and no entity is ever wrong."""

from __future__ import annotations

import pytest
from hostile import texts
from hypothesis import given
from hypothesis import strategies as st
from message_rules import broken_rules, covered
from telegram.constants import MessageEntityType

from qabot.channels.telegram.characters import cut, is_border, isolated, one_line, units, visible
from qabot.channels.telegram.text import Composed, Composer, Mark, composed, marks_of, plain
from qabot.passages.passage import Span


def test_offsets_count_utf_16_units() -> None:
    message = Composer().add("👍🏽 ").bold("𝔘 Ж").compose()
    (bold,) = message.entities
    assert (bold.offset, bold.length) == (5, 4)
    assert message.units == 9


def test_no_entity_and_no_message_begins_or_ends_with_white_space() -> None:
    message = Composer().add(" \n").bold("  Almaty \n").italic(" \t").add("\u00a0").compose()
    assert message.text == "Almaty"
    assert covered(message, "bold") == ["Almaty"]
    assert len(message.entities) == 1


def test_a_quote_stands_on_lines_of_its_own_with_its_bold_words_inside() -> None:
    message = Composer().add("Before").quote("One 😀 two. Three.", [Span(4, 9)], expandable=True).add("After").compose()
    assert message.text == "Before\nOne 😀 two. Three.\nAfter"
    assert covered(message, "expandable_blockquote") == ["One 😀 two. Three."]
    assert covered(message, "bold") == ["😀 two"]


def test_an_override_in_a_headline_cannot_turn_the_line_around() -> None:
    message = Composer().name("Savanna \u202eNews\u2066").add(", 4 July").compose()
    assert message.text == "Savanna News, 4 July"


def test_a_right_to_left_headline_is_isolated_outside_of_its_link() -> None:
    message = Composer().add("[1] ").link("شركة النفط", "https://example.org/").add(", 4 July").compose()
    assert message.text == "[1] \u2068شركة النفط\u2069, 4 July"
    assert covered(message, "text_link") == ["شركة النفط"]


def test_a_lone_surrogate_is_replaced() -> None:
    assert plain("a\ud83db").text == "a\ufffdb"


@pytest.mark.parametrize("piece", ["👨‍👩‍👧‍👦", "👍🏽", "🇰🇿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301", "a\u0308\u0323", "❤\ufe0f", "क्षि"])
def test_a_cut_never_divides_what_people_see_as_one_character(piece: str) -> None:
    text = piece * 40
    for limit in range(units(piece) + 1, units(text)):
        short = cut(text, limit)
        assert short.endswith("…")
        assert short[:-1] == piece * ((limit - 1) // units(piece))


def test_a_cut_prefers_the_end_of_a_word() -> None:
    assert cut("Almaty opens a dam near the mountains", 20) == "Almaty opens a dam…"
    assert cut("Almaty", 6) == "Almaty"


def test_a_letter_with_ten_thousand_accents_is_cut_all_the_same() -> None:
    assert units(cut("a" + "\u0301" * 10_000, 100)) == 100


def test_flags_are_counted_from_where_they_begin() -> None:
    flags = "x🇰🇿🇷🇺"
    assert [is_border(flags, at) for at in range(1, 5)] == [True, False, True, False]


@given(texts, st.integers(2, 200))
def test_any_text_is_cut_to_the_limit(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(texts)
def test_a_name_is_one_line_without_controls(text: str) -> None:
    line = one_line(text)
    assert line == " ".join(line.split())
    assert not any(
        character < " " or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for character in line
    )
    before, after = isolated(line)
    assert (before, after) in {("", ""), ("\u2068", "\u2069")}


def test_what_shows_nothing_is_told_from_what_does() -> None:
    assert not visible(" \u200b\u200d\u0301\ufeff")
    assert visible("?")


@given(st.lists(st.tuples(texts, st.sampled_from(["add", "bold", "italic", "quote", "name", "link"])), max_size=20))
def test_whatever_is_composed_keeps_the_rules_and_its_quotes(pieces: list[tuple[str, str]]) -> None:
    composer = Composer().add("Begin ")
    for text, how in pieces:
        if how == "link":
            composer.link(text, "https://example.org/")
        else:
            getattr(composer, how)(text)
    message = composer.add(" end").compose()
    broken = [problem for problem in broken_rules(message) if not problem.endswith((" units", " entities"))]
    assert not broken
    quoted = [text.strip() for text, how in pieces if how == "quote" and text.strip()]
    assert covered(message, "blockquote") == quoted


@given(texts, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=5))
def test_marks_are_read_back_as_they_were_set(text: str, spans: list[tuple[int, int]]) -> None:
    text = f"<{text}>"
    marks = [Span(min(span), min(max(span), len(text))) for span in spans]
    message = composed(text, [*(_bold(span) for span in marks if span.start < span.end)])
    assert composed(message.text, marks_of(message)) == message
    assert message == Composed(message.text, message.entities)


def _bold(span: Span) -> Mark:
    return Mark(span.start, span.end, MessageEntityType.BOLD)
