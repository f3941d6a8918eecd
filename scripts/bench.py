"""Time and memory of qabot, each in processes of its own. See scripts/bench."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QABOT = Path(sys.executable).with_name("qabot")
ROUNDS = 5
QUESTION = "What did Kazakhstan propose for Afghanistan?"

WARM = """
import json, resource, sys, time
import qabot
engine = qabot.open(sys.argv[1])
questions = json.loads(sys.stdin.read())
engine.ask(questions[0])
spent = []
for question in questions:
    start = time.perf_counter()
    engine.ask(question)
    spent.append((time.perf_counter() - start) * 1000)
print(json.dumps({"ms": spent, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def main(articles: Path, questions: list[str]) -> None:
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_processor()}, Python {_python()}")
    with tempfile.TemporaryDirectory() as aside:
        home = Path(os.environ.get("BENCH_HOME", aside))
        home.mkdir(parents=True, exist_ok=True)
        index = [str(QABOT), "--home", str(home), "index", "--seeds", str(articles.resolve())]
        _row("qabot --help", *_cold([str(QABOT), "--help"]))
        seconds, megabytes = _run([*index, "--full"])
        passages = _passages(home)
        _row("qabot index, whole", seconds, megabytes, f"{passages:,} passages, {passages / seconds:.1f} a second")
        _row("qabot index, unchanged", *_run(index))
        _row("qabot ask, cold", *_cold([str(QABOT), "--home", str(home), "ask", QUESTION]))
        warm = subprocess.run(
            [sys.executable, "-c", WARM, str(home)],
            input=json.dumps(questions),
            capture_output=True,
            text=True,
            check=True,
        )
        figures = json.loads(warm.stdout)
        spent = sorted(figures["ms"])
        p50, p95, p99 = (spent[min(len(spent) - 1, int(len(spent) * share))] for share in (0.5, 0.95, 0.99))
        note = f"{len(spent)} questions: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms"
        _row("engine.ask, warm", p50 / 1000, figures["mb"], note)


def _cold(command: list[str]) -> tuple[float, float]:
    """Median seconds and highest memory, in MB, of a whole process, after one run that fills the caches."""
    _run(command)
    runs = [_run(command) for _ in range(ROUNDS)]
    return statistics.median(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs)


def _run(command: list[str]) -> tuple[float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: {errors.decode()}")
    return seconds, usage.ru_maxrss / 1024


def _row(what: str, seconds: float, megabytes: float, note: str = "") -> None:
    print(f"{what:<24} {seconds:>9.3f} s {megabytes:>7.0f} MB   {note}", flush=True)


def _passages(home: Path) -> int:
    status = subprocess.run(
        [str(QABOT), "--home", str(home), "status", "--json"], capture_output=True, check=True, text=True
    )
    return int(json.loads(status.stdout)["passages"])


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "processor unknown"


def _python() -> str:
    return platform.python_version()


def _questions(path: Path | None, number: int) -> list[str]:
    if path is None:
        return [QUESTION] * number
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:number]]


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "seeds"
    asked = _questions(Path(sys.argv[2]) if len(sys.argv) > 2 else None, int((sys.argv + ["300"] * 4)[3]))
    main(folder, asked)
