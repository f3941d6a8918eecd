"""Builds in a child process: told of, cancelled, killed, and never outliving who ordered them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from qabot.encoders.encoder import Encoder
from qabot.errors import BuildCancelledError, BuildInProgressError, ModelNotFoundError, SeedsError
from qabot.index.background import build_in_background
from qabot.index.building import build
from qabot.index.generation import open_current
from qabot.index.publishing import building
from qabot.settings import Settings


class Heard:
    """A Progress that remembers, and does something at the first step of a stage."""

    def __init__(self, at: str = "", do: object = None) -> None:
        self.stages: list[str] = []
        self.steps = 0
        self._at, self._do = at, do

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002
        self.stages.append(name)

    def advance(self, steps: int) -> None:
        self.steps += steps
        if callable(self._do) and self.stages[-1].startswith(self._at):
            self._do()


def write_much(settings: Settings) -> None:
    """An article that takes some seconds to embed."""
    text = "\n\n".join(f"Item {n} of a long list of {n * 7} items is described here at length." for n in range(9000))
    (settings.seeds_folder / "long.txt").write_text(text, encoding="utf-8")


def serving(settings: Settings) -> str:
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        assert generation.notice is None
        return generation.id


def running() -> dict[int, int]:
    """The parent of every process that runs; those that have ended and wait to be noticed are left out."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text().partition(" (")
        except OSError:  # it has just ended
            continue
        state, parent = rest.rpartition(") ")[2].split()[:2]
        if state != "Z":
            found[int(pid)] = int(parent)
    return found


def children_of(parent: int) -> list[int]:
    return [pid for pid, its_parent in running().items() if its_parent == parent]


def test_a_build_in_the_background_is_one_like_any_other_and_tells_how_far_it_is(settings: Settings) -> None:
    heard = Heard()
    done = build_in_background(settings, heard)
    assert (done.articles, done.passages, done.reused, done.changed) == (3, 3, 0, True)
    assert isinstance(done.folder, Path)
    assert serving(settings) == done.generation
    assert heard.stages[0] == "Reading articles"
    assert heard.stages[-1] == "Publishing"
    assert heard.steps >= 9
    (settings.seeds_folder / "empty.txt").touch()
    again = build_in_background(settings)
    assert [skipped.path for skipped in again.skipped] == ["empty.txt"]


def test_it_can_be_awaited_while_an_event_loop_runs(settings: Settings) -> None:
    async def run() -> tuple[int, int]:
        ticks = 0
        task = asyncio.create_task(asyncio.to_thread(build_in_background, settings))
        while not task.done():
            ticks += 1
            await asyncio.sleep(0.01)
        return (await task).articles, ticks

    articles, ticks = asyncio.run(run())
    assert articles == 3
    assert ticks > 5


def test_errors_of_the_build_come_back_as_they_are(settings: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="no model 'none'"):
        build_in_background(settings.model_copy(update={"model": "none"}))
    with building(settings.generations_folder), pytest.raises(BuildInProgressError, match="Another process"):
        build_in_background(settings)
    (settings.seeds_folder / "empty.txt").touch()
    with pytest.raises(SeedsError, match=r"empty\.txt"):
        build_in_background(settings, strict=True)


def test_settings_reach_the_child_and_its_surroundings_do_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QABOT_PASSAGE_TOKENS", "not a number")
    monkeypatch.setenv("QABOT_TELEGRAM_TOKEN", "123:secret")
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "json.py").write_text("raise SystemExit('a module of the working folder was imported')")
    monkeypatch.chdir(trap)
    done = build_in_background(settings.model_copy(update={"passage_tokens": 64}))
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        assert generation.id == done.generation
        assert generation.manifest.recipe.passage_tokens == 64


def test_cancelling_ends_the_child_and_leaves_the_index_whole(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    write_much(settings)
    cancelled = threading.Event()
    began = time.monotonic()
    with pytest.raises(BuildCancelledError, match="cancelled"):
        build_in_background(settings, Heard("Embedding", cancelled.set), cancelled=cancelled)
    assert time.monotonic() - began < 20
    assert serving(settings) == first.generation
    (settings.seeds_folder / "long.txt").unlink()
    assert build_in_background(settings).generation == first.generation


def test_a_killed_child_is_told_and_leaves_the_index_whole(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    write_much(settings)

    def kill() -> None:
        for pid in children_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(BuildCancelledError, match="SIGKILL"):
        build_in_background(settings, Heard("Embedding", kill))
    assert serving(settings) == first.generation


def test_an_error_of_who_listens_ends_the_child(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    write_much(settings)

    def fail() -> None:
        raise KeyError("the listener")

    with pytest.raises(KeyError, match="the listener"):
        build_in_background(settings, Heard("Embedding", fail))
    assert children_of(os.getpid()) == []


PARENT = """
import sys
from pathlib import Path
from qabot.index.background import build_in_background
from qabot.settings import load_settings

class Told:
    def stage(self, name, total):
        print(name, flush=True)
    def advance(self, steps):
        pass

build_in_background(load_settings(Path(sys.argv[1])), Told())
"""


def test_a_child_ends_with_its_parent_even_if_that_one_is_killed(settings: Settings) -> None:
    write_much(settings)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(settings.home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    for line in parent.stdout:
        if line.startswith("Embedding"):
            break
    (pid,) = children_of(parent.pid)
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, parent.pid)
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while pid in running():
        assert time.monotonic() < deadline
        time.sleep(0.01)
