"""Updates: each is claimed once, over restarts too; what a killed process held is worked on again."""

from __future__ import annotations

from pathlib import Path

import pytest

from qabot.channels.telegram.memory.memory import Memory
from qabot.channels.telegram.memory.updates import Received


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite"


def received(*ids: int, text: str = "hello") -> list[Received]:
    return [Received(id_, f'{{"update_id": {id_}, "text": "{text}"}}', 5) for id_ in ids]


def test_an_update_is_claimed_once_also_after_a_restart(path: Path) -> None:
    with Memory(path) as memory:
        assert memory.updates.claim(received(1, 2, 2, 3)) == received(1, 2, 3)
        memory.updates.finish(1)
    with Memory(path) as memory:
        assert memory.updates.claim(received(1, 2, 3, 4)) == received(4)


def test_another_update_of_the_same_id_is_another(path: Path) -> None:
    with Memory(path) as memory:
        memory.updates.claim(received(1, text="before a quiet week"))
        memory.updates.finish(1)
        assert memory.updates.claim(received(1, text="after it")) == received(1, text="after it")


def test_what_was_not_replied_to_is_left_behind_in_order(path: Path) -> None:
    with Memory(path) as memory:
        memory.updates.claim(received(1, 2, 3, 4))
        memory.updates.finish(2)
        memory.updates.departing(3)
    with Memory(path) as memory:
        left = memory.updates.left_behind(youngest=0)
        assert [(update.id, update.body, update.user) for update in left] == [
            (update.id, update.body, update.user) for update in received(1, 4)
        ]
        assert memory.updates.claim(received(1, 2, 3, 4)) == []
    with Memory(path) as memory:
        assert [update.id for update in memory.updates.left_behind(0)] == [1, 4]
        memory.updates.finish(1)
        memory.updates.finish(4)
        assert memory.updates.left_behind(0) == []


def test_a_reply_that_did_not_get_out_is_sent_after_the_next_start(path: Path) -> None:
    with Memory(path) as memory:
        memory.updates.claim(received(1, 2))
        for update in (1, 2):
            memory.updates.departing(update)
        memory.updates.not_sent(1)
        memory.updates.finish(2)
        memory.updates.not_sent(2)
    with Memory(path) as memory:
        assert [update.id for update in memory.updates.left_behind(0)] == [1]


def test_what_is_too_old_is_left_alone(path: Path) -> None:
    clock = Clock()
    with Memory(path, clock) as memory:
        memory.updates.claim(received(1))
        clock.now += 600
        memory.updates.claim(received(2))
        assert [update.id for update in memory.updates.left_behind(youngest=clock.now - 300)] == [2]
        assert [update.id for update in memory.updates.left_behind(youngest=0)] == [2]


def test_what_a_finished_update_said_is_not_kept(path: Path) -> None:
    with Memory(path) as memory:
        memory.updates.claim(received(1, text="a private matter"))
        memory.updates.departing(1)
        memory.updates.finish(1)
        memory.updates.departing(1)
        assert memory.database.rows("SELECT state, body FROM updates") == [("done", None)]


def test_a_batch_is_claimed_whole_or_not_at_all(path: Path) -> None:
    with Memory(path) as memory:
        broken = [*received(1, 2), Received(3, "{}", 2**70)]
        with pytest.raises(Exception, match="too large"):
            memory.updates.claim(broken)
        assert memory.updates.claim(received(1, 2)) == received(1, 2)
