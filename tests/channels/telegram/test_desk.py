"""The desk: a bounded queue before the real engine, that no slow, broken or abandoned question can hold up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from qabot.answering.answer import Answer
from qabot.answering.engine import Engine, open_engine
from qabot.channels.telegram.desk import Asks, Desk, open_desk
from qabot.channels.telegram.metrics import Metrics
from qabot.encoders.encoder import Encoder
from qabot.errors import BusyError, QuestionError, StoppingError
from qabot.index.building import build
from qabot.questions.conversation import Conversation
from qabot.settings import load_settings

CHECKOUT = Path(__file__).resolve().parents[3]
QUESTION = "What did Kazakhstan propose for Afghanistan?"
QUOTED = "UN Regional SDG Centre in Almaty"

Got = TypeVar("Got")


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The real engine on the real article."""
    settings = load_settings(tmp_path_factory.mktemp("home"))
    settings.seeds_folder.mkdir()
    for seed in (CHECKOUT / "seeds").glob("*.txt"):
        (settings.seeds_folder / seed.name).write_bytes(seed.read_bytes())
    build(settings, encoder)
    with open_engine(settings) as opened:
        yield opened


class Slow:
    """The real engine behind a door; it notes what was asked, and in which thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.door = threading.Event()
        self.asked: list[str] = []
        self.quick: list[bool] = []
        self.threads: set[str] = set()

    def ask(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        quotes: int | None = None,
        quick: bool = False,
    ) -> Answer:
        self.quick.append(quick)
        self.asked.append(question)
        self.threads.add(threading.current_thread().name)
        assert self.door.wait(20)
        return self.engine.ask(QUESTION, conversation=conversation, quotes=quotes, quick=quick)


class Panic(BaseException):
    """As a panic in Rust code reaches Python: no Exception."""


class Broken:
    """An engine that raises what it is asked, and answers everything else."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.faults: dict[str, BaseException] = {
            "memory": MemoryError("no more"),
            "panic": Panic("index out of bounds"),
            "exit": SystemExit(3),
            "stop": StopIteration(7),
        }

    def ask(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        quotes: int | None = None,
        quick: bool = False,
    ) -> Answer:
        if question in self.faults:
            raise self.faults[question]
        return self.engine.ask(question, conversation=conversation, quotes=quotes, quick=quick)


def at_desk(engine: Asks, work: Callable[[Desk], Awaitable[Got]], *, workers: int = 2, places: int = 100) -> Got:
    """Runs `work` with a desk before `engine`."""

    async def run() -> Got:
        desk = Desk(engine, workers=workers, places=places)
        try:
            return await asyncio.wait_for(work(desk), 30)
        finally:
            desk.close()

    return asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.002)


def test_a_question_is_answered_by_the_engine(engine: Engine) -> None:
    async def work(desk: Desk) -> None:
        answer = await desk.ask(QUESTION, quotes=1)
        assert QUOTED in answer.quotes[0].text
        assert len(answer.quotes) == 1
        talked = answer.continue_conversation(Conversation())
        again = await desk.ask("Where is it to be established?", conversation=talked)
        assert again.question.read_as

    at_desk(engine, work)


def test_hundred_questions_at_once_are_all_answered(engine: Engine) -> None:
    async def work(desk: Desk) -> None:
        answers = await asyncio.gather(*(desk.ask(QUESTION) for _ in range(100)))
        assert all(QUOTED in answer.quotes[0].text for answer in answers)
        await until(lambda: (desk.depth, desk.in_work) == (0, 0))

    at_desk(engine, work)


