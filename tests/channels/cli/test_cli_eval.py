"""`qabot eval`: the table, the JSON, requirements, and what it refuses."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Run, start

from qabot.evaluation.extras import load_extra

GOLD = Path(__file__).resolve().parents[2] / "evaluation/gold"
QUESTIONS = str(GOLD / "questions.jsonl")
DAM: dict[str, Any] = {
    "id": "q1",
    "question": DAM_QUESTION,
    "kind": "span",
    "answerable": True,
    "answers": ["12 million dollars"],
    "evidence": [{"article": "dam", "quote": DAM_SENTENCE}],
}


def write(folder: Path, *records: object) -> str:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def test_the_small_gold_set_is_answered_well_enough(run: Run) -> None:
    floors = "hit@5>=0.95", "read.hit@1>=0.9", "answer_in_quotes>=0.7", "auroc>=0.9", "exact_quotes==1"
    wanted = [word for floor in floors for word in ("--require", floor)]
    ran = run("eval", QUESTIONS, "--seeds", str(GOLD), *wanted)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("25 questions (18 answerable, 6 not, 1 unknown), asked of 8 articles, 8 passages, ")
    for part in (
        "Ranking",
        "all_evidence@10",
        "By kind",
        "Answers",
        "The honest no (threshold ",
        "Speed",
        "ask_p95_ms",
    ):
        assert part in ran.out


def test_the_index_of_the_home_is_asked(run: Run, tmp_path: Path) -> None:
    ran = run("eval", write(tmp_path, DAM), "--json")
    assert ran.code == 0
    report = ran.json
    assert report["index"]["articles"] == 4
    assert {report["figures"][name] for name in ("hit@1", "answer_in_first_quote", "exact_quotes")} == {1}
    assert report["figures"]["auroc"] is None


def test_another_index_can_be_named(run: Run, home: Path, tmp_path: Path) -> None:
    questions = write(tmp_path, DAM)
    for folder in (home, home / "embeddings", home / "embeddings/generations"):
        assert run("eval", questions, "--index", str(folder), "--require", "hit@1==1", at=tmp_path).code == 0


def test_an_index_of_seeds_can_be_kept(run: Run, tmp_path: Path) -> None:
    words = ("eval", QUESTIONS, "--seeds", str(GOLD), "--cache", str(tmp_path / "kept"), "--limit", "2", "--json")
    first, second = run(*words, at=tmp_path), run(*words, at=tmp_path)
    assert (first.code, first.json["questions"]) == (0, 2)
    assert first.json["index"] == second.json["index"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept"]


def test_several_files_are_one_set(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(DAM | {"id": "q2", "kind": "no", "answerable": False, "answers": [], "evidence": []}))
    report = run("eval", write(tmp_path, DAM), str(other), "--json").json
    assert (report["answerable"], report["unanswerable"], sorted(report["kinds"])) == (1, 1, ["no", "span"])


def test_questions_of_other_articles_are_asked_as_unanswerable_ones(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    evidence = [{"article": "elsewhere", "quote": "Ann."}]
    other.write_text(json.dumps(DAM | {"id": "o1", "question": "Who won the opera?", "evidence": evidence}), "utf-8")
    report = run("eval", write(tmp_path, DAM), "--foreign", str(other), "--json").json
    assert (report["answerable"], report["unanswerable"]) == (1, 1)
    assert report["figures"]["auroc"] == 1


def test_an_unmet_requirement_ends_with_one_and_says_which(run: Run, tmp_path: Path) -> None:
    ran = run("eval", write(tmp_path, DAM), "--require", "hit@5>=1", "--require", "ask_p50_ms<0", "--require", "ece>1")
    assert ran.code == 1
    first, second = ran.err.splitlines()
    assert first.startswith("ask_p50_ms<0 is not met: ask_p50_ms is ")
    assert second.startswith("ece>1 is not met: ece is ")
    assert "hit@5" in ran.out


def test_an_unknown_figure_ends_with_two(run: Run, tmp_path: Path) -> None:
    ran = run("eval", write(tmp_path, DAM), "--require", "hits@5>=1")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no figure 'hits@5'. Did you mean 'hit@5'?" in ran.err


@pytest.mark.parametrize(
    ("records", "cause"),
    [
        ([DAM, {**DAM, "id": "q2", "answers": None}], ":2: 'answers' should be a list, not null"),
        ([{name: value for name, value in DAM.items() if name != "kind"}], ":1: 'kind' is missing"),
        ([DAM, DAM], ":2: the id 'q1' is already that of "),
        ([], ":1: the file has no question"),
        ([DAM | {"evidence": [{"article": "moon", "quote": None}]}], ":1: the article 'moon' is not in the index"),
    ],
)
def test_bad_gold_is_named_with_its_line(run: Run, tmp_path: Path, records: list[object], cause: str) -> None:
    ran = run("eval", write(tmp_path, *records))
    assert (ran.code, ran.out) == (2, "")
    assert f"questions.jsonl{cause}" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_json_and_plot_are_written(run: Run, tmp_path: Path) -> None:
    output, plot = tmp_path / "report.json", tmp_path / "quality.png"
    ran = run("eval", write(tmp_path, DAM), "--output", str(output), "--plot", str(plot))
    assert (ran.code, ran.err) == (0, "")
    assert "Ranking" in ran.out
    assert json.loads(output.read_text())["figures"]["hit@1"] == 1
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plot", "quality.tale"], "no name of a picture"),
        (["--plot", "nowhere/quality.png"], "There is no folder nowhere"),
        (["--output", "nowhere/report.json"], "no folder nowhere"),
        (["--cache", "kept"], "--cache keeps the index of --seeds"),
        (["--index", ".", "--seeds", "."], "exclude each other"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_first_question(
    run: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    ran = run("eval", write(tmp_path, DAM), *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_missing_extra_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_extra("ir_measures")
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    ran = run("eval", write(tmp_path, DAM))
    assert ran.code == 2
    assert 'Install it: pip install "qabot[eval]"' in ran.err


def test_ctrl_c_prints_what_there_is(home: Path, tmp_path: Path) -> None:
    questions = write(tmp_path, *(DAM | {"id": str(number)} for number in range(20_000)))
    process = start("--home", str(home), "eval", questions, stdout=PIPE, stderr=PIPE, bufsize=0)
    assert process.stderr
    assert process.stdout
    # Without a terminal a line is said after ten seconds of asking.
    assert b"Asking: " in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"all_evidence@10" in out
    assert err.decode().startswith("Interrupted after ")
    assert " of 20,000 questions" in err.decode()
