"""Publication: whether a period in a question is one in which articles were published, or belongs to the matter.

- With a year, a day or month has to lie in the reach of the articles, or else in the `NEWS_YEARS` before today; a bare
  year has to be this or the last one and to follow "in", "since" or the like.
- Without a year ("on Monday", "in July") the nearest past one is meant, if the question asks what happened.
- Before or after an event of a year ("before the election of 2020") the whole year counts: until its last day, or since
  its first.
- Counts of years ("three years ago") are nearly always of the matter, and need a word for articles beside them.
- Decades, centuries, "recently", "first", quarters of a year in questions that do not speak of articles, and whatever
  is still to come are left alone.
"""

from __future__ import annotations

from datetime import date

from qabot.questions.expectation import Expectation, expectation
from qabot.questions.times.line import Line
from qabot.questions.times.marking import Said
from qabot.questions.times.periods import YEAR, Named, Period, back
from qabot.questions.times.words import Words

NEWS_YEARS = 2
"""How old a date may be to be read as one of publication, if nothing is known about the articles."""

EVENT_YEARS = 10
"""The same for "before" or "after" an event."""

FIRST_NEWS = date(2000, 1, 1)
"""Earlier dates are never read as dates of publication."""

_NEAR_A_DATE, _NEAR_A_YEAR = (12, 3), (3, 1)
"""Words before and behind a date among which "published", "article" and the like belong to it."""

_OF_ARTICLES = frozenset({"news", "report"})
_ENDS = frozenset(
    {"", "mark", "comma", "dot", "small", "in", "on", "and", "of", "from", "to", "since", "after", "before", "until"}
)
"""Kinds that may follow "power Thursday", "on July 4" or "in May"; a word there would make it part of a name."""

_HALF_A_YEAR = 183

_NAMES_TOO = frozenset({"may", "march", "april", "june", "august"})
"""Months that are also names or verbs."""


class Publication:
    """A question, for telling of each period in it whether articles are to be of then."""

    def __init__(self, question: str, line: Line, words: Words, now: date, reach: Period | None) -> None:
        self._line, self._now, self._reach = line, now, reach
        self._english = words.language == "en"
        lower = question.lower() if any(token.named for token in line.tokens) else ""
        speaks_of_articles = any(token.kind in _OF_ARTICLES for token in line.tokens)
        self._of_the_past = speaks_of_articles or bool(words.past.search(lower) and not words.present.search(lower))
        self._to_come = bool(words.future.search(lower))
        self._asks_when = bool(lower) and expectation(question) is Expectation.TIME

    def is_meant(self, said: Said) -> bool:
        """Whether a period is one of publication, and not of the matter."""
        line, named, start = self._line, said.named, said.start
        if named.since > self._now or line.word(start - 1) == "than":
            return False
        if named.grain == "relative":
            return line.kind(said.end + 1) != "of" and line.kind(start - 1) not in {"whose", "rough"}
        if not named.dated:
            return self._is_meant_without_year(said)
        if named.since >= FIRST_NEWS and self._is_of_articles(said):
            return True
        if said.event:
            return self._may_be_news(named, EVENT_YEARS)
        if named.grain == "year":
            of_a_noun = self._english and (
                line.word(said.end - 1) == "the" or line.kind(said.end + 1) in {"word", "name"}
            )
            asked_for = self._asks_when or of_a_noun or not said.mark
            return not asked_for and self._of_the_past and self._may_be_news(named, 1)
        return named.grain != "quarter" and self._may_be_news(named, NEWS_YEARS)

    def _is_meant_without_year(self, said: Said) -> bool:
        named = said.named
        if named.grain in {"today", "recent"}:
            return self._of_the_past if named.grain == "today" else self._is_of_articles(said)
        if self._to_come:
            return False
        if self._is_a_name(said):
            return False
        if named.firm or said.mark == "since":
            return True
        if said.mark == "until" and (self._now - named.since).days > _HALF_A_YEAR:
            return False  # "through July 4", asked in June, is the coming one
        return self._of_the_past and (bool(said.mark) or named.grain in {"day", "weekday"})

    def _is_a_name(self, said: Said) -> bool:
        """Whether English words are rather a name than a month or weekday: "May took office", "Cyber Monday"."""
        line = self._line
        word, before, then = line.word(said.end), line.kind(said.start - 1), line.kind(said.end + 1)
        if not self._english or word.endswith("'s"):
            return self._english and before == "name"
        if said.mark:
            return said.named.grain == "month" and word in _NAMES_TOO and then not in _ENDS
        return before not in {"", "word", "comma"} or then not in _ENDS

    def _is_of_articles(self, said: Said) -> bool:
        """Whether a word for articles stands near."""
        before, behind = _NEAR_A_YEAR if said.named.grain == "year" else _NEAR_A_DATE
        near = self._line.tokens[max(0, said.start - before) : said.end + 1 + behind]
        return any(token.kind in _OF_ARTICLES for token in near)

    def _may_be_news(self, named: Named, years: int) -> bool:
        """Whether there may be articles of then: in their reach if it is known, else in the last `years`."""
        if self._reach is None:
            return named.until >= back(self._now, years, YEAR)
        oldest, newest = self._reach
        return (oldest is None or named.until >= oldest) and (newest is None or named.since <= newest)
