"""`qabot eval` on conversations: how follow-ups are read, and that a history harms no question that stands alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Run

BORN: dict[str, Any] = {
    "id": "a#2",
    "topic": ["Ann Lee"],
    "history": [{"question": "Who won in Oslo?", "answer": "I don't know."}],
    "question": "Where was she born?",
    "rewrite": "Where was Ann Lee born?",
}
DAM: dict[str, Any] = {
    "id": "q1",
    "question": DAM_QUESTION,
    "kind": "span",
    "answerable": True,
    "answers": ["12 million dollars"],
    "evidence": [{"article": "dam", "quote": DAM_SENTENCE}],
}
WALL = DAM | {"id": "q2", "question": "How high is the wall of the dam near Almaty?", "answers": ["150 metres"]}


@pytest.fixture
def talk(tmp_path: Path) -> str:
    return write(tmp_path / "talk.jsonl", BORN)


def write(path: Path, *records: object) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def test_conversations_need_neither_questions_nor_an_index(run: Run, tmp_path: Path, talk: str) -> None:
    ran = run("eval", "--conversations", talk, at=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1 question in conversations (1 changed by the person, 1 read as follow-ups)\n")
    rows = {line.split()[0]: line.split()[1:3] for line in ran.out.splitlines() if line.strip()}
    assert rows["recovered"] == ["1.000", "0.000"]
    assert "Ranking" not in ran.out


def test_their_figures_are_in_the_json_and_in_its_file(run: Run, tmp_path: Path, talk: str) -> None:
    output = tmp_path / "report.json"
    ran = run("eval", "--conversations", talk, "--json", "--output", str(output))
    assert list(ran.json) == ["conversations"]
    figures = ran.json["conversations"]["figures"]
    assert (figures["recovered"], figures["untitled.recovered"], figures["gate_precision"]) == (1, 0, 1)
    assert json.loads(output.read_text()) == ran.json


def test_they_can_be_required(run: Run, talk: str) -> None:
    assert run("eval", "--conversations", talk, "--require", "recovered>=0.6").code == 0
    ran = run("eval", "--conversations", talk, "--require", "untitled.recovered>=0.6")
    assert (ran.code, ran.err) == (1, "untitled.recovered>=0.6 is not met: untitled.recovered is 0\n")
    ran = run("eval", "--conversations", talk, "--require", "hit@5>=0.6")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no figure 'hit@5'" in ran.err


def test_questions_and_conversations_go_together(run: Run, tmp_path: Path, talk: str) -> None:
    words = ("eval", write(tmp_path / "gold.jsonl", DAM), "--conversations", talk)
    both = run(*words, "--json", "--require", "recovered==1", "--require", "hit@1==1")
    assert both.code == 0
    assert both.json["figures"]["hit@1"] == both.json["conversations"]["figures"]["recovered"] == 1
    out = run(*words).out
    assert out.index("Ranking") < out.index("Follow-ups")


def test_a_bad_file_of_conversations_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    ran = run("eval", "--conversations", write(tmp_path / "talk.jsonl", BORN, BORN))
    assert (ran.code, ran.out) == (2, "")
    assert "talk.jsonl:2: the id 'a#2' occurs twice" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Missing argument 'QUESTIONS'"),
        (["--conversations", "talk.jsonl", "--limit", "3"], "--limit is about QUESTIONS, which are missing"),
        (["--conversations", "talk.jsonl", "--with-history"], "--with-history is about QUESTIONS"),
        (["--conversations", "talk.jsonl", "--seeds", "."], "--seeds is about QUESTIONS"),
        (["--conversations", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
    ],
)
def test_what_has_no_questions_to_be_about_is_refused(run: Run, words: list[str], said: str) -> None:
    ran = run("eval", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_with_history_each_question_is_asked_once_more_after_another_one(run: Run, tmp_path: Path) -> None:
    questions = write(tmp_path / "gold.jsonl", DAM, WALL, DAM | {"id": "q3", "question": "How much did it cost?"})
    report = run("eval", questions, "--with-history", "--json").json["with_history"]
    assert report["complete"] is True
    assert report["read_as_follow_ups"] == 1
    assert set(report["figures"]["hit@1"]) == {"alone", "after"}
    out = run("eval", questions, "--with-history").out
    assert "After another question" in out
    assert "1 of 3 questions were read as follow-ups of another one." in out


def test_without_the_option_no_history_is_asked(run: Run, tmp_path: Path) -> None:
    questions = write(tmp_path / "gold.jsonl", DAM, WALL)
    assert "with_history" not in run("eval", questions, "--json").json
    assert "After another question" not in run("eval", questions).out
