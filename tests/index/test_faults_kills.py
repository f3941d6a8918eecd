"""kill -9 at random moments of every command that writes; `scripts/chaos` does two hundred rounds of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHAOS = Path(__file__).parent.parent.parent / "scripts" / "chaos.py"
ROUNDS = 20


def test_a_kill_at_any_moment_tears_nothing_and_the_next_build_cleans_up() -> None:
    done = subprocess.run(
        [sys.executable, str(CHAOS), str(ROUNDS)], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{ROUNDS} rounds: ")
    assert int(done.stdout.split()[2]) >= ROUNDS // 2
