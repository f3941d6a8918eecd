"""Completing: updates and results of small servers, which leave out what Telegram always says, are understood."""

from __future__ import annotations

import time
from typing import Any

import pytest
from telegram import Bot, Message

from qabot.channels.telegram.completing import completed_result, completed_update
from qabot.channels.telegram.updates import read_update

BOT = Bot("1:x")
LEAST: dict[str, Any] = {"message_id": 5, "chat": {"id": 7}, "from": {"id": 7}}


def message_of(**fields: object) -> Message:
    received = read_update({"update_id": 3, "message": {**LEAST, **fields}}, BOT)
    assert received is not None
    assert received.update is not None
    assert received.update.message is not None
    return received.update.message


def marks_of(text: str) -> list[tuple[str, str]]:
    message = message_of(text=text)
    return [(entity.type, message.parse_entity(entity)) for entity in message.entities]


def test_a_message_without_a_date_is_of_now() -> None:
    assert abs(message_of(text="dam?").date.timestamp() - time.time()) < 60


@pytest.mark.parametrize(("identity", "kind"), [(7, "private"), (-7, "supergroup")])
def test_a_chat_without_a_type_is_what_its_id_says(identity: int, kind: str) -> None:
    assert message_of(text="dam?", chat={"id": identity}).chat.type == kind


def test_ids_in_quotes_are_numbers() -> None:
    received = read_update({"update_id": "3", "message": {**LEAST, "message_id": "5", "chat": {"id": "-7"}}}, BOT)
    assert received is not None
    assert received.update is not None
    assert received.update.message is not None
    assert (received.id, received.update.message.chat.id, received.update.message.message_id) == (3, -7, 5)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("/start", [("bot_command", "/start")]),
        ("/ask@q_bot 🦓 dam?", [("bot_command", "/ask@q_bot")]),
        ("🦓 @q_bot dam?", [("mention", "@q_bot")]),
        ("https://example.org/@q_bot", [("url", "https://example.org/@q_bot")]),
        ("and/or, a@b.org, 5 / 3", []),
        ("/etc/passwd", []),
    ],
)
def test_commands_mentions_and_links_without_marks_are_found(text: str, marks: list[tuple[str, str]]) -> None:
    assert marks_of(text) == marks


def test_marks_that_came_are_not_touched() -> None:
    assert message_of(text="/start", entities=[]).entities == ()


@pytest.mark.parametrize("kind", ["animation", "audio", "document", "sticker", "video", "video_note", "voice"])
def test_media_of_which_little_is_said_are_known(kind: str) -> None:
    assert message_of(**{kind: {"file_id": "x"}}).effective_attachment is not None
    assert message_of(photo=[{"file_id": "x"}]).photo


@pytest.mark.parametrize(
    "rest",
    [
        {"callback_query": {"id": "1", "from": {"id": 7}, "data": "x", "message": LEAST}},
        {"inline_query": {"id": "1", "from": {"id": 7}, "query": "dam"}},
        {"message_reaction": {"chat": {"id": 7}, "user": {"id": 7}, "message_id": 5}},
    ],
)
def test_presses_queries_and_reactions_are_understood(rest: dict[str, object]) -> None:
    received = read_update({"update_id": 3, **rest}, BOT)
    assert received is not None
    assert received.update is not None


def test_what_is_whole_stays_as_it_is() -> None:
    whole = {
        "update_id": 3,
        "message": {
            "message_id": 5,
            "date": 1_700_000_000,
            "chat": {"id": -7, "type": "group", "title": "News"},
            "from": {"id": 8, "is_bot": True, "first_name": "Bot"},
            "text": "/start",
            "entities": [],
        },
    }
    assert completed_update(whole) == whole


@pytest.mark.parametrize("result", [True, {}, {"message_id": 9}, {"message_id": 9, "chat": {"id": 7}}, None])
def test_a_message_that_was_sent_is_one_whatever_the_server_says_of_it(result: object) -> None:
    whole = completed_result("sendMessage", result, {"chat_id": 7, "text": "x"})
    assert isinstance(whole, dict)
    message = Message.de_json(whole, BOT)
    assert message.chat.id == 7


@pytest.mark.parametrize("method", ["getMyDescription", "getWebhookInfo", "getMyShortDescription", "getMe"])
def test_a_server_that_says_yes_to_everything_tells_nothing(method: str) -> None:
    assert completed_result(method, True, {}) == completed_result(method, {}, {})
    assert completed_result("getMyCommands", True, {}) == []
