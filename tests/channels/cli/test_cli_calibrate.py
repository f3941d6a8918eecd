"""`qabot calibrate`: fits at once or from what was collected, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from cli_house import Run

from qabot.answering.confidence import read_confidence
from qabot.answering.features import FEATURES

GOLD = Path(__file__).resolve().parents[2] / "evaluation/gold"
QUESTIONS = str(GOLD / "questions.jsonl")


def test_the_small_gold_set_is_fitted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "confidence.json"
    ran = run("calibrate", QUESTIONS, "--seeds", str(GOLD), "--output", str(path))
    assert ran.code == 0
    for part in ("AUROC", "similarity", "Log loss", "Threshold ", "dense_weight", "gold MRR@10"):
        assert part in ran.out
    assert set(read_confidence(path).common.weights) == set(FEATURES)
    sets = json.loads(path.read_text(encoding="utf-8"))["provenance"]["sets"]
    assert (sets["gold"]["answerable"], sets["gold"]["unanswerable"], sets["gold"]["articles"]) == (18, 6, 8)


def test_what_is_collected_is_fitted_later_with_the_same_result(run: Run, tmp_path: Path) -> None:
    whole, half = str(tmp_path / "whole.jsonl"), str(tmp_path / "half.jsonl")
    cache = str(tmp_path / "built")
    asking = "calibrate", QUESTIONS, "--seeds", str(GOLD), "--cache", cache
    at_once = run(*asking, "--set", "ferry", "--json").json
    ran = run(*asking, "--set", "ferry", "--collect", whole)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(f"Collected 24 questions of ferry in {whole}\n")
    assert run("calibrate", whole, "--json").json == at_once
    assert run(*asking, "--set", "ferry", "--half", "--collect", half).code == 0
    both = run("calibrate", whole, half, "--json").json["provenance"]["sets"]
    assert both["ferry/half"]["articles"] == 4
    assert both["ferry/half"]["unanswerable"] > both["ferry"]["unanswerable"]


def test_questions_of_other_articles_are_asked_as_unanswerable(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    evidence = [{"article": "elsewhere", "quote": None}]
    record = {"id": "o1", "question": "Who won the race?", "kind": "span", "answerable": True, "answers": ["Ann"]}
    other.write_text(json.dumps(record | {"evidence": evidence}), encoding="utf-8")
    out = str(tmp_path / "c.jsonl")
    words = "calibrate", QUESTIONS, "--foreign", str(other), "--seeds", str(GOLD), "--no-weights", "--collect", out
    assert run(*words).code == 0
    examples = [json.loads(line) for line in Path(out).read_text(encoding="utf-8").splitlines()][1:]
    foreign = [one for one in examples if one["kind"] == "foreign"]
    assert [(one["id"], one["answerable"], one["right"], one["pair"]) for one in foreign] == [
        ("o1", False, False, "en-en")
    ]
    assert not any(one["dense_ranks"] for one in examples)
    ran = run("calibrate", out, "--foreign", str(other))
    assert ran.code == 2
    assert "--foreign goes with QUESTIONS about the articles" in " ".join(ran.err.split())


def test_a_limit_holds_for_each_file(run: Run, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.jsonl"
    record = {"kind": "foreign", "answerable": False, "answers": [], "evidence": []}
    lines = [json.dumps({"id": f"f{at}", "question": f"Who won race {at}?", **record}) for at in range(20)]
    foreign.write_text("\n".join(lines), encoding="utf-8")
    out = str(tmp_path / "c.jsonl")
    run("calibrate", QUESTIONS, str(foreign), "--seeds", str(GOLD), "--limit", "15", "--collect", out)
    kinds = [json.loads(line).get("kind") for line in Path(out).read_text(encoding="utf-8").splitlines()]
    assert kinds.count("foreign") == 15
    assert 10 <= len(kinds) - 1 - 15 <= 15


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["--index", "a", "--seeds", "b"], "exclude each other"),
        (["--cache", "a"], "--seeds, which is missing"),
        (["--half"], "--seeds, which is missing"),
        (["--collect", "a.jsonl", "--output", "b.json"], "exclude each other"),
        (["--output", "nowhere/b.json"], "there is no folder nowhere"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: list[str], cause: str, run: Run) -> None:
    ran = run("calibrate", QUESTIONS, *words)
    assert ran.code == 2
    assert cause in " ".join(ran.err.split())


def test_too_few_questions_are_refused(run: Run, tmp_path: Path) -> None:
    ran = run("calibrate", QUESTIONS, "--seeds", str(GOLD), "--limit", "5")
    assert ran.code == 2
    assert "there is nothing to learn from" in ran.err


def test_a_damaged_collection_is_refused_by_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"features": ["luck"]}\n', encoding="utf-8")
    ran = run("calibrate", str(path))
    assert ran.code == 2
    assert f"{path}:1" in ran.err


def test_without_the_extra_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    ran = run("calibrate", QUESTIONS)
    assert ran.code == 2
    assert 'pip install "qabot[eval]"' in ran.err
