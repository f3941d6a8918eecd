"""Question: what was asked, checked and understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qabot.articles.article import canonical
from qabot.articles.language import detect
from qabot.errors import QuestionError


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and which articles it may be answered from.

    `source` is part of an outlet's name; `since` and `until` are days, both included. None means any.
    """

    text: str
    language: str
    source: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def filtered(self) -> bool:
        return not (self.source is None and self.since is None and self.until is None)


def understand(
    text: str,
    max_chars: int,
    *,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Question:
    """The question in `text`.

    Raises:
        QuestionError: it has no letter or digit, or more than `max_chars` code points; or the days are reversed.
    """
    text = " ".join(canonical(text).split())
    if not any(character.isalnum() for character in text):
        raise QuestionError("The question is empty", 'Ask something: qabot ask "What did Kazakhstan propose?"')
    if len(text) > max_chars:
        cause = f"The question has {len(text)} characters; at most {max_chars} are read"
        raise QuestionError(cause, "Shorten it, or raise the setting max_question_chars")
    if since and until and since > until:
        raise QuestionError(f"Nothing can be published since {since} and until {until}", "Swap the two days")
    return Question(text, detect(text), source, since, until)
