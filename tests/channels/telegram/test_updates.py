"""Updates: one that is malformed harms no other, and its offset is passed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot

from qabot.channels.telegram.updates import ALLOWED, read_update, read_updates

BOT = Bot("1:x")
MESSAGE: dict[str, Any] = {
    "message_id": 5,
    "date": 1_700_000_000,
    "chat": {"id": 7, "type": "private", "first_name": "Anna"},
    "from": {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "en"},
    "text": "Hello 🦓",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def update(identity: object = 3, **fields: object) -> dict[str, object]:
    return {"update_id": identity, **fields}


def test_a_message_is_read() -> None:
    received = read_update(update(message=MESSAGE), BOT)
    assert received is not None
    assert received.update is not None
    assert received.update.message is not None
    assert received.update.message.text == "Hello 🦓"
    assert received.kind == "message"


def test_the_json_stays_as_it_came() -> None:
    raw = update(message={**MESSAGE, "entities": [{"type": "bold", "offset": 0, "length": 5}]})
    copy = {**raw}
    received = read_update(raw, BOT)
    assert received is not None
    assert received.raw == copy


@pytest.mark.parametrize("identity", [None, "x3", True, 1.5, -1, 2**53, [], {}])
def test_an_update_without_a_usable_id_is_left_out(identity: object) -> None:
    assert read_update(update(identity, message=MESSAGE), BOT) is None


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}])
def test_what_is_no_update_is_left_out(raw: object) -> None:
    assert read_update(raw, BOT) is None


@pytest.mark.parametrize(
    "message",
    [
        7,
        [],
        {},
        {**MESSAGE, "text": 5},
        {**MESSAGE, "message_id": "five"},
        {**MESSAGE, "date": "yesterday"},
        {**MESSAGE, "date": 10**20},
        {**MESSAGE, "chat": {"id": "seven", "type": "private"}},
        {**MESSAGE, "chat": []},
        {**MESSAGE, "from": {"id": None, "is_bot": False, "first_name": "x"}},
        {**MESSAGE, "from": {**MESSAGE["from"], "language_code": 3}},
        {**MESSAGE, "entities": [{"type": "bold", "offset": 6, "length": 3}]},
        {**MESSAGE, "entities": [{"type": "bold", "offset": -1, "length": 1}]},
        {**MESSAGE, "reply_to_message": {**MESSAGE, "text": []}},
    ],
    ids=str,
)
def test_a_malformed_message_keeps_its_id_and_says_nothing(message: object) -> None:
    received = read_update(update(message=message), BOT)
    assert received is not None
    assert (received.id, received.update, received.kind) == (3, None, "malformed")


def test_a_surrogate_counts_as_telegram_counts_it() -> None:
    message = {**MESSAGE, "entities": [{"type": "bold", "offset": 6, "length": 2}]}
    received = read_update(update(message=message), BOT)
    assert received is not None
    assert received.update is not None


def test_one_malformed_update_in_a_batch_harms_no_other() -> None:
    batch = [update(1, message=MESSAGE), update(2, message=7), "x", update(4, message=MESSAGE)]
    assert [(one.id, one.update is None) for one in read_updates(batch, BOT)] == [(1, False), (2, True), (4, False)]


def test_kinds_of_a_later_bot_api_are_received_and_left_alone() -> None:
    received = read_update(update(unheard_of={"a": [1]}), BOT)
    assert received is not None
    assert received.update is not None
    assert received.kind == "other"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ALLOWED), JSON)
def test_nothing_that_json_can_hold_raises(kind: str, value: object) -> None:
    received = read_update(update(**{str(kind): value}), BOT)
    assert received is not None
    assert received.id == 3


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(MESSAGE)), JSON)
def test_no_field_of_a_message_raises(field: str, value: object) -> None:
    assert read_update(update(message={**MESSAGE, field: value}), BOT) is not None
