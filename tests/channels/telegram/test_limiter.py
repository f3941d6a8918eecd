"""The limiter: never faster than Telegram takes, one limited chat delays no other, nothing is lost or swapped.

Time is simulated: an event loop whose clock jumps to the next event, so that minutes take milliseconds.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from telegram.constants import FloodLimit
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import ExtBot

from qabot.channels.telegram.limiter import BURST, LONGEST_WAIT, RESERVE, RETRIES, ChatLimiter, Lane
from qabot.channels.telegram.windows import Window

Got = TypeVar("Got")
ANN, BOB, GROUP = 101, 102, -500
TINY = 1e-6


class _Skipping(selectors.DefaultSelector):
    """Waits for nothing: what would be waited is added to the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits for something that nobody does"
            self.now += max(timeout, 0)
        return ready


def simulate(work: Coroutine[Any, Any, Got]) -> Got:
    """Runs `work` on simulated time."""
    selector = _Skipping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Sent:
    """A request as Telegram saw it: when it left, when Telegram counted it, when its answer was there."""

    chat: int | str | None
    number: int
    left: float
    counted: float
    answered: float = 0.0
    refused: float = 0.0


@dataclass
class Telegram:
    """Takes requests through the limiter, answers after `delay` seconds, and refuses those that it is told to."""

    limiter: ChatLimiter
    delay: float = 0.0
    refuse: dict[int, list[float]] = field(default_factory=dict)
    seen: list[Sent] = field(default_factory=list)
    numbers: int = 0

    async def send(
        self,
        chat: int | str | None,
        endpoint: str = "sendMessage",
        delay: float | None = None,
        lane: Lane | None = None,
    ) -> Any:
        self.numbers += 1
        number = self.numbers
        data = {"text": "hello"} if chat is None else {"chat_id": chat, "text": "hello"}
        took = self.delay if delay is None else delay
        return await self.limiter.process_request(
            self._take, (chat, number, took), {}, endpoint, data, rate_limit_args=lane
        )

    async def _take(self, chat: int | str | None, number: int, delay: float) -> bool:
        sent = Sent(chat, number, now(), now() + delay * (number % 5) / 4)
        self.seen.append(sent)
        await asyncio.sleep(delay)
        sent.answered = now()
        if pauses := self.refuse.get(number):
            sent.refused = pauses.pop(0)
            raise RetryAfter(int(sent.refused))
        return True

    def times(self, chat: int | str | None) -> list[float]:
        """When requests to `chat` left, from the start of the simulation."""
        return [sent.left - 1000 for sent in self.seen if sent.chat == chat]


def most_in(times: list[float], seconds: float) -> int:
    """The most events in any stretch of `seconds`."""
    times = sorted(times)
    return max((sum(start <= one < start + seconds - TINY for one in times) for start in times), default=0)


def test_a_private_chat_has_a_short_burst_then_one_a_second() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        await asyncio.gather(*(telegram.send(ANN) for _ in range(9)))
        assert telegram.times(ANN) == pytest.approx([0, 0, 0, 3, 3, 3, 6, 6, 6])

    simulate(work())


def test_a_group_has_twenty_a_minute_and_others_are_not_delayed() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        await asyncio.gather(*(telegram.send(GROUP) for _ in range(45)), telegram.send(ANN), telegram.send("@news"))
        times = telegram.times(GROUP)
        assert most_in(times, 60) == FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
        assert times[20] == pytest.approx(60)
        assert times[40] == pytest.approx(120)
        assert telegram.times(ANN) == telegram.times("@news") == [0]

    simulate(work())


def test_thirty_a_second_go_to_all_chats_in_the_order_of_asking() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), delay=0.05)
        await asyncio.gather(*(telegram.send(chat) for chat in range(1, 101)))
        assert [sent.chat for sent in telegram.seen] == list(range(1, 101))
        assert most_in([sent.left for sent in telegram.seen], 1) == FloodLimit.MESSAGES_PER_SECOND
        assert telegram.seen[-1].left - 1000 == pytest.approx(3)

    simulate(work())


