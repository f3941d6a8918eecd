"""`qabot verify`: which saved answers it believes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_house import DAM_QUESTION, HOSTILE_QUESTION, Run

Change = dict[str, Any]


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Callable[..., Path]:
    """Saves the answer about the dam with its first quote changed."""

    def save(**change: object) -> Path:
        answer = run("ask", "--json", "--top", "1", DAM_QUESTION).json
        answer["quotes"][0].update(change)
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), encoding="utf-8")
        return path

    return save


def test_an_answer_as_it_was_given_is_right(run: Run, saved: Callable[..., Path]) -> None:
    ran = run("verify", str(saved()))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("ok dam:65-109@")


def test_an_answer_comes_through_standard_input_too(run: Run) -> None:
    answer = run("ask", "--json", HOSTILE_QUESTION).out
    ran = run("verify", "-", stdin=answer)
    assert ran.code == 0
    assert ran.out.startswith("ok -zebra 1:0-")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "The dam near Almaty cost 13 million dollars."}, "other words at this place"),
        ({"start": 64}, "The citation is not that of dam:64-109"),
        ({"end": 110}, "The citation is not that of dam:65-110"),
        ({"article": "chess"}, "The citation is not that of chess:65-109"),
        ({"citation": "dam"}, "The citation is not that of dam:65-109"),
        ({"citation": "dam:65-109"}, "The citation has no hash"),
        ({"citation": "dam:65-9999", "end": 9999}, "The citation has no hash"),
    ],
)
def test_a_quote_that_differs_from_its_slice_ends_with_1(
    run: Run, saved: Callable[..., Path], change: Change, why: str
) -> None:
    ran = run("verify", str(saved(**change)))
    assert (ran.code, ran.out.startswith("differs "), why in ran.out) == (1, True, True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"citation": "dam:65-109@0123456789ab"}, "Article 'dam' has changed since it was cited"),
        ({"citation": "dams:65-109@0123456789ab", "article": "dams"}, "Article 'dams' is not in the index"),
    ],
)
def test_an_article_that_is_gone_or_has_changed_ends_with_2(
    run: Run, saved: Callable[..., Path], change: Change, why: str
) -> None:
    ran = run("verify", str(saved(**change)))
    assert (ran.code, why in ran.out) == (2, True)


def test_every_quote_gets_its_line_and_the_worst_decides(run: Run) -> None:
    answer = run("ask", "--json", "--top", "1", DAM_QUESTION).json
    right = answer["quotes"][0]
    answer["quotes"] = [right | {"text": "No."}, right, right | {"citation": "dam:65-109@0123456789ab"}]
    ran = run("verify", "-", stdin=json.dumps(answer))
    assert [line.split()[0] for line in ran.out.splitlines()] == ["differs", "ok", "differs"]
    assert ran.code == 2


def test_a_refusal_has_nothing_to_compare(run: Run) -> None:
    ran = run("verify", "-", stdin=run("ask", "--json", "Who invented the telephone?").out)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "The answer has no quotes, so there is nothing to compare.\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        (b"\xff\xfe\xfa", "is no JSON"),
        ("[]", "has no list 'quotes'"),
        ('{"quotes": {}}', "has no list 'quotes'"),
        ('{"quotes": [1]}', "its quote 1 has no text 'text'"),
        ('{"quotes": [{"text": "a", "article": "b", "start": true}]}', "its quote 1 has no number 'start'"),
    ],
)
def test_what_is_no_answer_is_refused_and_says_what_is_missing(run: Run, text: str | bytes, message: str) -> None:
    ran = run("verify", "-", stdin=text)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_a_file_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("verify", str(tmp_path / "none.json"))
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "No such file" in ran.err
