"""Runs `qabot eval` on each gold set and writes the figures into docs/quality.md. See scripts/quality."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
QABOT = str(Path(sys.executable).with_name("qabot"))
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- measured: written by scripts/quality -->", "<!-- end of what was measured -->"

Figures = dict[str, float | None]


class Asked(NamedTuple):
    """What is asked: the folder of the articles, folders of questions about them, and of questions about others."""

    articles: str
    questions: tuple[str, ...]
    foreign: tuple[str, ...] = ()


SETS = {
    **{
        name: Asked(name, (name,))
        for name in (
            "squad-read",
            "multihop-news",
            "news-2022",
            "clapnq",
            "russian-wiki",
            "kazakh-wiki",
            "russian-to-english",
        )
    },
    "multihop-news + out-of-corpus": Asked("multihop-news", ("multihop-news", "out-of-corpus")),
    "news-2022 + out-of-corpus": Asked("news-2022", ("news-2022", "out-of-corpus")),
    "russian-wiki, others asked in Russian": Asked("russian-wiki", ("russian-wiki",), ("russian-to-english",)),
    "russian-to-english, others asked in Russian": Asked(
        "russian-to-english", ("russian-to-english",), ("russian-wiki",)
    ),
    "multihop-news, others asked in Kazakh": Asked("multihop-news", ("multihop-news",), ("kazakh-wiki",)),
}
SEED_QUESTIONS = ROOT / "tests" / "evaluation" / "seed"
"""Questions about the article in seeds/, in Russian and Kazakh; the English ones are beside the gold sets."""

MIXED = ("multihop-news", "clapnq", "russian-to-english", "russian-wiki", "kazakh-wiki")
"""Sets whose articles also make one index of three languages. Not squad-read: a quarter of the paragraphs of
russian-to-english stand in it too, and only one of the two would count as found."""

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
    most = ["--limit", limit] if limit else []
    figures = {
        name: _eval(
            _files(data, one.questions), data / one.articles, cache / one.articles, most, _files(data, one.foreign)
        )
        for name, one in SETS.items()
        if (data / one.articles).is_dir()
    }
    seed = {"en": data.parent / "seeds" / "questions.jsonl"}
    seed |= {language: SEED_QUESTIONS / f"{language}.jsonl" for language in ("ru", "kk")}
    for language, questions in seed.items():
        if questions.is_file():
            figures[f"the seed article, {language}"] = _eval([questions], ROOT / "seeds", cache / "seed", [])
    day, machine = date.today().isoformat(), f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    asked = f"at most {limit} questions of each set, always the same ones" if limit else "all questions"
    text = f"Measured {day} on {machine}, by `sh scripts/quality`: {asked}.\n"
    for title, columns in TABLES.items():
        rows = {name: [_shown(found.get(key)) for key in columns.values()] for name, found in figures.items()}
        text += _table(title, "set", list(columns), rows)
    text += _mixed(data, cache, most, figures)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _mixed(data: Path, cache: Path, most: list[str], figures: dict[str, Figures]) -> str:
    """The table of one index with the articles of all of `MIXED`, against the index of each alone; none without them.

    The order of the passages is compared, which no reader changes.
    """
    if not all((data / name).is_dir() for name in MIXED):
        return ""
    keys = ("hit@1", "hit@5")
    rows = {}
    with tempfile.TemporaryDirectory(prefix="qabot-mixed-") as aside:
        for name in MIXED:
            shutil.copyfile(data / name / "articles.jsonl", Path(aside) / f"{name}.jsonl")
        for name in MIXED:
            options = [*most, "--reader", "none"]
            found = _eval(_files(data, [name]), Path(aside), cache / "mixed", options)
            rows[name] = [_shown(one.get(key)) for key in keys for one in (figures[name], found)]
    columns = [f"{key}, {where}" for key in keys for where in ("its own index", "all together")]
    return _table("One index of three languages", "questions", columns, rows)


def _files(data: Path, folders: Iterable[str]) -> list[Path]:
    return [data / folder / "questions.jsonl" for folder in folders]


def _eval(
    questions: list[Path], articles: Path, cache: Path, options: list[str], foreign: Iterable[Path] = ()
) -> Figures:
    others = [option for path in foreign for option in ("--foreign", str(path))]
    command = [QABOT, "--home", str(ROOT), "eval", *map(str, questions), *others, "--seeds", str(articles), *options]
    print("qabot", *command[3:], flush=True)
    done = subprocess.run([*command, "--cache", str(cache), "--json"], stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return dict(report["figures"])


def _table(title: str, first: str, columns: list[str], rows: dict[str, list[str]]) -> str:
    head = f"\n### {title}\n\n| {first} | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}\n"
    return head + "".join(f"| {name} | {' | '.join(values)} |\n" for name, values in rows.items())


def _shown(figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:.3f}" if figure <= 1 else f"{figure:.0f}"


if __name__ == "__main__":
    kept = Path(os.environ.get("QUALITY_CACHE", Path(tempfile.gettempdir()) / "qabot-quality"))
    main(Path(sys.argv[1]).resolve(), kept, sys.argv[2] if len(sys.argv) > 2 else None)