def test_a_command_is_answered_at_once_while_answers_fill_the_rest() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        answers = [asyncio.create_task(telegram.send(chat, lane="answers")) for chat in range(1, 101)]
        for command in range(1, 4):
            await asyncio.sleep(0.9)
            began = now()
            await telegram.send(1000 + command)
            assert now() == began
        await asyncio.gather(*answers)
        room = FloodLimit.MESSAGES_PER_SECOND - FloodLimit.MESSAGES_PER_SECOND // RESERVE
        assert telegram.times(room) == [0]
        assert telegram.times(room + 1) == [1]
        assert most_in([sent.left for sent in telegram.seen], 1 - TINY) <= FloodLimit.MESSAGES_PER_SECOND

    simulate(work())


@pytest.mark.parametrize("overall", [1, 2, 5, 6, 1000])
def test_answers_go_out_however_few_messages_are_allowed(overall: int) -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(overall=overall))
        await asyncio.gather(*(telegram.send(chat, lane="answers") for chat in range(20)))
        assert most_in([sent.left for sent in telegram.seen], 1 - TINY) <= overall

    simulate(work())


def test_edits_count_as_messages() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        for number in range(4):
            await telegram.send(ANN, "editMessageText" if number % 2 else "sendMessage")
        assert telegram.times(ANN)[-1] == pytest.approx(3)

    simulate(work())


@pytest.mark.parametrize(
    ("chat", "endpoint"),
    [(None, "answerCallbackQuery"), (None, "answerInlineQuery"), (None, "getMe"), (ANN, "getChatMember")],
)
def test_what_sends_no_message_never_waits(chat: int | None, endpoint: str) -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        waiting = asyncio.gather(*(telegram.send(number) for number in range(1, 200)))
        await asyncio.sleep(0.5)
        await asyncio.gather(*(telegram.send(chat, endpoint) for _ in range(100)))
        assert now() - 1000 == pytest.approx(0.5)
        await waiting

    simulate(work())


def test_an_inline_edit_counts_for_the_whole() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        await asyncio.gather(*(telegram.send(None, "editMessageText") for _ in range(60)))
        assert most_in(telegram.times(None), 1) == 30

    simulate(work())


def test_a_limited_chat_waits_alone_and_keeps_its_order() -> None:
    async def work() -> None:
        counted: list[int] = []
        limiter = ChatLimiter(on_limited=lambda: counted.append(1))
        telegram = Telegram(limiter, refuse={1: [7]})
        await asyncio.gather(*(telegram.send(chat) for chat in (ANN, ANN, BOB, GROUP)))
        assert telegram.times(BOB) == telegram.times(GROUP) == [0]
        assert telegram.times(ANN) == pytest.approx([0, 7.1, 7.1])
        assert [sent.number for sent in telegram.seen if sent.chat == ANN] == [1, 1, 2]
        assert len(counted) == 1

    simulate(work())


def test_after_so_many_tries_the_error_is_told_and_the_chat_goes_on() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), refuse={1: [2] * 10})
        ends = await asyncio.gather(telegram.send(ANN), telegram.send(ANN), return_exceptions=True)
        assert isinstance(ends[0], RetryAfter)
        assert ends[1] is True
        assert [sent.number for sent in telegram.seen] == [1] * (1 + RETRIES) + [2]

    simulate(work())


def test_nobody_waits_for_a_chat_that_is_closed_for_hours() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), refuse={1: [3600]})
        for _ in range(3):
            with pytest.raises(RetryAfter):
                await telegram.send(ANN)
        assert len(telegram.seen) == 1
        assert now() - 1000 < 1
        await asyncio.sleep(3600 - LONGEST_WAIT + 10)
        assert await telegram.send(ANN)

    simulate(work())


