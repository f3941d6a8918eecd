"""Polling: what it outlives, what ends it, and how far it has come."""

from __future__ import annotations

import asyncio
import datetime as dtm
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from qabot.channels.telegram.client import Client
from qabot.channels.telegram.polling import Patience, backoff, confirm, poll
from qabot.channels.telegram.updates import Received
from qabot.errors import ConflictError, TokenError

QUICK = Patience(
    wait=1, slack=1, first_retry=0.001, longest_retry=0.01, conflict=0.05, settled=60, settled_conflict=0.1, calm=0.04
)
Step = TelegramError | list[object]


class End(Exception):  # noqa: N818 - no error: the script is over
    """The script has no further step."""


class Scripted(Client):
    """A client whose polls go as they are told; the rest of it is the real one."""

    def __init__(self, steps: Iterator[Step]) -> None:
        super().__init__("1:x")
        self._steps = steps
        self._offsets: list[int] = []

    @property
    def offsets(self) -> list[int]:
        return self._offsets

    async def get_raw_updates(self, offset: int, **asked: Any) -> list[object]:  # noqa: ARG002
        self._offsets.append(offset)
        step = next(self._steps, None)
        if step is None:
            raise End
        if isinstance(step, TelegramError):
            raise step
        return step


def polled(steps: Iterator[Step], patience: Patience = QUICK) -> tuple[list[int], list[int], BaseException]:
    """The offsets asked for, the ids of the updates taken, and what ended it."""
    taken: list[int] = []

    async def take(batch: list[Received]) -> None:
        taken.extend(received.id for received in batch)

    async def scenario() -> tuple[list[int], BaseException]:
        client = Scripted(steps)
        try:
            await asyncio.wait_for(poll(client, take, lambda: None, patience), 10)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return client.offsets, error
        raise AssertionError("polling has ended by itself")

    offsets, error = asyncio.run(scenario())
    return offsets, taken, error


def update(identity: object, **fields: Any) -> dict[str, object]:
    return {"update_id": identity, **fields}


def test_the_offset_passes_what_was_taken_also_what_is_malformed() -> None:
    steps: list[Step] = [[update(5), update(6, message=7)], [update(8, message="x")], []]
    offsets, taken, error = polled(iter(steps))
    assert offsets == [0, 7, 9, 9]
    assert taken == [5, 6, 8]
    assert isinstance(error, End)


def test_a_batch_without_any_id_is_not_asked_for_without_pause() -> None:
    steps: list[Step] = [[{"message": 1}, "x"], [{"message": 1}]]

    async def scenario() -> float:
        began = asyncio.get_running_loop().time()
        await asyncio.to_thread(polled, iter(steps))
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(scenario()) >= 0.2


@pytest.mark.parametrize(
    "error",
    [NetworkError("down"), TimedOut(), TelegramError("Invalid server response"), RetryAfter(dtm.timedelta(0))],
    ids=lambda error: type(error).__name__,
)
def test_disturbances_are_outlived(error: TelegramError) -> None:
    steps: list[Step] = [error, error, error, [update(1)]]
    _, taken, ended = polled(iter(steps))
    assert taken == [1]
    assert isinstance(ended, End)


def test_a_token_that_is_not_known_ends_it_and_is_not_named() -> None:
    _, _, ended = polled(iter([[update(1)], InvalidToken("The token `1:x` was rejected")]))
    assert isinstance(ended, TokenError)
    assert "1:x" not in str(ended)


def endless(step: Callable[[], Step]) -> Iterator[Step]:
    while True:
        yield step()


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("terminated by other getUpdates request", "Another process polls with the same token"),
        ("can't use getUpdates method while webhook is active", "A webhook has been set for this bot"),
    ],
)
def test_a_conflict_that_lasts_ends_it(message: str, cause: str) -> None:
    _, _, ended = polled(endless(lambda: Conflict(message)))
    assert isinstance(ended, ConflictError)
    assert cause in str(ended)


def test_two_that_take_polls_from_each_other_are_in_conflict_though_some_succeed() -> None:
    ids, turns = itertools.count(), itertools.cycle([False, True])
    _, _, ended = polled(endless(lambda: Conflict("other") if next(turns) else [update(next(ids))]))
    assert isinstance(ended, ConflictError)


def test_a_conflict_that_passes_is_forgotten() -> None:
    steps: list[Step] = [Conflict("other"), [update(1)], Conflict("other"), [update(2)]]
    _, taken, ended = polled(iter(steps))
    assert taken == [1, 2]
    assert isinstance(ended, End)


def test_what_take_raises_ends_it() -> None:
    async def take(batch: list[Received]) -> None:
        raise ZeroDivisionError

    async def scenario() -> None:
        await poll(Scripted(iter([[update(1)]])), take, lambda: None, QUICK)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scenario())


def test_confirming_names_the_next_update_and_never_fails() -> None:
    client = Scripted(iter([NetworkError("down")]))
    asyncio.run(confirm(client, 41))
    assert client.offsets == [42]


def test_pauses_grow_up_to_a_limit() -> None:
    patience = Patience(first_retry=1, longest_retry=30)
    pauses = [backoff(failures, patience) for failures in range(1, 1000)]
    assert 0.75 <= pauses[0] <= 1
    assert 3 <= pauses[2] <= 4
    assert max(pauses) <= 30
    assert pauses[-1] >= 22.5
