"""The fake gives updates as Telegram does: kept until confirmed, one poller, long polls, kinds that were asked for."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from fake_telegram.driver import FakeTelegram
from fake_telegram.refusals import Json


def texts(answer: Json) -> list[str]:
    return [update["message"]["text"] for update in answer["result"]]


def test_updates_are_kept_until_a_higher_offset_confirms_them(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    for text in ("a", "b", "c"):
        chat.say(text)
    first = telegram.call("getUpdates", limit=2)
    assert texts(first) == ["a", "b"]
    assert texts(telegram.call("getUpdates", limit=2)) == ["a", "b"]
    after = first["result"][-1]["update_id"] + 1
    assert texts(telegram.call("getUpdates", offset=after)) == ["c"]
    assert texts(telegram.call("getUpdates", offset=after + 1)) == []
    assert texts(telegram.call("getUpdates", offset=0)) == []


def test_a_negative_offset_keeps_only_the_last(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    for text in ("a", "b", "c"):
        chat.say(text)
    assert texts(telegram.call("getUpdates", offset=-1)) == ["c"]


def test_a_long_poll_ends_with_the_first_update(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    with ThreadPoolExecutor(1) as pool:
        begin = time.monotonic()
        polled = pool.submit(telegram.call, "getUpdates", timeout=20)
        time.sleep(0.3)
        chat.say("now")
        assert texts(polled.result(timeout=5)) == ["now"]
        assert 0.25 < time.monotonic() - begin < 5
    assert texts(telegram.call("getUpdates", offset=10**6, timeout=1)) == []


def test_a_second_poller_ends_the_first_with_409(telegram: FakeTelegram) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(telegram.call, "getUpdates", timeout=20)
        time.sleep(0.3)
        assert telegram.call("getUpdates")["ok"]
        refused = first.result(timeout=5)
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: terminated by other getUpdates request")


def test_a_poller_that_went_away_is_no_second_poller(telegram: FakeTelegram) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", telegram.port)
    connection.request("GET", f"/bot{telegram.token}/getUpdates?timeout=20")
    time.sleep(0.2)
    connection.close()
    time.sleep(0.2)
    answers: list[Json] = []
    thread = threading.Thread(target=lambda: answers.append(telegram.call("getUpdates", timeout=5)))
    thread.start()
    time.sleep(0.2)
    telegram.user("Anna").private().say("hello")
    thread.join(timeout=5)
    assert texts(answers[0]) == ["hello"]


def test_only_kinds_that_were_asked_for_are_queued(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    chat = anna.private()
    message = chat.say("one")
    chat.react(message, "👍")
    kinds = [set(update) - {"update_id"} for update in telegram.call("getUpdates")["result"]]
    assert kinds == [{"message"}], "reactions come only if asked for"
    telegram.call("getUpdates", offset=10**6, allowed_updates=["message_reaction"])
    chat.say("two")
    chat.react(message, "👎", old="👍")
    (update,) = telegram.call("getUpdates")["result"]
    assert [reaction["emoji"] for reaction in update["message_reaction"]["new_reaction"]] == ["👎"]


def test_get_and_form_and_json_and_wrong_tokens(telegram: FakeTelegram) -> None:
    def ask(
        method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", telegram.port)
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, read

    anna = telegram.user("Anna")
    base = f"/bot{telegram.token}"
    assert ask("GET", f"{base}/getMe")[0] == 200
    assert ask("GET", f"{base}/sendMessage?chat_id={anna.id}&text=a%20b")[0] == 200
    assert ask("POST", f"{base}/SENDMESSAGE", f"chat_id={anna.id}&text=%F0%9F%91%89")[0] == 200
    boundary = f'--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n{anna.id}\r\n' + (
        '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nя\r\n--x--\r\n'
    )
    connection_kind = "multipart/form-data; boundary=x"
    assert ask("POST", f"{base}/sendMessage", boundary.encode().decode("latin-1"), connection_kind)[0] == 200
    assert ask("POST", f"{base}/sendMessage", "{", "application/json")[0] == 400
    assert ask("GET", f"{base}/sendMassage")[0] == 404
    assert ask("GET", "/bot1:short/getMe")[0] == 404
    assert ask("GET", f"/bot123456789:{'A' * 35}/getMe")[0] == 401
    assert [message.text for message in anna.private().messages()] == ["a b", "👉", "я"]


def test_malformed_and_repeated_updates_are_delivered_as_they_are(telegram: FakeTelegram) -> None:
    number = telegram.update({"message": {"nothing": "usual"}})["update_id"]
    telegram.update({"update_id": number + 1, "a_kind_of_tomorrow": {}})
    assert telegram.call("getUpdates")["result"] == [
        {"update_id": number, "message": {"nothing": "usual"}},
        {"update_id": number + 1, "a_kind_of_tomorrow": {}},
    ]
    assert telegram.call("getUpdates", offset=number + 2)["result"] == []
    telegram.update({"update_id": number}, forced=True)
    assert telegram.call("getUpdates", offset=number + 2)["result"] == [{"update_id": number}]
    telegram.configure(duplicates=1)
    telegram.user("Anna").private().say("twice")
    assert texts(telegram.call("getUpdates", offset=number + 2)) == ["twice", "twice"]
