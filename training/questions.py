"""Training questions: each with the passage that answers it, sentence by sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from qabot.articles.article import canonical
from qabot.passages.sentences import split_sentences
from training.errors import TrainingError

MOST_SENTENCES = 24
"""Passages of more sentences are left out: they are lists."""

_MEND = "Give --data the folder that holds pairs.jsonl and articles.jsonl"


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as the reader sees it: the headline that stands before it, and its sentences.

    `answers` are the numbers of the sentences that answer, from 0; none of them if it does not.
    """

    title: str
    sentences: tuple[str, ...]
    answers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question with the passage that belongs to it. `answer` is what is asked for, in words, where it is known."""

    origin: str
    question: str
    text: Text
    answer: tuple[str, ...] = ()

    def answered_by(self, text: str) -> bool:
        """Whether `text` holds the sentence or the words that answer."""
        held = _plain(text)
        wanted = [self.text.sentences[number] for number in self.text.answers] + list(self.answer)
        return any(_plain(words) in held for words in wanted)


def read_questions(pairs: Path) -> Iterator[TrainingQuestion]:
    """The questions of `pairs.jsonl`; sentences that were labelled one by one come as one passage a question.

    Raises:
        TrainingError: the file cannot be read, or a line of it is no such pair; names the line.
    """
    alone: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number, line in enumerate(lines_of(pairs), start=1):
        try:
            pair = json.loads(line)
            if "passage" in pair:
                if (asked := _of_passage(pair)) is not None:
                    yield asked
            else:
                alone.setdefault((pair["set"], pair["question"]), []).append(
                    {"sentence": canonical(pair["sentence"]), "label": bool(pair["label"])}
                )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TrainingError(
                f"{pairs}, line {number} is no question with a passage or sentence: {error!r}"
            ) from error
    for (origin, question), labelled in alone.items():
        kept = labelled[:MOST_SENTENCES]
        answers = frozenset(number for number, pair in enumerate(kept) if pair["label"])
        yield TrainingQuestion(origin, question, Text("", tuple(pair["sentence"] for pair in kept), answers))


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file of training data.

    Raises:
        TrainingError: it cannot be read, or is no UTF-8.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            yield from lines
    except FileNotFoundError as error:
        raise TrainingError(f"{path} is missing", _MEND) from error
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}", _MEND) from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path} is no UTF-8: {error.reason}", _MEND) from error


def _of_passage(pair: dict[str, Any]) -> TrainingQuestion | None:
    """The question of a pair whose passage comes whole; None if no sentence can be said to answer, or for a list."""
    passage = canonical(pair["passage"])
    spans = [span for paragraph in split_sentences(passage, "en") for span in paragraph]
    words = tuple(answer for answer in pair.get("answers", ()) if answer.strip())
    if passage == pair["passage"] and "answer_sentence" in pair:
        start, end = pair["answer_sentence"]
        overlaps = [min(end, span.end) - max(start, span.start) for span in spans]
        answers = {number for number, overlap in enumerate(overlaps) if overlap > 0 and overlap == max(overlaps)}
    else:
        answers = {
            number
            for number, span in enumerate(spans)
            if any(_plain(answer) in _plain(passage[span.start : span.end]) for answer in words)
        }
    if not answers or len(spans) > MOST_SENTENCES:
        return None
    sentences = tuple(passage[start:end] for start, end in spans)
    text = Text(unquote(pair["title"]), sentences, frozenset(answers))
    return TrainingQuestion(pair["set"], pair["question"], text, words)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
