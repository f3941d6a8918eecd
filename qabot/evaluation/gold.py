"""Gold questions: what was asked, what is right, and where it stands. One JSON object a line, read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from qabot.articles.article import canonical
from qabot.errors import GoldError
from qabot.questions.conversation import Conversation

_FORM = (
    'A line is {"id", "question", "kind", "answerable": true, false or null, "answers": [text], '
    '"evidence": [{"article": id, "quote": text or null}]}, and may have "asked", "history" and "passage"'
)


class Evidence(NamedTuple):
    """Where an answer stands: an article, and the words in it, or None if only the article is known."""

    article: str
    quote: str | None


class Turn(NamedTuple):
    """An earlier question of a conversation, what was answered, and the headline of the article quoted, if known."""

    question: str
    answer: str
    headline: str | None = None


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what is known of its answer.

    `answerable` says whether the articles hold an answer; None means that nobody knows, and then the question
    counts in no figure but those of speed and of exact quotes. `answers` are the strings that would answer it,
    `asked` the day of asking, `history` the turns before it, `passage` the article that it was written about.
    `file` and `line` say where it was read.
    """

    id: str
    question: str
    kind: str
    answerable: bool | None
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    asked: date | None = None
    history: tuple[Turn, ...] = ()
    passage: str | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def conversation(self) -> Conversation:
        """What was said before the question."""
        conversation = Conversation()
        for turn in self.history:
            conversation = conversation.with_turn(*turn)
        return conversation


def read_gold(files: Iterable[Path]) -> list[GoldQuestion]:
    """The questions of all `files`, in their order.

    Fields that are not named in `GoldQuestion` (as `choices`) are left alone. Empty lines are skipped.

    Raises:
        GoldError: a file cannot be read or has no question; a field is missing or of the wrong type; an id occurs
            twice. The cause begins with `FILE:LINE`.
    """
    questions: list[GoldQuestion] = []
    seen: dict[str, GoldQuestion] = {}
    for path in files:
        before = len(questions)
        for number, line in enumerate(_bytes(path).split(b"\n"), 1):
            if not line.strip():
                continue
            question = _question(line, str(path), number)
            if (first := seen.get(question.id)) is not None:
                cause = f"{question.where}: the id {question.id!r} is already that of {first.where}"
                raise GoldError(cause, "Give every question an id of its own")
            seen[question.id] = question
            questions.append(question)
        if len(questions) == before:
            raise GoldError(f"{path}:1: the file has no question", _FORM)
    return questions


def sample(questions: Sequence[GoldQuestion], limit: int | None) -> list[GoldQuestion]:
    """At most `limit` of `questions` in their order: always the same ones, chosen by the hashes of their ids."""
    if limit is None or limit >= len(questions):
        return list(questions)
    chosen = sorted(questions, key=lambda question: sha256(question.id.encode("utf-8", "replace")).digest())[:limit]
    ids = {question.id for question in chosen}
    return [question for question in questions if question.id in ids]


def check_articles(questions: Iterable[GoldQuestion], known: Iterable[str]) -> None:
    """Looks whether every article that evidence names is in the index.

    Raises:
        GoldError: one is not; names the line.
    """
    articles = set(known)
    for question in questions:
        for evidence in question.evidence:
            if evidence.article not in articles:
                cause = f"{question.where}: the article {evidence.article!r} is not in the index"
                raise GoldError(cause, "Index the articles that the questions are about, or name them: --seeds DIR")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}", "Name a file of gold questions") from error


def _question(line: bytes, file: str, number: int) -> GoldQuestion:
    record = _Record(_parsed(line, f"{file}:{number}"), f"{file}:{number}")
    answers = record.list_of("answers")
    history = record.list_of("history", optional=True)
    return GoldQuestion(
        id=record.text("id"),
        question=record.text("question"),
        kind=record.text("kind"),
        answerable=record.answerable(),
        answers=tuple(canonical(record.as_text(answer, "answers")) for answer in answers),
        evidence=tuple(record.evidence(item) for item in record.list_of("evidence")),
        asked=record.day("asked"),
        history=tuple(record.turn(item) for item in history),
        passage=record.text("passage") if record.has("passage") else None,
        file=file,
        line=number,
    )


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise GoldError(f"{where}: the line is not UTF-8", _FORM) from error
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{where}: the line is no JSON: {error}", _FORM) from error
    if not isinstance(value, dict):
        raise GoldError(f"{where}: the line is no JSON object", _FORM)
    return value


class _Record:
    """A JSON object of a line, whose fields are taken out one by one and checked."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self._values = values
        self._where = where

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        return self.as_text(self._required(name), name)

    def as_text(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise self._wrong(f"{name!r} should be text, not {json.dumps(value)[:40]}")
        if not value.strip():
            raise self._wrong(f"{name!r} is blank")
        return value

    def answerable(self) -> bool | None:
        value = self._required("answerable")
        if value is not None and not isinstance(value, bool):
            raise self._wrong(f"'answerable' should be true, false or null, not {json.dumps(value)[:40]}")
        return value

    def list_of(self, name: str, *, optional: bool = False) -> list[Any]:
        if optional and not self.has(name):
            return []
        value = self._required(name)
        if not isinstance(value, list):
            raise self._wrong(f"{name!r} should be a list, not {json.dumps(value)[:40]}")
        return value

    def evidence(self, item: Any) -> Evidence:
        inner = self._inner(item, "evidence")
        if "quote" not in inner._values:
            raise self._wrong("'evidence' has an item without 'quote' (null if only the article is known)")
        quote = canonical(inner.text("quote")) if inner.has("quote") else None
        return Evidence(inner.text("article"), quote)

    def turn(self, item: Any) -> Turn:
        inner = self._inner(item, "history")
        return Turn(inner.text("question"), inner.text("answer"))

    def day(self, name: str) -> date | None:
        if not self.has(name):
            return None
        text = self.text(name)
        try:
            return date.fromisoformat(text[:10])
        except ValueError as error:
            raise self._wrong(f"{name!r} is {text[:40]!r}, which is no ISO date") from error

    def _inner(self, item: Any, name: str) -> _Record:
        if not isinstance(item, dict):
            raise self._wrong(f"{name!r} should hold objects, not {json.dumps(item)[:40]}")
        return _Record(item, self._where)

    def _required(self, name: str) -> Any:
        if name not in self._values:
            raise self._wrong(f"{name!r} is missing")
        return self._values[name]

    def _wrong(self, what: str) -> GoldError:
        return GoldError(f"{self._where}: {what}", _FORM)
