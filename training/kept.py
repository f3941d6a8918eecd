"""Keeping the neighbours of the questions in a file: finding them takes minutes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.neighbours import KEPT, find_neighbours
from training.questions import Text, TrainingQuestion, lines_of


def kept_neighbours(path: Path, questions: Sequence[TrainingQuestion], articles: Path, home: Path) -> list[list[Text]]:
    """`find_neighbours`, out of the file `path` if it was made of the same questions and articles; else made anew.

    The file is JSON lines: first a digest of what it was made of, then the neighbours of one question a line.

    Args:
        path: the file.
        questions: see `find_neighbours`.
        articles: see there.
        home: see there.

    Raises:
        TrainingError: `articles` cannot be read.
        QabotError: the index cannot be made.
    """
    digest = digest_of(questions, articles)
    found = _read(path, digest)
    if found is None or len(found) != len(questions):
        found = find_neighbours(questions, articles, home)
        aside = path.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(digest, found))
        aside.replace(path)
    return found


def digest_of(questions: Sequence[TrainingQuestion], articles: Path) -> str:
    """SHA-256, in hex, of what neighbours are made of."""
    digest = hashlib.sha256(str(KEPT).encode())
    for question in questions:
        text = question.text
        digest.update(json.dumps([question.question, text.title, text.sentences, sorted(text.answers)]).encode())
    for line in lines_of(articles):
        digest.update(line.encode())
    return digest.hexdigest()


def _lines(digest: str, found: Sequence[Sequence[Text]]) -> Iterator[object]:
    yield {"made_of": digest}
    for texts in found:
        yield [[text.title, text.sentences, sorted(text.answers)] for text in texts]


def _read(path: Path, digest: str) -> list[list[Text]] | None:
    """The neighbours in `path`; None if there are none, or they were made of something else."""
    try:
        with path.open(encoding="utf-8") as lines:
            if json.loads(next(lines, "null")) != {"made_of": digest}:
                return None
            return [
                [Text(title, tuple(sentences), frozenset(answers)) for title, sentences, answers in json.loads(line)]
                for line in lines
            ]
    except (OSError, ValueError, TypeError):
        return None
