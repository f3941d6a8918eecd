"""Neighbours: found by qabot's own search, and kept for as long as the data stays the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from training.errors import TrainingError
from training.kept import kept_neighbours
from training.questions import Text, TrainingQuestion


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, data: Path, questions: list[TrainingQuestion]) -> Path:
    """A folder with articles.jsonl and the neighbours that were found in it."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(data / "articles.jsonl", folder)
    keep(folder, questions)
    return folder


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """The same folder without the index: neighbours that are found anew cost an index."""
    for name in ("articles.jsonl", "neighbours.jsonl"):
        shutil.copy(folder / name, tmp_path)
    return tmp_path


def keep(folder: Path, questions: list[TrainingQuestion]) -> list[list[Text]]:
    return kept_neighbours(folder / "neighbours.jsonl", questions, folder / "articles.jsonl", folder / "home")


def test_the_answering_passage_is_found_first_and_its_sentence_marked(
    folder: Path, questions: list[TrainingQuestion]
) -> None:
    for question, texts in zip(questions, keep(folder, questions), strict=True):
        if question.text.title:
            right = [question.text.sentences[number] for number in question.text.answers]
            assert texts[0].title == question.text.title
            assert [texts[0].sentences[number] for number in texts[0].answers] == right
            assert not any(text.answers for text in texts[1:])


def test_what_was_kept_is_taken(copied: Path, folder: Path, questions: list[TrainingQuestion]) -> None:
    assert keep(copied, questions) == keep(folder, questions)
    assert not (copied / "home").exists()


def test_changed_articles_are_searched_anew(copied: Path, questions: list[TrainingQuestion]) -> None:
    articles = copied / "articles.jsonl"
    articles.write_text(articles.read_text(encoding="utf-8").replace("market", "fair"), encoding="utf-8")
    found = keep(copied, questions)
    sentences = {sentence for texts in found for text in texts for sentence in text.sentences}
    assert "The fair of Arden is held on Fridays." in sentences


def test_other_questions_are_searched_anew(copied: Path, questions: list[TrainingQuestion]) -> None:
    assert len(keep(copied, questions[:4])) == 4
    assert (copied / "home").exists()


@pytest.mark.parametrize("damage", ["cut", "garbled", "empty"])
def test_a_damaged_file_is_made_anew(
    copied: Path, folder: Path, questions: list[TrainingQuestion], damage: str
) -> None:
    path = copied / "neighbours.jsonl"
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "garbled": b"\xff" + whole, "empty": b""}[damage])
    assert keep(copied, questions) == keep(folder, questions)
    assert path.read_bytes() == whole


def test_missing_articles_are_named(tmp_path: Path, questions: list[TrainingQuestion]) -> None:
    with pytest.raises(TrainingError, match=r"articles\.jsonl is missing"):
        keep(tmp_path, questions)


def test_a_line_that_is_no_article_is_named(copied: Path, questions: list[TrainingQuestion]) -> None:
    with (copied / "articles.jsonl").open("a", encoding="utf-8") as file:
        file.write("[]\n")
    with pytest.raises(TrainingError, match=r"articles\.jsonl, line 7 is no article"):
        keep(copied, questions)
