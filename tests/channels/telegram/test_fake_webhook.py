"""The fake delivers updates to a webhook, with the secret, until it is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fake_telegram.driver import FakeTelegram

HOST = "https://bot.example"
SECRET = "s3cret_-"  # noqa: S105 (of a webhook that does not exist)


@contextmanager
def receiver(answers: list[int]) -> Iterator[tuple[str, list[tuple[str, str | None, bytes]]]]:
    """A server that notes what it gets: path, secret, body. It answers with `answers`, then with 200."""
    got: list[tuple[str, str | None, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["X-Telegram-Bot-Api-Secret-Token"], body))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keeps the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def wait_until_delivered(telegram: FakeTelegram) -> None:
    deadline = time.monotonic() + 10
    while telegram.state()["pending"]:
        assert time.monotonic() < deadline, telegram.state()
        time.sleep(0.02)


def test_updates_are_posted_with_the_secret_and_repeated_after_a_failure(telegram: FakeTelegram) -> None:
    with receiver([500, 503]) as (target, got):
        telegram.configure(hosts={HOST: target})
        assert telegram.call("setWebhook", url=f"{HOST}/way/in", secret_token=SECRET)["ok"]
        telegram.user("Anna").private().say("Привет")
        wait_until_delivered(telegram)
    assert {(path, secret) for path, secret, _ in got} == {("/way/in", SECRET)}
    assert len(got) == 3
    assert "Привет".encode() in got[-1][2]
    info = telegram.call("getWebhookInfo")["result"]
    assert (info["url"], info["pending_update_count"]) == (f"{HOST}/way/in", 0)
    assert "503" in info["last_error_message"]


def test_a_webhook_that_is_away_gets_its_updates_later(telegram: FakeTelegram) -> None:
    telegram.configure(hosts={HOST: "http://127.0.0.1:9"})
    telegram.call("setWebhook", url=HOST)
    telegram.user("Anna").private().say("hello")
    time.sleep(0.2)
    assert telegram.call("getWebhookInfo")["result"]["pending_update_count"] == 1
    with receiver([]) as (target, got):
        telegram.configure(hosts={HOST: target})
        wait_until_delivered(telegram)
    assert len(got) == 1


def test_polling_and_a_webhook_exclude_each_other(telegram: FakeTelegram) -> None:
    telegram.call("setWebhook", url=HOST)
    refused = telegram.call("getUpdates")
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    telegram.user("Anna").private().say("dropped")
    assert telegram.call("deleteWebhook", drop_pending_updates=True)["ok"]
    assert telegram.call("getUpdates") == {"ok": True, "result": []}


@pytest.mark.parametrize(
    ("asked", "description"),
    [
        ({"url": "http://bot.example"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": f"{HOST}:8080"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": HOST, "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": HOST, "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_wrong_webhooks_are_refused(telegram: FakeTelegram, asked: dict[str, str], description: str) -> None:
    assert telegram.call("setWebhook", **asked)["description"] == f"Bad Request: {description}"
