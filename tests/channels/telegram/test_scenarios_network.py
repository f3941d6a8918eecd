"""What the network and Telegram do to the bot, and what nobody notices of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bot_scene import CHESS_QUESTION, CHESS_SENTENCE, DAM_QUESTION, DAM_SENTENCE, Scene, scene, wait_until
from fake_telegram.driver import FakeTelegram

from qabot.channels.telegram.memory.memory import FILE
from qabot.channels.wording import LANGUAGES
from qabot.errors import ConflictError, TokenError

EN = LANGUAGES["en"]


@pytest.fixture
def bot(home: Path, telegram: FakeTelegram) -> Iterator[Scene]:
    with scene(home, telegram) as bot:
        yield bot


def test_a_chat_that_telegram_limits_delays_no_other(bot: Scene) -> None:
    anna, limited = bot.person()
    _, free = bot.person("Boris")
    bot.telegram.fault("429", "sendMessage", chat=anna.id, retry_after=2)
    began = time.monotonic()
    limited.say(DAM_QUESTION)
    free.say(CHESS_QUESTION)
    assert CHESS_SENTENCE in free.wait().text
    assert time.monotonic() - began < 1.9
    assert DAM_SENTENCE in limited.wait().text
    assert time.monotonic() - began >= 1.9
    limited.stays_silent()


@pytest.mark.parametrize("kind", ["500", "502", "hang_up", "bad_json"])
def test_a_reply_that_telegram_did_not_take_is_sent_again_once(bot: Scene, kind: str) -> None:
    _, chat = bot.person()
    bot.telegram.fault(kind, "sendMessage", count=2)
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text
    chat.stays_silent()


@pytest.mark.parametrize("kind", ["500", "502", "bad_json", "hang_up", "429"])
def test_polling_outlives_every_fault(bot: Scene, kind: str) -> None:
    _, chat = bot.person()
    bot.telegram.fault(kind, "getUpdates", count=3)
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text
    chat.stays_silent(0.3)


def test_updates_that_come_twice_are_answered_once(bot: Scene) -> None:
    bot.telegram.configure(duplicates=2)
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text
    chat.stays_silent()
    assert bot.telegram.state()["given"]


def test_an_update_that_comes_late_again_is_not_answered_again(bot: Scene) -> None:
    _, chat = bot.person()
    message = chat.say(DAM_QUESTION)
    chat.wait()
    event = next(event for event in bot.telegram.events() if event["kind"] == "said")
    bot.telegram.update({"update_id": event["update_id"], "message": message.json}, forced=True)
    chat.stays_silent()


MALFORMED: list[object] = [
    {"message": 7},
    {"message": {"message_id": "x", "date": "y", "chat": {"id": 1}}},
    {"message": {"message_id": 1, "date": 1, "chat": None, "text": 5}},
    {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}, "text": "x"}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": ["x"]}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "/x",
                 "entities": [{"type": "bot_command", "offset": 0, "length": 10**9}]}},
    {"callback_query": {"id": 5}},
    {"inline_query": []},
    {"message_reaction": {"chat": 1}},
    {"unheard_of": {"a": [1]}},
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "reply_to_message": {"a": 1}}},
]  # fmt: skip


def test_malformed_updates_are_passed_and_harm_no_other(bot: Scene, caplog: pytest.LogCaptureFixture) -> None:
    _, chat = bot.person()
    for update in MALFORMED:
        bot.telegram.update(update)
    chat.say(DAM_QUESTION)
    bot.telegram.update(MALFORMED[0])
    assert DAM_SENTENCE in chat.wait().text
    wait_until(lambda: bot.telegram.state()["pending"] == 0)
    polls = bot.telegram.state()["polls"]
    time.sleep(0.5)
    assert bot.telegram.state()["polls"] - polls <= 2, "the bot polls without pause"
    assert "malformed" in caplog.text


def test_old_questions_after_an_outage_are_not_answered_one_by_one(bot: Scene) -> None:
    anna, chat = bot.person()
    group = bot.telegram.group("News", anna)
    for _ in range(4):
        chat.say(DAM_QUESTION, age=600)
        group.say(anna, f"/ask {DAM_QUESTION}", age=600)
        group.say(anna, "nothing for the bot", age=600)
    chat.say(DAM_QUESTION)
    assert chat.wait().text == EN.stale
    assert DAM_SENTENCE in chat.wait().text
    assert group.wait().text == EN.stale
    group.stays_silent()


def test_a_date_that_cannot_be_is_no_reason_to_refuse(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION, age=3 * 365 * 24 * 3600)
    assert DAM_SENTENCE in chat.wait().text


def test_an_error_in_a_handler_is_one_friendly_line_and_ends_nothing(
    bot: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of the bot's own")

    monkeypatch.setattr("qabot.channels.telegram.handlers.commands.sources_text", fail)
    anna, chat = bot.person()
    chat.say("/sources")
    assert chat.wait().text == EN.failed
    group = bot.telegram.group("News", anna)
    group.say(anna, f"/sources@{bot.telegram.bot_username}")
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text
    assert "a fault of the bot's own" in caplog.text


def test_a_memory_that_fails_costs_the_buttons_but_no_answer(bot: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with closing(sqlite3.connect(bot.settings.state_folder / FILE)) as memory:
        for table in ("answers", "conversations", "links", "replies", "languages"):
            memory.execute(f"DROP TABLE {table}")
    _, chat = bot.person()
    chat.say(CHESS_QUESTION)
    reply = chat.wait()
    assert CHESS_SENTENCE in reply.text
    assert reply.buttons == []
    assert "cannot be" in caplog.text


def test_a_token_that_is_revoked_while_the_bot_runs_ends_it(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram) as bot:
        telegram.configure(revoked=True)
        bot.person()[1].say(DAM_QUESTION)
        wait_until(bot.bot.ended.done)
        assert isinstance(bot.bot.ended.exception(), TokenError)


def test_another_poller_that_stays_ends_the_bot(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram) as bot:
        telegram.fault("409", "getUpdates", count=-1)
        wait_until(bot.bot.ended.done)
        error = bot.bot.ended.exception()
        assert isinstance(error, ConflictError)
        assert "Another process polls with the same token" in str(error)


def test_another_poller_that_goes_away_is_outlived(bot: Scene) -> None:
    bot.telegram.fault("409", "getUpdates", count=2)
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text


def test_a_network_that_is_down_at_the_start_is_waited_for(home: Path, telegram: FakeTelegram) -> None:
    telegram.fault("hang_up", count=12)
    with scene(home, telegram) as bot:
        _, chat = bot.person()
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text


def test_five_in_a_hundred_calls_that_fail_lose_and_double_nothing(bot: Scene) -> None:
    bot.telegram.chance_of(
        0.05, "500", "502", "hang_up", "bad_json", "429", seed=7, methods=["getUpdates", "sendMessage"]
    )
    people = [bot.person(f"P{number}") for number in range(60)]
    bot.telegram.bulk([{"chat_id": user.id, "user_id": user.id, "text": DAM_QUESTION} for user, _ in people])
    wait_until(lambda: all(private.messages() for _, private in people))
    time.sleep(0.5)
    assert bot.telegram.load().replies == {1: 60}
