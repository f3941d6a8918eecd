"""The webhook: what Telegram brings is answered, and what strangers bring is not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from bot_scene import DAM_QUESTION, DAM_SENTENCE, NO_ANSWER, Scene, scene, wait_until
from fake_telegram.driver import FakeTelegram
from pydantic import SecretStr

from qabot.channels.telegram.webhook import Door
from qabot.errors import ChannelError

HOST = "https://bot.example"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def bot(home: Path, telegram: FakeTelegram, address: str) -> Iterator[Scene]:
    telegram.configure(hosts={HOST: f"http://{address}"})
    door = f"{HOST}/qabot/"
    with scene(home, telegram, telegram_webhook=door, telegram_listen=address, telegram_body_kb=64) as bot:
        yield bot


def knock(bot: Scene, body: bytes, secret: str | None, path: str | None = None) -> int:
    """The answer to somebody at the door."""
    where = path or urlsplit(bot.telegram.state()["webhook"]["url"]).path
    headers = {"Content-Type": "application/json"} | ({HEADER: secret} if secret is not None else {})
    try:
        return httpx.post(f"http://{bot.settings.telegram_listen}{where}", content=body, headers=headers).status_code
    except (httpx.WriteError, httpx.ReadError):
        return 400  # the connection was closed before everything was said


def secret_of(bot: Scene) -> str:
    (call,) = bot.telegram.calls("setWebhook")
    return str(call["values"]["secret_token"])


def test_a_question_that_is_brought_is_answered(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    assert DAM_SENTENCE in reply.text
    assert reply.press("1").answer() == ""
    wait_until(lambda: bot.telegram.state()["pending"] == 0)
    assert bot.telegram.state()["polls"] == 0


def test_the_address_cannot_be_guessed_and_does_not_tell_the_token(bot: Scene) -> None:
    url, secret = bot.telegram.state()["webhook"]["url"], secret_of(bot)
    assert url.startswith(f"{HOST}/qabot/")
    assert len(url.rpartition("/")[2]) >= 32
    assert len(secret) >= 32
    assert bot.telegram.token.partition(":")[2] not in url + secret


def test_strangers_are_turned_away(bot: Scene) -> None:
    update = json.dumps({"update_id": 1}).encode()
    assert knock(bot, update, secret_of(bot)) == 200
    assert knock(bot, update, None) == 403
    assert knock(bot, update, "wrong") == 403
    assert knock(bot, update, "", path="/") == 404
    assert knock(bot, update, secret_of(bot), path="/qabot/guess") == 404
    assert knock(bot, b" " * 70_000 + update, secret_of(bot)) in {400, 413}
    assert httpx.get(f"http://{bot.settings.telegram_listen}/").status_code in {404, 405}
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text


@pytest.mark.parametrize("body", [b"[]", b"7", b'{"update_id": "x"}', b'{"update_id": 5, "message": 7}', b'{"a": 1}'])
def test_what_is_malformed_counts_as_received(bot: Scene, body: bytes) -> None:
    assert knock(bot, body, secret_of(bot)) == 200


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_json_is_refused(bot: Scene, body: bytes) -> None:
    assert knock(bot, body, secret_of(bot)) == 400


def test_an_update_that_is_brought_twice_is_answered_once(bot: Scene) -> None:
    bot.telegram.configure(duplicates=2)
    _, chat = bot.person()
    chat.say(NO_ANSWER)
    chat.wait()
    chat.stays_silent()


def test_polling_takes_the_webhook_away(home: Path, telegram: FakeTelegram) -> None:
    telegram.call("setWebhook", url=f"{HOST}/other")
    _, chat = telegram.user("Anna", "en"), telegram.user("Boris", "en").private()
    with scene(home, telegram):
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
    assert not telegram.state()["webhook"].get("url")


def test_a_port_that_is_taken_is_said_so(home: Path, telegram: FakeTelegram, address: str) -> None:
    host, _, port = address.partition(":")
    taken = socket.create_server((host, int(port)))
    with taken, scene(home, telegram, telegram_webhook=HOST, telegram_listen=address) as bot:
        wait_until(bot.bot.ended.done)
        error = bot.bot.ended.exception()
    assert isinstance(error, ChannelError)
    assert "telegram_listen" in str(error)


def test_the_door_is_the_same_after_a_restart_and_another_for_another_token(bot: Scene) -> None:
    mine = Door.of(bot.settings, SecretStr(bot.telegram.token))
    assert mine == Door.of(bot.settings, SecretStr(bot.telegram.token))
    assert mine.path != Door.of(bot.settings, SecretStr("1:other")).path
    assert mine.secret not in repr(mine)
