"""The heartbeat: who reads it knows whether the bot runs, hangs or has ended, whatever is in the file."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from qabot.channels.telegram.heartbeat import (
    STALE_SECONDS,
    Beat,
    heartbeat_file,
    keep_beating,
    process_start,
    read_heartbeat,
    write_heartbeat,
)
from qabot.settings import Settings

BEATING = """
    import asyncio, os, sys, time
    from pathlib import Path
    from qabot.channels.telegram.heartbeat import Beat, keep_beating, process_start

    def beat():
        now = time.time()
        return Beat(os.getpid(), "qabot", now, now, process=process_start(os.getpid()))

    asyncio.run(keep_beating(Path(sys.argv[1]), beat, every=0.02))
"""


def beat(**changes: Any) -> Beat:
    """One of this process, now."""
    now = time.time()
    new = Beat(
        os.getpid(), "qabot_bot", now - 60, now, "000007-x", now - 5, now - 1, 3, {"answers": 12}, "a notice",
        process_start(os.getpid()),
    )  # fmt: skip
    return replace(new, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "telegram.json"


def wait_for(path: Path, state: str) -> None:
    until = time.monotonic() + 20
    while read_heartbeat(path).state != state:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_running_bot_is_read_back_whole(path: Path) -> None:
    written = beat()
    write_heartbeat(path, written)
    health = read_heartbeat(path)
    assert (health.state, health.why) == ("running", "")
    assert health.beat == written
    assert health.age is not None
    assert 0 <= health.age < 5


def test_it_lies_in_the_state_folder(settings: Settings) -> None:
    assert heartbeat_file(settings) == settings.state_folder / "telegram.json"


def test_none_was_ever_written(path: Path) -> None:
    health = read_heartbeat(path)
    assert (health.state, health.beat) == ("stopped", None)
    assert health.why == "it has not run here yet"


@pytest.mark.parametrize("seconds", [STALE_SECONDS + 5, -STALE_SECONDS - 5])
def test_a_process_that_writes_no_more_is_stale(path: Path, seconds: float) -> None:
    write_heartbeat(path, beat(written=time.time() - seconds))
    health = read_heartbeat(path)
    assert health.state == "stale"
    assert f"its process {os.getpid()} lives, but wrote nothing for 35 s" in health.why


def test_a_process_that_has_ended_is_stopped(path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_heartbeat(path, beat(pid=ended.pid, process=""))
    health = read_heartbeat(path)
    assert health.state == "stopped"
    assert "has ended without a word" in health.why


def test_another_process_of_the_same_number_is_not_taken_for_it(path: Path) -> None:
    write_heartbeat(path, beat(process="12345"))
    assert read_heartbeat(path).state == "stopped"


def test_a_bot_that_was_stopped_in_order_says_so(path: Path) -> None:
    write_heartbeat(path, beat(stopped=True))
    assert read_heartbeat(path).why == "it was stopped"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff\xfe", b"null", b"[]", b"{}", b"[" * 60_000,
        b'{"pid": 0, "bot": "", "started": 1, "written": 1}',
        b'{"pid": 1e9}', b'{"pid": "1", "bot": 2}', b"9" * 50_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_heartbeat_is_told(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    health = read_heartbeat(path)
    assert (health.state, health.beat) == ("stopped", None)
    assert str(path) in health.why


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(asdict(beat()))),
    value=st.none() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=2),
)
def test_any_value_in_any_field_is_read_or_refused(path: Path, name: str, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**asdict(beat()), name: value}))
    assert read_heartbeat(path).state in {"running", "stale", "stopped"}


def test_a_later_version_is_read_as_far_as_it_is_known(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({**asdict(beat()), "weather": "fine"}))
    assert read_heartbeat(path).state == "running"


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    assert "cannot be read" in read_heartbeat(path).why


def test_it_beats_until_it_is_told_to_stop(path: Path) -> None:
    async def run() -> None:
        beating = asyncio.create_task(keep_beating(path, beat, every=0.01))
        first = None
        while first is None:
            await asyncio.sleep(0.01)
            first = read_heartbeat(path).beat
        await asyncio.sleep(0.1)
        health = read_heartbeat(path)
        assert health.state == "running"
        assert health.beat is not None
        assert health.beat.written > first.written
        beating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beating

    asyncio.run(run())
    assert read_heartbeat(path).why == "it was stopped"
    assert [file.name for file in path.parent.iterdir()] == ["telegram.json"]


def test_a_disk_that_cannot_be_written_is_told_once_and_beats_on(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.write_text("a file where the folder should be")

    async def run() -> None:
        beating = asyncio.create_task(keep_beating(path, beat, every=0.01))
        await asyncio.sleep(0.1)
        assert len(caplog.records) == 1
        path.parent.unlink()
        await asyncio.sleep(0.1)
        assert read_heartbeat(path).state == "running"
        beating.cancel()
        await asyncio.wait({beating})

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())


def test_a_killed_and_a_halted_process(path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(BEATING), str(path)])
    try:
        wait_for(path, "running")
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        assert read_heartbeat(path, now=time.time() + STALE_SECONDS + 1).state == "stale"
        process.send_signal(signal.SIGCONT)
    finally:
        process.kill()
        process.wait()
    health = read_heartbeat(path)
    assert health.state == "stopped"
    assert "without a word" in health.why


def test_a_reader_never_sees_half_a_file(path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(BEATING).replace("0.02", "0"), str(path)])
    try:
        wait_for(path, "running")
        assert {read_heartbeat(path).state for _ in range(2000)} == {"running"}
    finally:
        process.kill()
        process.wait()
