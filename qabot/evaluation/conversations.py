"""Conversations: how well follow-ups are told from other questions, and read as a person reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.articles.article import canonical
from qabot.articles.language import detect
from qabot.errors import GoldError
from qabot.evaluation.gold import Turn
from qabot.index.analysis import analyzer_of, content_terms, terms
from qabot.questions.conversation import Conversation
from qabot.questions.follow_ups import resolve

_FORM = (
    'A line is {"id", "question", "rewrite": the question so that it stands alone, '
    '"history": [{"question", "answer"}], "topic"?: [title, …]}'
)
_NO_ANSWER = "I don't know."
"""How CANARD and QuAC write that the article did not answer; nothing was quoted then."""


@dataclass(frozen=True, slots=True)
class GoldFollowUp:
    """A question in a conversation, and how a person wrote it to stand alone. `title` is of the article spoken of."""

    id: str
    question: str
    rewrite: str
    history: tuple[Turn, ...]
    title: str | None

    @property
    def leans(self) -> bool:
        """Whether the person changed anything but case, punctuation and white space."""
        return _bare(self.question) != _bare(self.rewrite)

    def conversation(self, *, titled: bool) -> Conversation:
        """What was said before the question.

        Args:
            titled: whether the title is known, as that of an article quoted before.
        """
        title = self.title if titled else None
        conversation = Conversation()
        if title:
            conversation = conversation.with_turn("", None, title)
        for turn in self.history:
            conversation = conversation.with_turn(
                turn.question, None if turn.answer == _NO_ANSWER else turn.answer, title
            )
        return conversation


@dataclass(frozen=True, slots=True)
class FollowUpFigures:
    """All shares are in [0, 1]; None where nothing was there to count.

    questions: how many were read.
    leaning: those that the person changed.
    read_as: those that were read as follow-ups.
    gate_precision: share of `read_as` that the person changed.
    gate_recall: share of `leaning` that were read as follow-ups.
    recovered: of all content words that the person added, the share that the reading adds too. Words of questions
        that were not read as follow-ups count as missed.
    recovered_by_question: the mean of that share over the questions to which the person added content words.
    mean_added: content words that a reading adds, on average over `read_as`.
    """

    questions: int
    leaning: int
    read_as: int
    gate_precision: float | None
    gate_recall: float | None
    recovered: float | None
    recovered_by_question: float | None
    mean_added: float | None


def read_conversations(path: Path) -> list[GoldFollowUp]:
    """The follow-ups in a file of JSON lines. Empty lines are skipped.

    Raises:
        GoldError: the file cannot be read or holds no question, a field is missing or of the wrong type, or an id
            occurs twice. The cause begins with `FILE:LINE`.
    """
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}", "Name a file of conversations") from error
    found: dict[str, GoldFollowUp] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        question = _follow_up(line, f"{path}:{number}")
        if question.id in found:
            cause = f"{path}:{number}: the id {question.id!r} occurs twice"
            raise GoldError(cause, "Give every question an id of its own")
        found[question.id] = question
    if not found:
        raise GoldError(f"{path}:1: the file has no question", _FORM)
    return list(found.values())


def measure_conversations(questions: Iterable[GoldFollowUp], *, titled: bool = True) -> FollowUpFigures:
    """How follow-ups are read.

    Args:
        questions: with a person's rewriting.
        titled: whether the title of the article spoken of is known, as that of an article quoted before.
    """
    asked = leaning = read_as = both = added = found = wanted = 0
    shares: list[float] = []
    for question in questions:
        asked += 1
        language = detect(question.question)
        follow_up = resolve(question.question, language, question.conversation(titled=titled))
        ours = _added(question.question, follow_up.read_as, language) if follow_up else set()
        read_as += follow_up is not None
        added += len(ours)
        if not question.leans:
            continue
        leaning += 1
        both += follow_up is not None
        theirs = _added(question.question, question.rewrite, language)
        found += len(theirs & ours)
        wanted += len(theirs)
        if theirs:
            shares.append(len(theirs & ours) / len(theirs))
    return FollowUpFigures(
        questions=asked,
        leaning=leaning,
        read_as=read_as,
        gate_precision=_share(both, read_as),
        gate_recall=_share(both, leaning),
        recovered=_share(found, wanted),
        recovered_by_question=_share(sum(shares), len(shares)),
        mean_added=_share(added, read_as),
    )


def _added(question: str, reading: str, language: str) -> set[str]:
    """The content words of `reading` that `question` lacks, as the index stems them."""
    analyzer = analyzer_of(language)
    return set(content_terms(reading, analyzer)) - set(terms(question, analyzer))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _bare(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _follow_up(line: bytes, where: str) -> GoldFollowUp:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{where}: the line is no JSON: {error}", _FORM) from error
    if not isinstance(value, dict):
        raise GoldError(f"{where}: the line is no JSON object", _FORM)
    history = value.get("history")
    if not isinstance(history, list):
        raise GoldError(f"{where}: 'history' should be a list", _FORM)
    return GoldFollowUp(
        id=_text(value, "id", where),
        question=_text(value, "question", where),
        rewrite=_text(value, "rewrite", where),
        history=tuple(_turn(turn, where) for turn in history),
        title=_title(value.get("topic"), where),
    )


def _turn(value: object, where: str) -> Turn:
    if not isinstance(value, dict):
        raise GoldError(f"{where}: 'history' should have objects", _FORM)
    return Turn(_text(value, "question", where), _text(value, "answer", where))


def _title(topic: object, where: str) -> str | None:
    if topic is None:
        return None
    if not isinstance(topic, list) or not topic or not isinstance(topic[0], str):
        raise GoldError(f"{where}: 'topic' should be a list of texts, the title first", _FORM)
    return canonical(topic[0])


def _text(value: dict[str, Any], name: str, where: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not text.strip():
        raise GoldError(f"{where}: {name!r} should be text that is not blank", _FORM)
    return canonical(text)