def test_a_typing_action_is_dropped_rather_than_in_the_way() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), delay=0.1, refuse={1: [5]})
        sending = asyncio.create_task(telegram.send(ANN))
        await asyncio.sleep(0.05)
        assert await telegram.send(ANN, "sendChatAction") is True
        assert len(telegram.seen) == 1
        await asyncio.sleep(1)
        assert await telegram.send(ANN, "sendChatAction") is True
        assert len(telegram.seen) == 1
        await sending
        assert await telegram.send(ANN, "sendChatAction") is True
        assert len(telegram.seen) == 3

    simulate(work())


def test_typing_takes_no_message_its_place() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        await asyncio.gather(*(telegram.send(ANN, "sendChatAction") for _ in range(50)))
        assert 1 <= len(telegram.seen) <= 15
        began = now()
        await asyncio.gather(
            *(telegram.send(ANN) for _ in range(BURST)), *(telegram.send(chat) for chat in range(1, 28))
        )
        assert now() == began

    simulate(work())


def test_a_refused_typing_action_closes_the_chat_and_is_no_error() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), refuse={1: [4]})
        assert await telegram.send(ANN, "sendChatAction") is True
        await telegram.send(ANN)
        assert telegram.times(ANN) == pytest.approx([0, 4.1])

    simulate(work())


@pytest.mark.parametrize("error", [NetworkError("gone"), BadRequest("chat not found")])
def test_another_error_is_told_at_once_and_the_chat_goes_on(error: Exception) -> None:
    async def fail() -> bool:
        raise error

    async def work() -> None:
        limiter = ChatLimiter()
        with pytest.raises(type(error)):
            await limiter.process_request(fail, (), {}, "sendMessage", {"chat_id": ANN}, None)
        assert await Telegram(limiter).send(ANN) is True

    simulate(work())


def test_a_request_that_is_cancelled_while_it_waits_lets_the_others_go_on() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), refuse={1: [20]})
        tasks = [asyncio.create_task(telegram.send(ANN)) for _ in range(3)]
        await asyncio.sleep(5)
        tasks[0].cancel()
        tasks[1].cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(end) for end in ends] == [asyncio.CancelledError, asyncio.CancelledError, bool]
        assert telegram.times(ANN) == pytest.approx([0, 20.1])
        assert telegram.limiter.chats == 1

    simulate(work())


def test_idle_chats_are_forgotten() -> None:
    async def work() -> None:
        limiter = ChatLimiter(overall=1000)
        telegram = Telegram(limiter)
        for chat in range(1, 5000):
            await telegram.send(chat)
            await asyncio.sleep(0.1)
        assert limiter.chats < 100
        for chat in range(1, 300):
            await telegram.send(-chat)
            await asyncio.sleep(1)
        assert limiter.chats < 100

    simulate(work())


def test_a_chat_that_is_closed_keeps_no_other_in_memory() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter(), refuse={1: [100]})
        closed = asyncio.create_task(telegram.send(ANN))
        for chat in range(1, 500):
            await asyncio.sleep(0.1)
            await telegram.send(1000 + chat)
        assert not closed.done()
        assert telegram.limiter.chats < 100
        assert await closed is True

    simulate(work())


def test_a_chat_by_number_and_by_text_is_one_chat() -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        await asyncio.gather(*(telegram.send(chat) for chat in (ANN, str(ANN), ANN, str(ANN))))
        assert max(sent.left for sent in telegram.seen) - 1000 == pytest.approx(3)
        await asyncio.gather(*(telegram.send(chat) for chat in ("@News", "@news", "@NEWS", "@news")))
        assert telegram.limiter.chats == 2

    simulate(work())


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from([ANN, BOB, GROUP, -600, "@news"]),
        st.sampled_from(["sendMessage", "editMessageText", "sendPhoto"]),
        st.floats(0, 0.4),  # seconds until Telegram answers
        st.sampled_from([0, 0, 0, 0.01, 0.5, 3]),  # seconds since the request before
        st.sampled_from([[], [], [], [], [1], [2, 1]]),  # refusals
    ),
    max_size=80,
)


