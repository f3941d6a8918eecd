"""Gold questions: what is read, and what is refused with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qabot.errors import GoldError
from qabot.evaluation.gold import Evidence, GoldQuestion, Turn, check_articles, read_gold, sample

GOOD: dict[str, Any] = {
    "id": "a",
    "question": "Who?",
    "kind": "span",
    "answerable": True,
    "answers": ["Ann"],
    "evidence": [{"article": "x", "quote": "Ann did."}],
}


def write(path: Path, *records: object) -> Path:
    file = path / "gold.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def refusal(path: Path, *records: object) -> str:
    with pytest.raises(GoldError) as caught:
        read_gold([write(path, *records)])
    return caught.value.cause.removeprefix(str(path / "gold.jsonl"))


def test_every_field_is_read(tmp_path: Path) -> None:
    more = {
        "asked": "2023-11-02",
        "history": [{"question": "When?", "answer": "Now"}],
        "passage": "x",
        "choices": ["Ann", "Bob"],
    }
    (question,) = read_gold([write(tmp_path, GOOD | more)])
    assert question == GoldQuestion(
        id="a",
        question="Who?",
        kind="span",
        answerable=True,
        answers=("Ann",),
        evidence=(Evidence("x", "Ann did."),),
        asked=date(2023, 11, 2),
        history=(Turn("When?", "Now"),),
        passage="x",
    )
    assert question.where == f"{tmp_path / 'gold.jsonl'}:1"


def test_answerable_has_three_values(tmp_path: Path) -> None:
    records = [GOOD | {"id": str(number), "answerable": value} for number, value in enumerate((True, False, None))]
    assert [question.answerable for question in read_gold([write(tmp_path, *records)])] == [True, False, None]


def test_evidence_without_a_quote_is_an_article(tmp_path: Path) -> None:
    (question,) = read_gold([write(tmp_path, GOOD | {"evidence": [{"article": "x", "quote": None}]})])
    assert question.evidence == (Evidence("x", None),)


def test_quotes_are_canonical_as_articles_are(tmp_path: Path) -> None:
    (question,) = read_gold([write(tmp_path, GOOD | {"evidence": [{"article": "x", "quote": "Cafe\u0301\r\n"}]})])
    assert question.evidence[0].quote == "Caf\u00e9\n"


@pytest.mark.parametrize("field", GOOD)
def test_a_missing_field_is_named_with_its_line(tmp_path: Path, field: str) -> None:
    broken = {name: value for name, value in GOOD.items() if name != field} | ({"id": "b"} if field != "id" else {})
    assert refusal(tmp_path, GOOD, broken) == f":2: {field!r} is missing"


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"id": 7}, "'id' should be text, not 7"),
        ({"question": " "}, "'question' is blank"),
        ({"answerable": "yes"}, "'answerable' should be true, false or null, not \"yes\""),
        ({"answerable": 1}, "'answerable' should be true, false or null, not 1"),
        ({"answers": "Ann"}, "'answers' should be a list, not \"Ann\""),
        ({"answers": [None]}, "'answers' should be text, not null"),
        ({"evidence": ["x"]}, "'evidence' should hold objects, not \"x\""),
        ({"evidence": [{"quote": None}]}, "'article' is missing"),
        (
            {"evidence": [{"article": "x"}]},
            "'evidence' has an item without 'quote' (null if only the article is known)",
        ),
        ({"asked": "yesterday"}, "'asked' is 'yesterday', which is no ISO date"),
        ({"history": [{"question": "When?"}]}, "'answer' is missing"),
    ],
)
def test_a_wrong_type_is_named_with_its_line(tmp_path: Path, change: dict[str, Any], cause: str) -> None:
    assert refusal(tmp_path, GOOD | change) == f":1: {cause}"


def test_a_line_that_is_no_json_object_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, GOOD, ["a"]) == ":2: the line is no JSON object"
    file = tmp_path / "gold.jsonl"
    file.write_bytes(b'\n{"id": \n')
    with pytest.raises(GoldError, match=r"gold\.jsonl:2: the line is no JSON"):
        read_gold([file])
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(GoldError, match=r"gold\.jsonl:1: the line is not UTF-8"):
        read_gold([file])


def test_an_id_may_stand_once_in_all_files(tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    first.write_text(json.dumps(GOOD))
    second.write_text("\n" + json.dumps(GOOD))
    with pytest.raises(GoldError) as caught:
        read_gold([first, second])
    assert caught.value.cause == f"{second}:2: the id 'a' is already that of {first}:1"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_bytes(content)
    with pytest.raises(GoldError, match=r"empty\.jsonl:1: the file has no question"):
        read_gold([write(tmp_path, GOOD), file])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"none\.jsonl cannot be read: No such file"):
        read_gold([tmp_path / "none.jsonl"])


def test_an_unknown_article_is_named_with_its_line(tmp_path: Path) -> None:
    other = GOOD | {"id": "b", "evidence": [{"article": "y", "quote": None}]}
    questions = read_gold([write(tmp_path, GOOD, other)])
    check_articles(questions, ["x", "y"])
    with pytest.raises(GoldError, match=r"gold\.jsonl:2: the article 'y' is not in the index"):
        check_articles(questions, ["x"])


def test_a_sample_is_always_the_same_and_keeps_the_order(tmp_path: Path) -> None:
    questions = read_gold([write(tmp_path, *(GOOD | {"id": str(number)} for number in range(50)))])
    some = sample(questions, 10)
    assert len(some) == 10
    assert [question.line for question in some] == sorted(question.line for question in some)
    assert {question.id for question in sample(questions[::-1], 10)} == {question.id for question in some}
    assert set(some) < set(sample(questions, 20))
    assert sample(questions, None) == sample(questions, 99) == questions
