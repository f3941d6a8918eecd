"""Small servers: the bot works with a Bot API that knows three methods and says little."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from bot_scene import CHESS_QUESTION, CHESS_SENTENCE, DAM_QUESTION, DAM_SENTENCE, bot_in_thread, wait_until

from qabot.errors import ConflictError, TokenError
from qabot.settings import load_settings

PERSON = {"chat": {"id": 7}, "from": {"id": 7}}
NUMBERS = itertools.count(1)
Answer = tuple[int, object]


class Small:
    """Keeps updates until they are confirmed, gives one at a time and never waits; `unknown` answers other methods."""

    def __init__(self, unknown: Answer, sent: object = None) -> None:
        self.updates: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self.next: list[Answer] = []
        self.poll: Answer | None = None
        self._unknown, self._sent = unknown, sent

    def hear(self, *texts: str) -> None:
        for number, text in zip(NUMBERS, texts, strict=False):
            self.updates.append({"update_id": number, "message": {"message_id": number, "text": text, **PERSON}})

    def answer(self, method: str, asked: dict[str, str]) -> Answer:
        if method == "getMe":
            return 200, {"ok": True, "result": {"id": 99, "username": "small_bot"}}
        if method == "getUpdates":
            self.updates = [update for update in self.updates if update["update_id"] >= int(asked["offset"])]
            return self.poll or (200, {"ok": True, "result": self.updates[:1]})
        if method == "sendMessage":
            if self.next:
                return self.next.pop()
            self.texts.append(asked["text"])
            return 200, {"ok": True, "result": self._sent or {"message_id": len(self.texts)}}
        return self._unknown


@contextmanager
def serving(small: Small) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            status, answer = small.answer(self.path.rpartition("/")[2], dict(parse_qsl(body)))
            said = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "unknown",
    [
        (404, {"ok": False, "error_code": 404, "description": "Not Found"}),
        (404, "<h1>Not Found</h1>"),
        (400, {"ok": False, "error_code": 400, "description": "Bad Request: no such method"}),
        (200, {"ok": False}),
        (200, {"ok": True, "result": True}),
        (200, {"ok": True, "result": {}}),
    ],
)
def test_questions_and_commands_are_answered_once(module_home: Path, unknown: Answer) -> None:
    small = Small(unknown)
    with serving(small) as address, bot_in_thread(load_settings(module_home, telegram_api=address), "1:x"):
        small.hear(DAM_QUESTION, "/start", CHESS_QUESTION)
        wait_until(lambda: len(small.texts) >= 3)
        wait_until(lambda: not small.updates)
    assert DAM_SENTENCE in small.texts[0]
    assert small.texts[1].startswith("Ask me about anything")
    assert CHESS_SENTENCE in small.texts[2]
    assert len(small.texts) == 3


@pytest.mark.parametrize("status", [200, 429])
def test_a_limit_without_a_time_is_waited_for(module_home: Path, status: int) -> None:
    small = Small((404, {}), sent=True)
    small.next = [(status, {"ok": False, "error_code": 429, "description": "Too Many Requests"})]
    with serving(small) as address, bot_in_thread(load_settings(module_home, telegram_api=address), "1:x"):
        small.hear(DAM_QUESTION)
        wait_until(lambda: len(small.texts) >= 1)
    assert DAM_SENTENCE in small.texts[0]


@pytest.mark.parametrize(
    ("code", "error"), [(401, TokenError), (409, ConflictError)], ids=["the token is revoked", "another one polls"]
)
def test_a_refusal_with_the_status_200_ends_it_as_well(module_home: Path, code: int, error: type[Exception]) -> None:
    small = Small((200, {"ok": True, "result": True}))
    small.poll = (200, {"ok": False, "error_code": code, "description": "No"})
    with (
        serving(small) as address,
        bot_in_thread(load_settings(module_home, telegram_api=address), "1:x") as bot,
        pytest.raises(error),
    ):
        bot.ended.result(timeout=20)


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_is_no_object_is_a_disturbance(module_home: Path, status: int) -> None:
    small = Small((status, []))
    small.next = [(status, []), (status, [])]
    with serving(small) as address, bot_in_thread(load_settings(module_home, telegram_api=address), "1:x"):
        small.hear(DAM_QUESTION)
        wait_until(lambda: len(small.texts) >= 1)
        wait_until(lambda: not small.updates)
    assert len(small.texts) == 1
    assert DAM_SENTENCE in small.texts[0]