@examples(deadline=None)
@given(REQUESTS)
def test_limits_hold_in_any_stretch_of_time(requests: list[tuple[int | str, str, float, float, list[int]]]) -> None:
    async def work() -> None:
        telegram = Telegram(ChatLimiter())
        tasks = []
        for number, (chat, endpoint, delay, pause, refusals) in enumerate(requests, 1):
            await asyncio.sleep(pause)
            telegram.refuse[number] = [float(seconds) for seconds in refusals]
            tasks.append(asyncio.create_task(telegram.send(chat, endpoint, delay)))
            await asyncio.sleep(0)
        assert all(result is True for result in await asyncio.gather(*tasks))
        _check(telegram, len(requests))

    simulate(work())


def _check(telegram: Telegram, requests: int) -> None:
    chats: dict[int | str | None, list[Sent]] = defaultdict(list)
    for sent in telegram.seen:
        chats[sent.chat].append(sent)
    assert most_in([sent.left for sent in telegram.seen], 1) <= FloodLimit.MESSAGES_PER_SECOND
    for chat, sends in chats.items():
        # Whenever Telegram counts them between leaving and answering.
        counted = [sent.counted for sent in sends]
        assert most_in(counted, BURST) <= BURST
        if not isinstance(chat, int) or chat < 0:
            assert most_in(counted, 60) <= FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
        for sent, following in pairwise(sends):
            assert following.left >= sent.answered + sent.refused
            assert following.number >= sent.number
    taken = [sent.number for sent in telegram.seen if not sent.refused]
    assert sorted(taken) == list(range(1, requests + 1))


@given(st.lists(st.floats(0, 10), max_size=50), st.integers(1, 5), st.floats(0.1, 10))
def test_a_window_holds_no_more_than_its_limit(pauses: list[float], limit: int, seconds: float) -> None:
    window, at, added = Window(limit, seconds), 0.0, []
    for pause in pauses:
        at += pause
        if window.wait(at) == 0:
            assert window.free(at) > 0
            window.add(at)
            added.append(at)
        else:
            assert window.wait(at + window.wait(at)) < TINY
    assert most_in(added, seconds) <= limit
    assert not added or window.empty_at() == pytest.approx(added[-1] + seconds)


def test_it_limits_real_requests_in_real_time() -> None:
    """A real bot and a real server, which refuses the first message for a second."""
    requests: list[tuple[float, str]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"content-length" in line.lower())
        await reader.readexactly(length)
        requests.append((time.monotonic(), head.split(b" ")[1].decode().rpartition("/")[2]))
        me = b'{"ok": true, "result": {"id": 123, "is_bot": true, "first_name": "qabot", "username": "qabot"}}'
        ok = b'{"ok": true, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}'
        no = b'{"ok": false, "error_code": 429, "description": "later", "parameters": {"retry_after": 1}}'
        answers = {1: (b"200 OK", me), 2: (b"429 Too Many Requests", no)}
        status, body = answers.get(len(requests), (b"200 OK", ok))
        writer.write(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
        await writer.drain()
        writer.close()

    async def work() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        bot: ExtBot[Lane] = ExtBot(
            "123:abc", base_url=f"http://127.0.0.1:{port}/bot", rate_limiter=ChatLimiter(burst=1)
        )
        async with server, bot:
            for _ in range(2):
                await bot.send_message(ANN, "hello")
        assert [name for _, name in requests] == ["getMe", "sendMessage", "sendMessage", "sendMessage"]
        times = [at for at, _ in requests[1:]]
        assert times[1] - times[0] > 1.05
        assert times[2] - times[1] > 0.95

    asyncio.run(work())
