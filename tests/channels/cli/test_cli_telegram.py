"""`qabot telegram`: its help, what it refuses, and its status. What the bot does is in tests/channels/telegram."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from cli_house import Run, run_process

from qabot.channels.telegram.heartbeat import Beat, heartbeat_file, process_start, write_heartbeat
from qabot.settings import load_settings


def test_help_says_where_the_token_is_from(run: Run) -> None:
    shown = run("telegram", "--help").out
    assert "QABOT_TELEGRAM_TOKEN" in shown
    assert "--check" in shown
    assert "status" in shown


def test_without_a_token_it_is_an_error_in_one_line(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QABOT_TELEGRAM_TOKEN", raising=False)
    for words in (["telegram"], ["telegram", "--check"]):
        ran = run(*words, at=tmp_path)
        assert ran.code == 2
        assert ran.err.startswith("Error: There is no Telegram token")
        assert ran.err.count("\n") == 1


def test_a_token_in_the_settings_file_is_refused(tmp_path: Path, run: Run) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/qabot.toml").write_text('telegram_token = "1:x"\n')
    ran = run("telegram", at=tmp_path)
    assert ran.code == 2
    assert "is a secret" in ran.err


def beat(**fields: object) -> Beat:
    pid = os.getpid()
    known = {"pid": pid, "bot": "asker_bot", "started": time.time() - 60, "written": time.time(),
             "process": process_start(pid), "counters": {"answers": 4, "refusals": 1, "errors": 2}}  # fmt: skip
    return Beat(**(known | fields))  # type: ignore[arg-type]


def test_status_of_a_bot_that_runs(tmp_path: Path, run: Run) -> None:
    write_heartbeat(heartbeat_file(load_settings(tmp_path)), beat(generation="000007-x", notice="A notice."))
    ran = run("telegram", "status", at=tmp_path)
    assert ran.code == 0
    assert ran.out.startswith("@asker_bot runs for 1 min 0 s, generation 000007-x, 5 questions, 0 waiting, 2 errors")
    assert "A notice." in ran.out


def test_status_of_one_that_hangs_or_has_ended(tmp_path: Path, run: Run) -> None:
    path = heartbeat_file(load_settings(tmp_path))
    for state, shown in {
        "never": "The bot does not run: it has not run here yet",
        "stopped": "The bot does not run: it was stopped",
        "stale": "The bot hangs: its process",
    }.items():
        if state != "never":
            write_heartbeat(path, beat(stopped=state == "stopped", written=time.time() - 600 * (state == "stale")))
        ran = run("telegram", "status", at=tmp_path)
        assert ran.code == 1
        assert ran.out.startswith(shown)
        assert json.loads(run("telegram", "status", "--json", at=tmp_path).out)["state"] in {"stopped", "stale"}


def test_status_loads_nothing_of_telegram() -> None:
    ran = run_process("telegram", "status", "--json", env=os.environ | {"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rpartition("|")[2].strip() for line in ran.err.splitlines()}
    assert "qabot.channels.telegram.heartbeat" in loaded
    assert not loaded & {"telegram", "faiss", "onnxruntime", "numpy"}
