"""Foreign questions: about other articles, so that these do not hold an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qabot.errors import GoldError
from qabot.evaluation.gold import GoldQuestion

FOREIGN = "foreign"
"""Their kind."""


def with_foreign(questions: Sequence[GoldQuestion], others: Iterable[GoldQuestion]) -> list[GoldQuestion]:
    """`questions`, and `others`, which were asked of other articles, as unanswerable ones.

    Raises:
        GoldError: one is among both; names the line.
    """
    own = {question.id for question in questions}
    foreign = [replace(one, answerable=False, answers=(), evidence=(), kind=FOREIGN) for one in others]
    for question in foreign:
        if question.id in own:
            cause = f"{question.where}: the question {question.id!r} is among those of these articles"
            raise GoldError(cause, "Give questions of other articles to --foreign")
    return [*questions, *foreign]
