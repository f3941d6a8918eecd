"""Forgetting: all of one user, and what is old; nothing of it is left in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from qabot.channels.telegram.memory.memory import Memory
from qabot.channels.telegram.memory.updates import Received
from qabot.channels.telegram.memory.uploads import Upload
from qabot.questions.conversation import Conversation

ANN, BOB = 101, 102
GROUP = -500
DAY = 24 * 3600


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def fill(memory: Memory, user: int, secret: str) -> str:
    """One of everything that is kept of a user."""
    conversation = Conversation().with_turn(f"{secret} question", f"{secret} quote")
    memory.conversations.save(user, user, conversation)
    memory.conversations.save(GROUP, user, conversation, thread=3)
    memory.languages.choose(user, "ru")
    answer = memory.answers.remember(
        chat=GROUP, user=user, question=f"{secret} question", generation="000001-x", language="ru"
    )
    memory.replies.remember(GROUP, user, user, [user + 1000], answer.id)
    memory.feedback.give(answer.id, user, 1)
    memory.uploads.wait(Upload(user, user, "link", f"https://example.org/{secret}", secret))
    memory.strangers.first_time(user)
    memory.updates.claim([Received(-user, f'{{"text": "{secret}"}}', user)])
    return answer.id


def all_values(memory: Memory) -> list[object]:
    """Every value in every table."""
    tables = memory.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    rows = [row for (name,) in tables for row in memory.database.rows(f"SELECT * FROM {name}")]  # noqa: S608
    return [value for row in rows for value in row]


def test_a_user_is_forgotten_and_no_other(tmp_path: Path) -> None:
    with Memory(tmp_path / "memory.sqlite") as memory:
        anns, bobs = fill(memory, ANN, "Annabel"), fill(memory, BOB, "Robert")
        memory.feedback.give(anns, BOB, -1)
        memory.feedback.give(bobs, ANN, -1)
        assert memory.forget_user(ANN) == 10
        left = all_values(memory)
        assert ANN not in left
        assert not any("Annabel" in str(value) for value in left)
        assert memory.conversations.load(GROUP, BOB, thread=3) != Conversation()
        assert memory.feedback.given(bobs, BOB) == 1
        assert memory.answers.find(bobs, GROUP) is not None
        assert memory.forget_user(ANN) == 0


def test_what_was_forgotten_is_in_no_file(tmp_path: Path) -> None:
    with Memory(tmp_path / "memory.sqlite") as memory:
        for number in range(50):
            fill(memory, ANN, f"Annabel-{number}")
        fill(memory, BOB, "Robert")
        assert any(b"Annabel" in file.read_bytes() for file in tmp_path.iterdir())
        memory.forget_user(ANN)
        assert not any(b"Annabel" in file.read_bytes() for file in tmp_path.iterdir())
        assert any(b"Robert" in file.read_bytes() for file in tmp_path.iterdir())


def test_an_update_of_a_forgotten_user_is_still_seen(tmp_path: Path) -> None:
    with Memory(tmp_path / "memory.sqlite") as memory:
        update = Received(1, '{"text": "Annabel"}', ANN)
        memory.updates.claim([update])
        memory.forget_user(ANN)
        assert memory.updates.claim([update]) == []
        assert memory.updates.left_behind(0) == []


def test_old_things_expire_and_used_ones_stay(tmp_path: Path) -> None:
    clock = Clock()
    with Memory(tmp_path / "memory.sqlite", clock) as memory:
        anns, bobs = fill(memory, ANN, "Annabel"), fill(memory, BOB, "Robert")
        name = memory.links.name("dam")
        clock.now += 60 * DAY
        memory.conversations.save(BOB, BOB, Conversation().with_turn("again"))
        memory.links.name("dam")
        clock.now += 60 * DAY
        assert memory.expire(90) > 0
        assert (memory.answers.find(anns, GROUP), memory.answers.find(bobs, GROUP)) == (None, None)
        assert memory.conversations.load(GROUP, BOB, thread=3) == Conversation()
        assert memory.conversations.load(BOB, BOB).turns[-1].question == "again"
        assert memory.links.article(name) == "dam"
        assert memory.languages.chosen(ANN) is None
        assert memory.expire(90) == 0


def test_updates_are_kept_as_long_as_telegram_may_repeat_them(tmp_path: Path) -> None:
    clock = Clock()
    with Memory(tmp_path / "memory.sqlite", clock) as memory:
        memory.updates.claim([Received(1, "{}")])
        clock.now += DAY
        memory.expire(90)
        assert memory.updates.claim([Received(1, "{}")]) == []
        clock.now += 2 * DAY
        memory.expire(90)
        assert memory.updates.claim([Received(1, "{}")]) != []


@pytest.mark.parametrize("rounds", [3])
def test_the_file_does_not_grow_with_what_expires(tmp_path: Path, rounds: int) -> None:
    clock = Clock()
    path = tmp_path / "memory.sqlite"
    sizes = []
    with Memory(path, clock) as memory:
        for _ in range(rounds):
            with memory.database.together():
                for number in range(2000):
                    memory.database.change(
                        "INSERT INTO replies VALUES (?, ?, ?, ?, ?, ?)",
                        (GROUP, number + int(clock.now), 1, ANN, "x" * 100, clock.now),
                    )
            clock.now += 100 * DAY
            memory.expire(90)
            sizes.append(path.stat().st_size)
    assert sizes[-1] <= sizes[0] < 200_000
