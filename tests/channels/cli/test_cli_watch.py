"""`qabot watch` as a process: it builds, goes on, says each error in a line, and ends when told to."""

from __future__ import annotations

import signal
from pathlib import Path
from subprocess import PIPE

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Run, start, write_seeds


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_follows_the_seeds_until_it_is_told_to_end(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setenv("QABOT_WATCH_SECONDS", "0.2")
    write_seeds(tmp_path)
    with start("--home", str(tmp_path), "watch", stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout
        try:
            assert b"4 articles" in process.stdout.readline()
            assert DAM_SENTENCE in run("ask", DAM_QUESTION, at=tmp_path).out
            (tmp_path / "seeds" / "tower.txt").write_text("The tower in Oral has 40 floors.", encoding="utf-8")
            assert b"5 articles" in process.stdout.readline()
            (tmp_path / "seeds" / "empty.txt").touch()
            (tmp_path / "seeds" / "tower.txt").unlink()
            assert b"4 articles" in process.stdout.readline()
            process.send_signal(number)
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    said = err.decode().splitlines()
    assert said[0].startswith("Watching ")
    assert any("empty.txt" in line for line in said[1:])
    assert "Traceback" not in err.decode()
