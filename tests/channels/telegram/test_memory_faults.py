"""The memory's file damaged, replaced, full, locked or its process killed: a clear error, and nothing lost beside."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from qabot.channels.telegram.memory.memory import Memory
from qabot.channels.telegram.memory.schema import APPLICATION_ID, VERSION
from qabot.errors import StateError

WRITER = """
    import sys
    from pathlib import Path
    from qabot.channels.telegram.memory.memory import Memory
    from qabot.channels.telegram.memory.updates import Received

    memory = Memory(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        memory.replies.remember(1, number, 2, [2 * number, 2 * number + 1], "answer")
        memory.updates.claim([Received(number, "{}")])
        print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "telegram.sqlite"


def fill(path: Path, count: int = 200) -> None:
    with Memory(path) as memory:
        for number in range(count):
            memory.answers.remember(chat=1, user=2, question=f"question {number}", generation="g", language="en")


def test_a_file_that_is_no_database_is_named_with_what_mends_it(path: Path) -> None:
    path.write_text("hello " * 1000)
    with pytest.raises(StateError, match="is not a database") as caught:
        Memory(path)
    assert str(path) in caught.value.cause
    assert f"mv {path} {path}.damaged" in caught.value.mend
    assert path.read_text() == "hello " * 1000


def test_the_named_command_mends_it(path: Path) -> None:
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(StateError) as caught:
        Memory(path)
    command = caught.value.mend[caught.value.mend.index("mv ") :]
    subprocess.run(["sh", "-c", command], check=True)
    fill(path, 1)


def test_a_damaged_page_is_found_when_it_is_opened(path: Path) -> None:
    fill(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 5000] = b"\xaa" * 5000
    path.write_bytes(content)
    with pytest.raises(StateError, match="Move it away"):
        Memory(path)


@examples(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.floats(0, 1), what=st.binary(min_size=1, max_size=300), cut=st.booleans())
def test_any_damage_gives_a_state_error_or_a_working_memory(
    tmp_path: Path, place: float, what: bytes, cut: bool
) -> None:
    whole, path = tmp_path / "whole.sqlite", tmp_path / "damaged.sqlite"
    if not whole.exists():
        fill(whole, 50)
    content = bytearray(whole.read_bytes())
    start = int(place * (len(content) - 1))
    if cut:
        del content[start:]
    else:
        content[start : start + len(what)] = what
    for file in tmp_path.glob("damaged.sqlite*"):
        file.unlink()
    path.write_bytes(content)
    with contextlib.suppress(StateError), Memory(path) as memory:
        new = memory.answers.remember(chat=1, user=2, question="Who?", generation="g", language="en")
        memory.answers.find(new.id, 1)
        memory.expire(90)
        memory.forget_user(2)


def test_a_file_of_a_later_version_is_left_as_it_is(path: Path) -> None:
    fill(path, 1)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(StateError, match="later qabot") as caught:
        Memory(path)
    assert "Update qabot" in caught.value.mend


def test_another_programs_database_is_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()
    with pytest.raises(StateError, match="is not the memory of a Telegram bot"):
        Memory(path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
        assert db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID
    db.close()


def test_an_empty_file_begins_a_memory(path: Path) -> None:
    path.touch()
    fill(path, 1)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    with pytest.raises(StateError, match=r"telegram[.]sqlite cannot be opened"):
        Memory(tmp_path / "state" / "telegram.sqlite")
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(StateError, match="cannot be opened"):
        Memory(tmp_path / "folder.sqlite")


def test_a_full_disk_is_an_error_until_there_is_room_again(path: Path) -> None:
    with Memory(path) as memory:
        pages = memory.database.row("PRAGMA page_count")[0]
        memory.database.row(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StateError, match="full") as caught:
            memory.answers.remember(chat=1, user=2, question="x" * 50_000, generation="g", language="en")
        assert caught.value.mend == "Make room on the disk"
        assert memory.conversations.load(1, 2).turns == ()
        memory.database.row("PRAGMA max_page_count = 100000")
        new = memory.answers.remember(chat=1, user=2, question="x" * 50_000, generation="g", language="en")
        assert memory.answers.find(new.id, 1) is not None


def test_a_transaction_that_fails_leaves_nothing_half_done(path: Path) -> None:
    with Memory(path) as memory:
        memory.replies.remember(1, 10, 2, [11], "first")
        with pytest.raises(StateError):
            memory.replies.remember(1, 10, 2, [12, 2**70], "second")
        reply = memory.replies.to(1, 10)
        assert reply is not None
        assert (reply.messages, reply.answer) == ((11,), "first")


def test_a_file_that_may_only_be_read_still_gives_what_it_has(path: Path) -> None:
    with Memory(path) as memory:
        memory.languages.choose(1, "kk")
        memory.database.change("PRAGMA query_only = ON")
        with pytest.raises(StateError, match="readonly") as caught:
            memory.languages.choose(1, "ru")
        assert caught.value.mend.startswith("Let this user write there")
        assert memory.languages.chosen(1) == "kk"


def test_a_file_that_another_program_holds_is_waited_for_shortly(path: Path) -> None:
    with Memory(path) as memory:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StateError, match="locked") as caught:
            memory.languages.choose(1, "ru")
        assert time.monotonic() - began < 5
        assert caught.value.mend == "End the other program that uses it"
        assert memory.languages.chosen(1) is None
        other.execute("COMMIT")
        other.close()
        memory.languages.choose(1, "ru")


def test_a_closed_memory_says_so(path: Path) -> None:
    memory = Memory(path)
    memory.close()
    with pytest.raises(StateError, match="closed"):
        memory.languages.chosen(1)


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.2])
def test_a_killed_process_loses_at_most_its_last_transaction(path: Path, moment: float) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    told = int(writer.stdout.readline())
    time.sleep(moment)
    writer.send_signal(signal.SIGKILL)
    for line in writer.stdout:
        told = int(line) if line.endswith("\n") else told
    writer.stdout.close()
    writer.wait()
    with Memory(path) as memory:
        for number in range(1, told + 1):
            reply = memory.replies.to(1, number)
            assert reply is not None
            assert reply.messages == (2 * number, 2 * number + 1)
        assert memory.database.row("SELECT count(*) FROM updates")[0] in {told, told + 1}
        assert memory.database.row("SELECT count(*) FROM replies")[0] in {2 * told, 2 * told + 2}


def test_a_log_left_by_a_moved_file_does_not_haunt_the_new_one(path: Path) -> None:
    memory = Memory(path)
    memory.languages.choose(1, "ru")
    left = path.with_name("left-wal")
    shutil.copy(path.with_name(path.name + "-wal"), left)
    memory.close()
    path.unlink()
    left.replace(path.with_name(path.name + "-wal"))
    with Memory(path) as fresh:
        assert fresh.languages.chosen(1) is None
        fresh.languages.choose(1, "kk")
    with Memory(path) as fresh:
        assert fresh.languages.chosen(1) == "kk"
