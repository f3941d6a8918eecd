"""Splitting in several processes: the same as in one, in the same order, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from qabot.articles.article import Article
from qabot.encoders.encoder import Encoder
from qabot.index.splitting import Split, Splitter

ARTICLES = [Article(f"a{n}", f"Title {n}", f"Sentence {n} of a report on dams. " * (n % 7 + 1)) for n in range(60)]


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes are started for few articles already. The tracker that the library starts with them, and keeps, is
    stopped: other tests look at the children of this process."""
    monkeypatch.setattr("qabot.index.splitting._FEW_CHARACTERS", 100)
    monkeypatch.setattr("qabot.index.splitting._BATCH_CHARACTERS", 500)
    yield
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


def split(splitter: Splitter) -> list[tuple[int, Split]]:
    found = [one for key, article in enumerate(ARTICLES) for one in splitter.split(key, article)]
    return found + list(splitter.rest())


def test_processes_give_what_one_gives_in_the_same_order(encoder: Encoder) -> None:
    with Splitter(encoder, 64, 1) as one, Splitter(encoder, 64, 2) as two:
        expected = split(one)
        assert [key for key, _ in expected] == list(range(60))
        assert split(two) == expected


def test_a_process_that_is_killed_only_costs_time(encoder: Encoder) -> None:
    with Splitter(encoder, 64, 1) as one:
        expected = split(one)
    with Splitter(encoder, 64, 2) as two:
        found = [one for key, article in enumerate(ARTICLES[:30]) for one in two.split(key, article)]
        assert two._pool is not None
        for process in list(two._pool._processes):
            os.kill(process, signal.SIGKILL)
        found += [one for key, article in enumerate(ARTICLES[30:], 30) for one in two.split(key, article)]
        assert found + list(two.rest()) == expected


def test_a_script_that_builds_is_not_run_again_by_each_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        """
print("runs")
from pathlib import Path
from qabot.articles.article import Article
from qabot.encoders.models import load_encoder
from qabot.index import splitting
from qabot.settings import load_settings
splitting._FEW_CHARACTERS = 10
with splitting.Splitter(load_encoder(load_settings(Path())), 64, 2) as splitter:
    for n in range(3):
        list(splitter.split(n, Article(f"a{n}", "", "A sentence of a report. " * 500)))
    print(len(list(splitter.rest())) > 0)
"""
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0], done.stdout.count("runs"), done.stderr) == (0, "runs", 1, "")
