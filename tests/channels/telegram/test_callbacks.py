"""Callback data are short, and nothing but the bot's own is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message_rules import broken_buttons, labels
from telegram.constants import InlineKeyboardButtonLimit

from qabot.channels.telegram.buttons import (
    answer_keyboard,
    forget_keyboard,
    language_keyboard,
    page_keyboard,
    upload_keyboard,
)
from qabot.channels.telegram.callbacks import Callback, Verb, parse_callback
from qabot.channels.wording import LANGUAGES, words_for

KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,48}", fullmatch=True)


@given(st.sampled_from(Verb), KEYS, st.integers(0, 999_999))
def test_what_a_button_carries_is_read_back(verb: Verb, key: str, number: int) -> None:
    callback = Callback(verb, key, number)
    assert parse_callback(callback.data) == callback
    assert len(callback.data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "s",
        "s:a",
        "s:a:",
        "s:a:01",
        "s:a:-1",
        "s:a:1:1",
        "z:a:1",
        "s::1",
        "s:a b:1",
        "s:a:1\n",
        "s:é:1",
        "s:a:１",
    ],
)
def test_data_of_any_other_form_are_no_callback(data: str | None) -> None:
    assert parse_callback(data) is None


@given(st.text(max_size=80))
def test_arbitrary_data_do_no_harm(data: str) -> None:
    callback = parse_callback(data)
    assert callback is None or callback.data == data


@pytest.mark.parametrize(("key", "number"), [("", 1), ("k" * 49, 1), ("a:b", 1), ("a", -1), ("a", 1_000_000)])
def test_a_callback_that_would_not_fit_is_refused_when_it_is_made(key: str, number: int) -> None:
    with pytest.raises(ValueError, match="cannot be callback data"):
        Callback(Verb.SOURCE, key, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_keyboard_is_one_that_telegram_takes(language: str) -> None:
    words = words_for(language)
    keyboards = [
        answer_keyboard(words, "k" * 48, sources=20, more=True, rating=-1),
        answer_keyboard(words, "a", sources=0, more=False),
        language_keyboard(words),
        upload_keyboard(words, "u1"),
        forget_keyboard(words),
    ]
    for keyboard in keyboards:
        assert not broken_buttons(keyboard)


def test_the_sources_stand_above_more_and_the_rating() -> None:
    keyboard = answer_keyboard(words_for("en"), "a", sources=2, more=True, rating=1)
    assert labels(keyboard) == [["1", "2"], ["More", "👍 ✓", "👎"]]


def test_pages_lead_back_and_forth() -> None:
    assert page_keyboard("a", 1, 1) is None
    assert labels(page_keyboard("a", 1, 3)) == [["2 ›"]]
    assert labels(page_keyboard("a", 2, 3)) == [["‹ 1", "3 ›"]]
    assert labels(page_keyboard("a", 3, 3)) == [["‹ 2"]]
