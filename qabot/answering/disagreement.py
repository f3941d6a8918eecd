"""Disagreement: good quotes of different days that give different figures. Both are shown, the newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations

from qabot.answering.answer import Quote
from qabot.questions.expectation import Expectation, expectation

AS_GOOD = 0.9
"""Share of the best score that another quote needs to count as saying the same thing of another day."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def latest_first(quotes: Sequence[Quote]) -> list[Quote]:
    """`quotes` of which those as good as the first one stand newest first; undated ones keep behind them."""
    good = [quote for quote in quotes if quote.score >= AS_GOOD * quotes[0].score and quote.article.published]
    newest = sorted(good, key=lambda quote: quote.article.published or datetime.min.replace(tzinfo=UTC), reverse=True)
    return newest + [quote for quote in quotes if quote not in newest]


def newest_first(quotes: Sequence[Quote], question: str) -> tuple[list[Quote], bool]:
    """`quotes`, with those that disagree about a number or time newest first; and whether any do.

    Only a question for a number or a time is looked at: what else contradicts is for the reader to judge.
    """
    if expectation(question) not in (Expectation.NUMBER, Expectation.TIME) or not quotes:
        return list(quotes), False
    asked = set(_FIGURE.findall(question))
    dated: list[tuple[datetime, Quote]] = []
    for quote in quotes:
        if quote.score >= AS_GOOD * quotes[0].score and quote.article.published and _figures(quote) - asked:
            dated.append((quote.article.published, quote))
    disagree = any(
        day.date() != other_day.date() and (_figures(quote) - asked).isdisjoint(_figures(other) - asked)
        for (day, quote), (other_day, other) in combinations(dated, 2)
    )
    if not disagree or dated[0][1] is not quotes[0]:
        return list(quotes), False
    newest = [quote for _, quote in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    return newest + [quote for quote in quotes if quote not in newest], True


def _figures(quote: Quote) -> set[str]:
    return set(_FIGURE.findall(quote.text))
