"""Runs `qabot eval` on each gold set and writes the figures into docs/quality.md. See scripts/quality."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QABOT = str(Path(sys.executable).with_name("qabot"))
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- measured: written by scripts/quality -->", "<!-- end of what was measured -->"

SETS: dict[str, tuple[str, list[str]]] = {
    # name: (folder of articles, folders of questions)
    "squad-read": ("squad-read", ["squad-read"]),
    "multihop-news": ("multihop-news", ["multihop-news"]),
    "news-2022": ("news-2022", ["news-2022"]),
    "clapnq": ("clapnq", ["clapnq"]),
    "russian-wiki": ("russian-wiki", ["russian-wiki"]),
    "kazakh-wiki": ("kazakh-wiki", ["kazakh-wiki"]),
    "multihop-news + out-of-corpus": ("multihop-news", ["multihop-news", "out-of-corpus"]),
    "news-2022 + out-of-corpus": ("news-2022", ["news-2022", "out-of-corpus"]),
}
TABLES = {
    "Passages": {
        "dense hit@1": "dense.hit@1",
        "lexical hit@1": "lexical.hit@1",
        "fused hit@1": "hit@1",
        "read hit@1": "read.hit@1",
        "fused hit@4": "hit@4",
        "read hit@4": "read.hit@4",
        "fused hit@5": "hit@5",
        "fused hit@10": "hit@10",
        "fused MRR@10": "MRR@10",
        "read MRR@10": "read.MRR@10",
        "ceiling": "evidence_in_a_passage",
    },
    "Answers": {
        "answer in the quotes": "answer_in_quotes",
        "in the first quote": "answer_in_first_quote",
        "a quote in the evidence": "quote_in_evidence",
        "first quote in it": "first_quote_in_evidence",
        "all evidence articles quoted": "all_articles_quoted",
        "quoted or listed": "all_articles_listed",
        "exact quotes": "exact_quotes",
    },
    "The honest no": {
        "AUROC": "auroc",
        "AURC": "aurc",
        "risk at 80 % coverage": "risk@80%coverage",
        "coverage at 5 % risk": "coverage@5%risk",
        "ECE": "ece",
        "wrong answers": "wrong_answers",
        "unanswerable ones answered": "answered_unanswerable",
        "answerable ones refused": "wrong_refusals",
    },
    "Speed": {"p50 ms": "ask_p50_ms", "p95 ms": "ask_p95_ms", "p99 ms": "ask_p99_ms", "peak MB": "peak_memory_mb"},
}


def main(data: Path, cache: Path, limit: str | None) -> None:
    figures = {name: _eval(data, cache, limit, *where) for name, where in SETS.items() if (data / where[0]).is_dir()}
    day, machine = date.today().isoformat(), f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    asked = f"at most {limit} questions of each set, always the same ones" if limit else "all questions"
    text = f"Measured {day} on {machine}, by `sh scripts/quality`: {asked}.\n"
    for title, columns in TABLES.items():
        text += f"\n### {title}\n\n| set | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}\n"
        for name, found in figures.items():
            text += f"| {name} | {' | '.join(_shown(found.get(key)) for key in columns.values())} |\n"
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _eval(data: Path, cache: Path, limit: str | None, articles: str, questions: list[str]) -> dict[str, float | None]:
    files = [str(data / folder / "questions.jsonl") for folder in questions]
    command = [QABOT, "--home", str(ROOT), "eval", *files, "--seeds", str(data / articles)]
    command += ["--limit", limit] if limit else []
    print("qabot", *command[3:], flush=True)
    done = subprocess.run([*command, "--cache", str(cache / articles), "--json"], stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return dict(report["figures"])


def _shown(figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:.3f}" if figure <= 1 else f"{figure:.0f}"


if __name__ == "__main__":
    kept = Path(os.environ.get("QUALITY_CACHE", Path(tempfile.gettempdir()) / "qabot-quality"))
    main(Path(sys.argv[1]).resolve(), kept, sys.argv[2] if len(sys.argv) > 2 else None)
