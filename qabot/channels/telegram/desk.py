"""Desk: the engine behind a bounded queue and a few worker threads, so that no question holds up anything else."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from qabot.answering.answer import Answer
from qabot.errors import BusyError, StoppingError
from qabot.questions.conversation import Conversation
from qabot.settings import Settings

_log = logging.getLogger(__name__)


class Asks(Protocol):
    """What answers: an `Engine`, or a `LiveEngine` that changes to a new index by itself. Called from many threads."""

    def ask(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        quotes: int | None = None,
        quick: bool = False,
    ) -> Answer: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """A question on its way, and whom to tell."""

    question: str
    conversation: Conversation | None
    quotes: int | None
    told: asyncio.Future[Answer]
    loop: asyncio.AbstractEventLoop


class Desk:
    """Takes questions on the event loop and has them answered by threads of its own, first come, first served.

    Args:
        engine: answers; what it raises is raised to the asker, whatever it is, and the thread goes on.
        workers: questions answered at once (setting telegram_workers); 0: as many as there are cores.
        places: questions that may wait (setting telegram_queue).
        quick_from: while more than so many wait, questions are answered without the reader (setting
            telegram_reader_queue); by default never.
        on_quick: called for each of them, from any thread.
    """

    def __init__(
        self,
        engine: Asks,
        *,
        workers: int = 0,
        places: int = 100,
        quick_from: int | None = None,
        on_quick: Callable[[], None] | None = None,
    ) -> None:
        self._engine = engine
        self._places = places
        self._quick_from = places if quick_from is None else quick_from
        self._on_quick = on_quick
        self._waiting: OrderedDict[_Ticket, None] = OrderedDict()
        self._in_work: set[_Ticket] = set()
        self._stopping = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=f"qabot-desk-{number}", daemon=True)
            for number in range(workers or _cores())
        ]
        for thread in self._threads:
            thread.start()

    @property
    def depth(self) -> int:
        """Questions that wait for a worker."""
        return len(self._waiting)

    @property
    def in_work(self) -> int:
        """Questions that a worker is at, including those whose asker has gone."""
        return len(self._in_work)

    async def ask(
        self, question: str, *, conversation: Conversation | None = None, quotes: int | None = None
    ) -> Answer:
        """The answer of the engine. An asker that is cancelled or runs into a time limit frees its place at once.

        Raises:
            BusyError: at once, if all places are taken.
            StoppingError: the desk is being closed; the question was not answered.
            QuestionError, GenerationError and whatever else the engine raises.
        """
        loop = asyncio.get_running_loop()
        ticket = _Ticket(question, conversation, quotes, loop.create_future(), loop)
        with self._changed:
            if self._stopping:
                raise _stopping()
            if len(self._waiting) >= self._places:
                raise BusyError(f"{self._places} questions are waiting", "Ask again in a moment")
            self._waiting[ticket] = None
            self._changed.notify()
        try:
            return await ticket.told
        finally:
            with self._changed:
                self._waiting.pop(ticket, None)

    async def drain(self, seconds: float) -> int:
        """Takes no question any more, waits up to `seconds` for those that it has, and stops.

        Returns:
            How many were not answered in time: their askers get a `StoppingError`.
        """
        with self._changed:
            self._stopping = True
            open_ = [*self._in_work, *self._waiting]
        left = {ticket.told for ticket in open_ if not ticket.told.done()}
        if left:
            _, left = await asyncio.wait(left, timeout=seconds)
        for told in left:
            told.set_exception(_stopping())
        self.close()
        return len(left)

    def close(self) -> None:
        """Stops at once: the threads end when they have finished what they are at. Nobody is told; see `drain`."""
        with self._changed:
            self._stopping = True
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while ticket := self._next():
            self._answer(ticket)
            with self._changed:
                self._in_work.discard(ticket)
            del ticket  # or an idle thread would keep the last answer, and its articles, in memory

    def _answer(self, ticket: _Ticket) -> None:
        quick = self.depth > self._quick_from
        try:
            answer = self._engine.ask(
                ticket.question, conversation=ticket.conversation, quotes=ticket.quotes, quick=quick
            )
            if quick and self._on_quick:
                self._on_quick()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the asker's; a panic in Rust is no Exception
            _tell(ticket, error)
        else:
            _tell(ticket, answer)

    def _next(self) -> _Ticket | None:
        """The next ticket, now in work; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            if not self._waiting:
                return None
            ticket, _ = self._waiting.popitem(last=False)
            self._in_work.add(ticket)
            return ticket


def open_desk(engine: Asks, settings: Settings, on_quick: Callable[[], None] | None = None) -> Desk:
    """The desk that the settings describe; for `on_quick` see `Desk`."""
    return Desk(
        engine,
        workers=settings.telegram_workers,
        places=settings.telegram_queue,
        quick_from=settings.telegram_reader_queue,
        on_quick=on_quick,
    )


def _tell(ticket: _Ticket, outcome: Answer | BaseException) -> None:
    def tell() -> None:
        if ticket.told.done():
            return
        if isinstance(outcome, BaseException):
            ticket.told.set_exception(_tellable(outcome))
        else:
            ticket.told.set_result(outcome)

    try:
        ticket.loop.call_soon_threadsafe(tell)
    except RuntimeError:
        _log.debug("An answer came after its event loop was closed")


def _tellable(error: BaseException) -> Exception:
    """`error` as one that a coroutine can raise without ending the event loop."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    told = RuntimeError(f"The engine failed: {type(error).__name__}: {error}")
    told.__cause__ = error
    return told


def _stopping() -> StoppingError:
    return StoppingError("The bot is being stopped", "Ask again when it runs")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