def test_a_full_queue_says_so_at_once(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        asking = [asyncio.create_task(desk.ask("q")) for _ in range(2)]
        await until(lambda: desk.in_work == 2)
        asking += [asyncio.create_task(desk.ask("q")) for _ in range(5)]
        await until(lambda: desk.depth == 5)
        with pytest.raises(BusyError, match="5 questions are waiting"):
            desk.ask("one too many").send(None)  # the first step: nothing is awaited
        slow.door.set()
        assert len(await asyncio.gather(*asking)) == 7
        assert "one too many" not in slow.asked
        assert (await desk.ask("now there is room")).found

    at_desk(slow, work, workers=2, places=5)


def test_questions_are_answered_in_the_order_of_asking(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        asking = [asyncio.create_task(desk.ask(str(number))) for number in range(20)]
        slow.door.set()
        await asyncio.gather(*asking)

    at_desk(slow, work, workers=1)
    assert slow.asked == [str(number) for number in range(20)]


def test_an_asker_that_goes_away_frees_its_place(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        first = asyncio.create_task(desk.ask("first"))
        await until(lambda: desk.in_work == 1)
        gone = [asyncio.create_task(desk.ask("gone")) for _ in range(3)]
        await until(lambda: desk.depth == 3)
        with pytest.raises(BusyError):
            await desk.ask("no place")
        for task in gone:
            task.cancel()
        await asyncio.wait(gone)
        assert desk.depth == 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await desk.ask("impatient")
        assert desk.depth == 0
        last = asyncio.create_task(desk.ask("last"))
        slow.door.set()
        await asyncio.gather(first, last)

    at_desk(slow, work, workers=1, places=3)
    assert slow.asked == ["first", "last"]


def test_an_asker_that_goes_away_while_it_is_answered_harms_nothing(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
        gone = asyncio.create_task(desk.ask("gone"))
        await until(lambda: desk.in_work == 1)
        gone.cancel()
        await asyncio.wait({gone})
        slow.door.set()
        assert (await desk.ask("next")).found
        await until(lambda: desk.in_work == 0)
        assert faults == []

    at_desk(slow, work, workers=1)


def test_the_event_loop_goes_on_while_the_engine_works(engine: Engine) -> None:
    async def work(desk: Desk) -> int:
        asking = [asyncio.create_task(desk.ask(QUESTION)) for _ in range(30)]
        steps = 0
        while not all(task.done() for task in asking):
            await asyncio.sleep(0.001)
            steps += 1
        return steps

    assert at_desk(engine, work) > 30


@pytest.mark.parametrize(
    ("question", "kind", "match"),
    [
        ("memory", MemoryError, "no more"),
        ("panic", RuntimeError, "Panic: index out of bounds"),
        ("exit", RuntimeError, "SystemExit: 3"),
        ("stop", RuntimeError, "StopIteration: 7"),
        ("", QuestionError, "empty"),
    ],
)
def test_what_breaks_the_engine_is_one_error_for_its_asker(
    engine: Engine, question: str, kind: type[Exception], match: str
) -> None:
    async def work(desk: Desk) -> None:
        for _ in range(3):
            with pytest.raises(kind, match=match):
                await desk.ask(question)
        assert (await desk.ask(QUESTION)).found

    at_desk(Broken(engine), work, workers=1)


def test_draining_finishes_what_was_asked_and_takes_no_more(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        asking = [asyncio.create_task(desk.ask("q")) for _ in range(6)]
        await until(lambda: desk.in_work == 2)
        draining = asyncio.create_task(desk.drain(20))
        await asyncio.sleep(0)
        with pytest.raises(StoppingError):
            await desk.ask("too late")
        slow.door.set()
        assert await draining == 0
        assert all(answer.found for answer in await asyncio.gather(*asking))

    at_desk(slow, work, workers=2)


def test_draining_ends_after_its_time_and_says_what_was_not_answered(engine: Engine) -> None:
    slow = Slow(engine)

    async def work(desk: Desk) -> None:
        asking = [asyncio.create_task(desk.ask("q")) for _ in range(4)]
        await until(lambda: desk.in_work == 1)
        began = time.monotonic()
        assert await desk.drain(0.1) == 4
        assert time.monotonic() - began < 10  # the door stays closed for 20
        ends = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(end) for end in ends] == [StoppingError] * 4
        slow.door.set()
        await until(lambda: not any("qabot-desk" in thread.name for thread in threading.enumerate()))

    at_desk(slow, work, workers=1)


def test_an_idle_desk_is_drained_at_once_and_its_threads_end(engine: Engine) -> None:
    async def work(desk: Desk) -> None:
        assert await desk.drain(10) == 0
        await until(lambda: not any("qabot-desk" in thread.name for thread in threading.enumerate()))

    at_desk(engine, work, workers=3)


def test_the_settings_say_how_many_work_and_wait(engine: Engine, tmp_path: Path) -> None:
    slow = Slow(engine)

    async def run() -> None:
        desk = open_desk(slow, load_settings(tmp_path, telegram_workers=3, telegram_queue=1))
        asking = []
        for number in range(1, 4):
            asking.append(asyncio.create_task(desk.ask("q")))
            await until(lambda number=number: desk.in_work == number)  # type: ignore[misc]
        asking.append(asyncio.create_task(desk.ask("waits")))
        await until(lambda: (desk.in_work, desk.depth) == (3, 1))
        with pytest.raises(BusyError):
            await desk.ask("q")
        slow.door.set()
        await asyncio.gather(*asking)
        await desk.drain(1)

    asyncio.run(asyncio.wait_for(run(), 30))
    assert len(slow.threads) == 3


def test_while_many_wait_the_reader_is_left_out_and_each_such_answer_is_counted(engine: Engine, tmp_path: Path) -> None:
    slow = Slow(engine)
    metrics = Metrics()

    async def run() -> list[Answer]:
        settings = load_settings(tmp_path, telegram_workers=1, telegram_reader_queue=2)
        desk = open_desk(slow, settings, metrics.quick)
        asking = [asyncio.create_task(desk.ask("first"))]
        await until(lambda: desk.in_work == 1)
        asking += [asyncio.create_task(desk.ask(f"waits {number}")) for number in range(5)]
        await until(lambda: desk.depth == 5)
        slow.door.set()
        answers = await asyncio.gather(*asking)
        await desk.drain(1)
        return answers

    answers = asyncio.run(asyncio.wait_for(run(), 30))
    # When each was taken up, so many were waiting: 0, 4, 3, 2, 1, 0.
    assert slow.quick == [False, True, True, False, False, False]
    assert metrics.totals()["quick_answers"] == 2
    assert [answer.reader is None for answer in answers] == slow.quick
    assert all(QUOTED in answer.quotes[0].text for answer in answers)
