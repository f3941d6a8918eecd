"""The fake goes wrong on purpose, limits the rate, and keeps a record of it."""

from __future__ import annotations

import http.client
import json
import time

import pytest
from fake_telegram.driver import FakeTelegram


def raw(telegram: FakeTelegram, method: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", telegram.port)
    try:
        connection.request("GET", f"/bot{telegram.token}/{method}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("kind", ["401", "409", "500"])
def test_planned_refusals_hit_as_many_calls_as_planned(telegram: FakeTelegram, kind: str) -> None:
    telegram.fault(kind, "getMe", count=2, skip=1)
    codes = [telegram.call("getMe").get("error_code") for _ in range(4)]
    assert codes == [None, int(kind), int(kind), None]
    assert telegram.call("getWebhookInfo")["ok"]
    assert telegram.state()["faults"] == {kind: 2}


def test_429_says_how_long_to_wait(telegram: FakeTelegram) -> None:
    telegram.fault("429", "sendMessage", retry_after=7)
    refused = telegram.call("sendMessage", chat_id=telegram.user("Anna").id, text="a")
    assert refused == {
        "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }  # fmt: skip


def test_bad_answers_and_hang_ups(telegram: FakeTelegram) -> None:
    telegram.fault("502")
    status, body = raw(telegram, "getMe")
    assert (status, body[:6]) == (502, b"<html>")
    telegram.fault("bad_json")
    status, body = raw(telegram, "getMe")
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    telegram.fault("hang_up")
    with pytest.raises(http.client.RemoteDisconnected):
        raw(telegram, "getMe")
    assert raw(telegram, "getMe")[0] == 200


def test_a_dropped_answer_comes_after_the_work(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    telegram.fault("drop", "sendMessage")
    with pytest.raises(http.client.RemoteDisconnected):
        telegram.call("sendMessage", chat_id=chat.id, text="sent all the same")
    assert [message.text for message in chat.messages()] == ["sent all the same"]


def test_delays_and_a_slow_network(telegram: FakeTelegram) -> None:
    telegram.fault("delay", "getMe", seconds=0.3)
    begin = time.monotonic()
    assert telegram.call("getMe")["ok"]
    assert time.monotonic() - begin > 0.29
    telegram.configure(network_seconds=0.2)
    begin = time.monotonic()
    assert telegram.call("getMe")["ok"]
    assert time.monotonic() - begin > 0.19


def test_chance_is_the_same_for_the_same_seed(telegram: FakeTelegram) -> None:
    def codes() -> list[int]:
        telegram.chance_of(0.3, "500", "429", seed=5, methods=["getMe"])
        return [telegram.call("getMe").get("error_code", 200) for _ in range(40)]

    first = codes()
    assert first == codes()
    assert {200, 429, 500} == set(first)
    telegram.calm()
    assert {telegram.call("getMe")["ok"] for _ in range(20)} == {True}


def test_a_fault_can_hit_one_chat_alone(telegram: FakeTelegram) -> None:
    anna, boris = telegram.user("Anna"), telegram.user("Boris")
    telegram.fault("429", "sendMessage", chat=anna.id)
    assert telegram.call("sendMessage", chat_id=boris.id, text="a")["ok"]
    assert telegram.call("sendMessage", chat_id=anna.id, text="a")["error_code"] == 429


def test_a_chat_gets_a_burst_and_then_one_message_a_second(telegram: FakeTelegram) -> None:
    anna, boris = telegram.user("Anna"), telegram.user("Boris")
    telegram.limit_rates(speed=10, burst=3)
    answers = [telegram.call("sendMessage", chat_id=anna.id, text=str(at)) for at in range(4)]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[-1]["parameters"]["retry_after"] == 1
    assert telegram.call("sendMessage", chat_id=boris.id, text="not limited")["ok"]
    time.sleep(0.12)
    assert telegram.call("sendMessage", chat_id=anna.id, text="again")["ok"]
    assert telegram.state()["limited"] == 1


def test_a_group_gets_twenty_messages_a_minute(telegram: FakeTelegram) -> None:
    group = telegram.group("Newsroom")
    telegram.limit_rates(burst=100)
    answers = [telegram.call("sendMessage", chat_id=group.id, text=str(at)) for at in range(21)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert 50 < answers[-1]["parameters"]["retry_after"] <= 60


def test_all_chats_together_get_thirty_messages_a_second(telegram: FakeTelegram) -> None:
    people = [telegram.user(f"Person {at}") for at in range(40)]
    telegram.limit_rates(speed=0.01)
    answers = [telegram.call("sendMessage", chat_id=person.id, text="a") for person in people]
    assert sum(answer["ok"] for answer in answers) == 30


def test_the_record_has_calls_counts_and_a_transcript(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    chat.say("Hello?")
    telegram.call("sendChatAction", chat_id=chat.id, action="typing")
    sent = telegram.call("sendMessage", chat_id=chat.id, text="Hi", reply_parameters={"message_id": 1})["result"]
    telegram.call("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="Hi!")
    telegram.call("deleteMessage", chat_id=chat.id, message_id=sent["message_id"])
    assert telegram.call("sendChatAction", chat_id=chat.id, action="dancing")["error_code"] == 400
    assert telegram.refusals() == ["sendchataction: Bad Request: wrong parameter action in request"]
    assert telegram.state()["counts"]["sendmessage 200"] == 1
    assert [call["values"]["text"] for call in telegram.calls("editMessageText")] == ["Hi!"]
    assert chat.transcript() == (
        "#1 Anna:\n    Hello?\nthe bot: typing ...\n#2 the bot, to #1:\n    Hi\nthe bot edits #2, to #1:\n    Hi!\n"
        "the bot deletes #2"
    )
