"""Who is answered, and that a stranger is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qabot.channels.telegram.access import Access, Standing
from qabot.channels.telegram.memory.memory import Memory
from qabot.settings import load_settings

ANN, BOB, BOSS, STRANGER = 101, 102, 1, 900
GROUP, OTHER_GROUP = -500, -600


def access(home: Path, memory: Memory | None = None, **lists: tuple[int, ...]) -> Access:
    named = {f"telegram_{name}": ids for name, ids in lists.items()}
    return Access(load_settings(home, **named), memory)


@pytest.mark.parametrize("chat", [STRANGER, GROUP, None])
def test_without_lists_everybody_is_answered(tmp_path: Path, chat: int | None) -> None:
    assert access(tmp_path).allowed(STRANGER, chat)
    assert access(tmp_path).allowed(None, chat)


@pytest.mark.parametrize(
    ("user", "chat", "standing"),
    [
        (ANN, ANN, "allowed"),
        (ANN, OTHER_GROUP, "allowed"),
        (STRANGER, GROUP, "allowed"),
        (None, GROUP, "allowed"),
        (ANN, None, "allowed"),
        (BOSS, BOSS, "allowed"),
        (STRANGER, STRANGER, "stranger"),
        (STRANGER, OTHER_GROUP, "stranger"),
        (STRANGER, None, "stranger"),
        (None, None, "stranger"),
        (BOB, BOB, "denied"),
        (BOB, GROUP, "denied"),
    ],
)
def test_an_allow_list_and_a_deny_list(tmp_path: Path, user: int | None, chat: int | None, standing: Standing) -> None:
    lists = access(tmp_path, allowed=(ANN, GROUP), denied=(BOB,), admins=(BOSS,))
    assert lists.standing(user, chat) == standing


def test_the_deny_list_goes_before_every_other(tmp_path: Path) -> None:
    lists = access(tmp_path, allowed=(ANN,), admins=(ANN,), denied=(ANN, GROUP))
    assert not lists.allowed(ANN, ANN)
    assert not lists.is_admin(ANN)
    assert not lists.allowed(BOSS, GROUP)


def test_admins_are_who_the_settings_name(tmp_path: Path) -> None:
    lists = access(tmp_path, admins=(BOSS,))
    assert [lists.is_admin(user) for user in (BOSS, ANN, None)] == [True, False, False]


def test_a_stranger_is_told_once_also_after_a_restart(tmp_path: Path) -> None:
    with Memory(tmp_path / "memory.sqlite") as memory:
        lists = access(tmp_path, memory, allowed=(ANN,), denied=(BOB,))
        assert [lists.tell(STRANGER, STRANGER) for _ in range(3)] == [True, False, False]
        assert not lists.tell(ANN, ANN)
        assert not lists.tell(BOB, BOB)
    with Memory(tmp_path / "memory.sqlite") as memory:
        again = access(tmp_path, memory, allowed=(ANN,))
        assert not again.tell(STRANGER, STRANGER)
        assert again.tell(STRANGER + 1, STRANGER + 1)


def test_a_group_of_strangers_is_told_once(tmp_path: Path) -> None:
    lists = access(tmp_path, allowed=(ANN,))
    assert [lists.tell(user, GROUP) for user in (STRANGER, STRANGER + 1)] == [True, False]


def test_a_stranger_is_told_once_also_where_nothing_can_be_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.sqlite")
    lists = access(tmp_path, memory, allowed=(ANN,))
    memory.close()
    assert [lists.tell(STRANGER, STRANGER) for _ in range(3)] == [True, False, False]
