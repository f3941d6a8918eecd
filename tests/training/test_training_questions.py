"""Training questions out of pairs: which sentences answer, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.errors import TrainingError
from training.questions import MOST_SENTENCES, TrainingQuestion, read_questions


def write(folder: Path, *pairs: object) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(pair) + "\n" for pair in pairs), encoding="utf-8")
    return path


def only(path: Path) -> TrainingQuestion:
    (question,) = read_questions(path)
    return question


def answering(question: TrainingQuestion) -> list[str]:
    return [question.text.sentences[number] for number in sorted(question.text.answers)]


def test_the_sentence_under_the_marked_characters_answers(tmp_path: Path) -> None:
    passage = "The mill is old. It burnt down in 1912. It was built again."
    start = passage.index("It burnt")
    pair = {"set": "squad-train", "question": "When?", "title": "Mill", "passage": passage}
    question = only(write(tmp_path, {**pair, "answer_sentence": [start, start + 22]}))
    assert answering(question) == ["It burnt down in 1912."]
    assert "".join(question.text.sentences) == passage.replace(". ", ".")


def test_without_a_mark_every_sentence_with_the_words_answers(tmp_path: Path) -> None:
    passage = "Ann Ode is the mayor. She is 40. Before, Ann  Ode was a miller."
    question = only(
        write(tmp_path, {"set": "qed", "question": "who", "title": "A", "passage": passage, "answers": ["ann ode"]})
    )
    assert answering(question) == ["Ann Ode is the mayor.", "Before, Ann  Ode was a miller."]


def test_a_mark_in_a_text_that_had_to_be_mended_is_not_believed(tmp_path: Path) -> None:
    passage = "The cafe\u0301 burnt down. It was built again."
    pair = {"set": "squad-train", "question": "When?", "title": "Mill", "passage": passage, "answer_sentence": [0, 10]}
    assert list(read_questions(write(tmp_path, pair))) == []


def test_sentences_labelled_one_by_one_become_one_passage(tmp_path: Path) -> None:
    pairs = [{"set": "wikiqa-dev", "question": "how", "sentence": f"No {n}.", "label": int(n == 1)} for n in range(3)]
    question = only(write(tmp_path, *pairs))
    assert question.text.sentences == ("No 0.", "No 1.", "No 2.")
    assert answering(question) == ["No 1."]


def test_lists_are_left_out(tmp_path: Path) -> None:
    passage = " ".join(f"Here is sentence {n} of many." for n in range(MOST_SENTENCES + 1))
    pair = {"set": "qed", "question": "which", "title": "A", "passage": passage, "answers": ["sentence 3"]}
    assert list(read_questions(write(tmp_path, pair))) == []


def test_an_answer_is_found_again_whatever_its_case_and_signs(questions: list[TrainingQuestion]) -> None:
    assert questions[1].answered_by("... ANN-ODE, mayor ...")
    assert not questions[1].answered_by("The mayor of Arden spoke.")


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"set": "x", "question": "q", "passage": 3}', '{"question": "q"}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    good = {"set": "wikiqa-dev", "question": "how", "sentence": "So.", "label": 1}
    path = write(tmp_path, good)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"pairs\.jsonl, line 2 "):
        list(read_questions(path))


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"pairs\.jsonl is missing\. Give --data"):
        list(read_questions(tmp_path / "pairs.jsonl"))
    (tmp_path / "pairs.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TrainingError, match="is no UTF-8"):
        list(read_questions(tmp_path / "pairs.jsonl"))
