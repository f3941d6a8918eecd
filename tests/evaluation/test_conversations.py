"""Measuring follow-ups: figures counted by hand, and files that are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qabot.errors import GoldError
from qabot.evaluation.conversations import FollowUpFigures, measure_conversations, read_conversations

BORN: dict[str, Any] = {
    "id": "a#2",
    "topic": ["Ann Lee", "Early life"],
    "history": [{"question": "Who won in Oslo?", "answer": "I don't know."}],
    "question": "Where was she born?",
    "rewrite": "Where was Ann Lee from Jersey born?",
}
ALONE: dict[str, Any] = {
    "id": "b#1",
    "topic": ["Ann Lee", "Early life"],
    "history": [],
    "question": "What is the capital of France?",
    "rewrite": "what is the  capital of France",
}
MISSED: dict[str, Any] = {**ALONE, "id": "c#1", "rewrite": "What is the capital of France in 1944?"}


def write(folder: Path, *records: object) -> Path:
    file = folder / "talk.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def test_figures_are_those_counted_by_hand(tmp_path: Path) -> None:
    # The reading of the first is "Where was Ann Lee born? (Oslo)": it adds Ann, Lee and Oslo, the person Ann, Lee
    # and Jersey. The third is left alone, and misses 1944.
    figures = measure_conversations(read_conversations(write(tmp_path, BORN, ALONE, MISSED)))
    assert figures == FollowUpFigures(
        questions=3,
        leaning=2,
        read_as=1,
        gate_precision=1.0,
        gate_recall=0.5,
        recovered=0.5,
        recovered_by_question=(2 / 3 + 0) / 2,
        mean_added=3.0,
    )


def test_without_the_title_only_the_turns_are_known(tmp_path: Path) -> None:
    figures = measure_conversations(read_conversations(write(tmp_path, BORN)), titled=False)
    assert (figures.read_as, figures.recovered, figures.mean_added) == (1, 0.0, 1.0)


def test_a_reading_of_a_question_that_the_person_left_alone_costs_precision(tmp_path: Path) -> None:
    left = {**BORN, "id": "d", "rewrite": "Where was SHE born"}
    figures = measure_conversations(read_conversations(write(tmp_path, BORN, left)))
    assert (figures.gate_precision, figures.gate_recall) == (0.5, 1.0)


def test_where_nothing_is_to_count_there_is_no_figure(tmp_path: Path) -> None:
    figures = measure_conversations(read_conversations(write(tmp_path, ALONE)))
    assert figures == FollowUpFigures(1, 0, 0, None, None, None, None, None)


def test_answers_that_were_not_found_are_not_remembered_as_quotes(tmp_path: Path) -> None:
    (question,) = read_conversations(write(tmp_path, BORN))
    last = question.conversation(titled=True).turns[-1]
    assert (last.question, last.quote, last.headline) == ("Who won in Oslo?", None, "Ann Lee")


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        ({**BORN, "rewrite": None}, "'rewrite' should be text that is not blank"),
        ({**BORN, "question": " "}, "'question' should be text that is not blank"),
        ({**BORN, "id": 7}, "'id' should be text that is not blank"),
        ({**BORN, "history": None}, "'history' should be a list"),
        ({**BORN, "history": ["Who?"]}, "'history' should have objects"),
        ({**BORN, "history": [{"question": "Who?"}]}, "'answer' should be text that is not blank"),
        ({**BORN, "topic": "Ann Lee"}, "'topic' should be a list of texts, the title first"),
        ({**BORN, "topic": []}, "'topic' should be a list of texts, the title first"),
        ([BORN], "the line is no JSON object"),
        (ALONE, "the id 'b#1' occurs twice"),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, record: object, cause: str) -> None:
    path = write(tmp_path, ALONE, record)
    with pytest.raises(GoldError) as caught:
        read_conversations(path)
    assert caught.value.cause == f"{path}:2: {cause}"


def test_what_is_no_json_or_no_utf_8_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    for line in (b"{", b'{"id": "\xff"}', b"[" * 100_000):
        path.write_bytes(b"\n" + line)
        with pytest.raises(GoldError, match=r"talk\.jsonl:2: the line is no JSON"):
            read_conversations(path)


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    with pytest.raises(GoldError, match="cannot be read"):
        read_conversations(path)
    path.write_bytes(b"\xef\xbb\xbf\n")
    with pytest.raises(GoldError, match="has no question"):
        read_conversations(path)


def test_a_title_is_not_needed(tmp_path: Path) -> None:
    (question,) = read_conversations(write(tmp_path, {k: v for k, v in BORN.items() if k != "topic"}))
    assert question.title is None
    assert question.conversation(titled=True).turns[0].headline is None
