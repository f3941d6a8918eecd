"""Question: what was asked, checked and understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from qabot.articles.article import canonical
from qabot.articles.language import detect
from qabot.errors import QuestionError
from qabot.questions.conversation import Conversation
from qabot.questions.follow_ups import resolve
from qabot.questions.outlets import OutletNames
from qabot.questions.preferences import Preferences
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import read_time

_SEVERAL = re.compile(
    r"\bboth\b|\bcompar(?:e|ed|ison)\b|\bversus\b|\bvs\b|\bdiffer(?:s|ence|ences|ent|ently)?\b|\b(?:in)?consisten(?:t|cy)\b"
    r"|\bwhile\b|\bwhereas\b|\bсравн\w+|\bотлича\w+|\bразниц\w+|\bоб[ае]их?\b|\bсалыстыр\w+|\bайырмашылы\w+|\bекеуі\w*",
    re.IGNORECASE,
)
"""Words of a question that wants what several articles say."""


@dataclass(frozen=True, slots=True)
class About:
    """What understanding a question needs to know about the index: its bylines, and the days that it reaches over, None
    if no article is dated."""

    outlets: OutletNames
    reach: Period | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how it was read, and which articles it may be answered from.

    `readings` are what is searched: the question as asked, or, for a follow-up, first the question with its context.
    `preferences` order the articles; `several` says that more than one is wanted; `quoted_before` is what was quoted to
    the question that a follow-up follows, and hardly ever answers it. The filters hold: `source` is part
    of an outlet's name; `since` and `until` are days, both included; None means any.
    """

    text: str
    language: str
    readings: tuple[str, ...]
    preferences: Preferences
    several: bool = False
    quoted_before: str = ""
    source: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def read_as(self) -> str:
        """The question to answer: with its context, if it is a follow-up."""
        return self.readings[0]

    def to_dict(self) -> dict[str, Any]:
        """The question as understood, as JSON."""
        time, outlets = self.preferences.time, self.preferences.outlets
        return {
            "text": self.text,
            "language": self.language,
            "read_as": self.read_as,
            "periods": [[_iso(period.since), _iso(period.until)] for period in (time.periods if time else ())],
            "latest": bool(time and time.latest),
            "outlets": sorted(outlets.named),
            "missing_outlets": list(outlets.missing),
        }

    @property
    def filtered(self) -> bool:
        return not (self.source is None and self.since is None and self.until is None)


def understand(
    text: str,
    about: About,
    now: date,
    max_chars: int,
    *,
    conversation: Conversation | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Question:
    """The question in `text`, asked on the day `now` after `conversation`.

    Raises:
        QuestionError: it has no letter or digit, or more than `max_chars` code points; or the days are reversed.
    """
    text = checked(text, max_chars)
    if since and until and since > until:
        raise QuestionError(f"Nothing can be published since {since} and until {until}", "Swap the two days")
    language = detect(text)
    follow_up = resolve(text, language, conversation) if conversation else None
    outlets = about.outlets.read(text)
    time = read_time(text, now, language, about.reach) if about.reach else None
    return Question(
        text=text,
        language=language,
        readings=(follow_up.read_as, text) if follow_up else (text,),
        preferences=Preferences(outlets, time),
        quoted_before=(conversation.turns[-1].quote or "") if conversation and follow_up else "",
        several=len(outlets.named) + len(outlets.missing) > 1 or bool(_SEVERAL.search(text)),
        source=source,
        since=since,
        until=until,
    )


def checked(text: str, max_chars: int) -> str:
    """`text` in one line of canonical characters.

    Raises:
        QuestionError: it has no letter or digit, or more than `max_chars` code points.
    """
    text = " ".join(canonical(text).split())
    if not any(character.isalnum() for character in text):
        raise QuestionError("The question is empty", 'Ask something: qabot ask "What did Kazakhstan propose?"')
    if len(text) > max_chars:
        cause = f"The question has {len(text)} characters; at most {max_chars} are read"
        raise QuestionError(cause, "Shorten it, or raise the setting max_question_chars")
    return text


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
