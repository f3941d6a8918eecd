"""Requests: sent again where they were surely or probably not heard, and only then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError, TimedOut

from qabot.channels.telegram.polling import Patience
from qabot.channels.telegram.requests import DEPARTURE, PatientRequest, Timeouts

PATIENCE = Patience(first_retry=0.01, longest_retry=0.02)
GOOD = json.dumps({"ok": True, "result": {"message_id": 1}})
Answer = Callable[[asyncio.StreamWriter], None]


def page(code: int, body: str = GOOD) -> Answer:
    def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {code} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    return answer


def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


def silence(writer: asyncio.StreamWriter) -> None:
    """Nothing is ever answered."""


class Server:
    """Answers one request after the other as it was told, then with what it was told last."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.asked = 0
        self.url = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                answer = self.answers[min(self.asked, len(self.answers) - 1)]
                self.asked += 1
                answer(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[Server]:
    server = Server(list(answers))
    listening = await asyncio.start_server(server, "127.0.0.1", 0)
    async with listening:
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot1:x"
        yield server


class Journey:
    """Notes what is told of a reply."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def leaves(self) -> None:
        self.told.append("leaves")

    def stays(self) -> None:
        self.told.append("stays")


async def call(url: str, method: str, **timeouts: float) -> tuple[tuple[int, bytes] | NetworkError, list[str]]:
    journey = Journey()
    token = DEPARTURE.set(journey)
    request = PatientRequest(PATIENCE, Timeouts(**timeouts))
    try:
        return await request.do_request(f"{url}/{method}", "GET"), journey.told
    except NetworkError as error:
        return error, journey.told
    finally:
        DEPARTURE.reset(token)
        await request.shutdown()


@pytest.mark.parametrize(
    "fault", [page(500, "{}"), page(502, "<html>"), hang_up, page(200, "<html>"), page(200, '{"ok')]
)
def test_what_was_probably_not_heard_is_sent_again(fault: Answer) -> None:
    async def scenario() -> None:
        async with serving(fault, fault, page(200)) as server:
            result, _ = await call(server.url, "sendMessage")
            assert result == (200, GOOD.encode())
            assert server.asked == 3

    asyncio.run(scenario())


@pytest.mark.parametrize("answer", [page(200), page(400, "{}"), page(429, "{}"), page(401, "{}"), page(200, GOOD[:-2])])
def test_what_was_heard_is_not_sent_again(answer: Answer) -> None:
    async def scenario() -> None:
        async with serving(answer) as server:
            await call(server.url, "sendMessage")
            assert server.asked == 1

    asyncio.run(scenario())


def test_an_answer_that_does_not_come_may_mean_that_the_message_is_out() -> None:
    async def scenario() -> None:
        async with serving(silence) as server:
            result, _ = await call(server.url, "sendMessage", read=0.1)
            assert isinstance(result, TimedOut)
            assert server.asked == 1
            await call(server.url, "editMessageText", read=0.1)
            assert server.asked > 2

    asyncio.run(scenario())


def test_a_fault_that_stays_ends_in_time() -> None:
    async def scenario() -> None:
        async with serving(page(500, "{}")) as server:
            result, _ = await call(server.url, "sendMessage", all_tries=0.2)
            assert result == (500, b"{}")
            assert server.asked > 3
        async with serving(hang_up) as server:
            result, _ = await call(server.url, "sendMessage")
            assert isinstance(result, NetworkError)
            assert server.asked == 4

    asyncio.run(scenario())


def test_nobody_waits_for_a_typing_that_failed() -> None:
    async def scenario() -> None:
        async with serving(hang_up) as server:
            await call(server.url, "sendChatAction")
            assert server.asked == 1

    asyncio.run(scenario())


def test_a_reply_that_surely_stayed_is_told_so() -> None:
    async def scenario() -> None:
        _, told = await call("http://127.0.0.1:9/bot1:x", "sendMessage", all_tries=0.03)
        assert told[:2] == ["leaves", "stays"]
        assert told[-1] == "stays"
        async with serving(hang_up, page(200)) as server:
            _, told = await call(server.url, "sendMessage")
            assert told == ["leaves", "leaves"]
        async with serving(page(429, "{}")) as server:
            _, told = await call(server.url, "sendMessage")
            assert told == ["leaves", "stays"]

    asyncio.run(scenario())
