"""The context line: title, outlet and date, put before a passage when it is indexed, never quoted."""

from __future__ import annotations

from datetime import datetime

from qabot.articles.article import Article
from qabot.errors import one_line
from qabot.passages.passage import Passage

MAX_TITLE_CHARS = 200
"""Longer headlines are cut here, so that they cannot crowd the passage out of the encoder's window."""

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split(),
}


def context_line(article: Article) -> str:
    """`Headline. Outlet, 4 July 2023`, in one line; parts that the article lacks are left out."""
    day = day_in_words(article.published, article.language) if article.published else ""
    return ". ".join(part for part in (_headline(article), ", ".join(filter(None, (article.source, day)))) if part)


def indexed_text(article: Article, passage: Passage) -> str:
    """What is indexed as terms for a passage: its context line, then its own text."""
    return f"{context_line(article)}\n{article.text[passage.start : passage.end]}"


def embedded_text(article: Article, passage: Passage) -> str:
    """What is embedded for a passage: the headline, then its own text.

    Outlet and date are left to the terms: in the vector they cost more than they gave (docs/architecture.md).
    """
    return f"{_headline(article)}\n{article.text[passage.start : passage.end]}"


def day_in_words(day: datetime, language: str = "en") -> str:
    """`4 July 2023`, `4 июля 2023`, `4 шілде 2023`; English for other languages."""
    months = MONTHS.get(language, MONTHS["en"])
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _headline(article: Article) -> str:
    return one_line(article.title)[:MAX_TITLE_CHARS]
