"""Long messages become several, cut where a reader would pause, with nothing lost."""

from __future__ import annotations

from hostile import texts
from hypothesis import given
from hypothesis import strategies as st
from message_rules import broken_rules, covered
from telegram.constants import MessageEntityType

from qabot.channels.telegram.characters import units, visible
from qabot.channels.telegram.splitting import pages, split
from qabot.channels.telegram.text import Composed, Composer, Mark, composed, plain

SENTENCE = "The dam near Almaty cost 12 million dollars."


def test_a_short_message_stays_one() -> None:
    message = Composer().bold(SENTENCE).compose()
    assert split(message) == [message]
    assert split(Composed("")) == []


def test_a_long_message_is_cut_at_the_ends_of_sentences() -> None:
    parts = split(plain(" ".join([SENTENCE] * 300)))
    assert len(parts) == 4
    for part in parts:
        assert part.units <= 4096
        assert part.text.startswith("The dam")
        assert part.text.endswith("dollars.")


def test_an_empty_line_is_a_better_place_than_a_sentence() -> None:
    parts = split(plain(f"{SENTENCE} {SENTENCE}\n\n{SENTENCE} {SENTENCE}"), limit=140)
    assert [part.text for part in parts] == [f"{SENTENCE} {SENTENCE}"] * 2


def test_entities_are_carried_into_every_part() -> None:
    long_quote = " ".join([SENTENCE] * 200)
    message = Composer().quote(long_quote).link("Almaty opens a dam", "https://example.org/").compose()
    parts = split(message)
    assert len(parts) == 3
    assert " ".join(words for part in parts for words in covered(part, "blockquote")) == long_quote
    assert covered(parts[-1], "text_link") == ["Almaty opens a dam"]
    assert all(not broken_rules(part) for part in parts)


def test_a_link_is_not_cut_where_there_is_another_place() -> None:
    message = Composer().add("One two three. ").link("Mr. B. builds a dam", "https://example.org/").compose()
    first, second = split(message, limit=26)
    assert first.text == "One two three."
    assert covered(second, "text_link") == ["Mr. B. builds a dam"]


def test_more_entities_than_a_message_takes_make_more_messages() -> None:
    composer = Composer()
    for number in range(250):
        composer.bold(f"word{number}").add(" ")
    parts = split(composer.compose())
    assert len(parts) == 3
    assert [word for part in parts for word in covered(part, "bold")] == [f"word{number}" for number in range(250)]
    assert all(not broken_rules(part) for part in parts)


def test_a_text_without_a_pause_is_cut_between_characters() -> None:
    family = "👨‍👩‍👧‍👦"
    parts = split(plain(family * 1000))
    assert "".join(part.text for part in parts) == family * 1000
    assert all(part.text.count(family) * len(family) == len(part.text) for part in parts)


def test_a_part_that_would_show_nothing_is_not_sent() -> None:
    parts = split(plain("Before." + "\u202e" * 9000 + "After."))
    assert [part.text.strip("\u202e") for part in parts] == ["Before.", "After."]
    assert split(plain("\u202e\u200b")) == []


@given(st.lists(texts, max_size=8), st.integers(20, 300), st.integers(1, 10), st.data())
def test_any_message_is_split_into_good_ones_without_loss(
    pieces: list[str], limit: int, most: int, data: st.DataObject
) -> None:
    text = ". ".join(pieces)
    marks, place = [], 0
    while place < len(text):
        end = min(place + data.draw(st.integers(1, 60)), len(text))
        marks.append(
            Mark(place, end, data.draw(st.sampled_from([MessageEntityType.BOLD, MessageEntityType.BLOCKQUOTE])))
        )
        place = end + data.draw(st.integers(0, 20))
    message = composed(text.encode("utf-16", "replace").decode("utf-16"), marks)
    parts = split(message, limit, most)
    for part in parts:
        assert units(part.text) <= limit
        assert len(part.entities) <= most
        assert not broken_rules(part)
    assert _letters("".join(part.text for part in parts)) == _letters(message.text)
    for kind in ("bold", "blockquote"):
        carried = "".join(words for part in parts for words in covered(part, kind))
        assert _letters(carried) == _letters("".join(covered(message, kind)))


@given(texts, st.integers(10, 200))
def test_pages_hold_all_of_a_text(text: str, limit: int) -> None:
    spans = pages(text, limit)
    assert _letters("".join(text[start:end] for start, end in spans)) == _letters(text)
    assert all(units(text[start:end]) <= limit for start, end in spans)


def test_pages_of_nothing_are_one() -> None:
    assert pages("", 100) == [(0, 0)]


def _letters(text: str) -> str:
    return "".join(filter(visible, text))
