"""Half of the articles: asked of an index without the other half, questions about that half have no answer in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from qabot.articles.article import Article, published_iso
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.evaluation.gold import GoldQuestion

OUTSIDE = "outside"
"""The kind of questions whose articles are left out."""


def write_half(seeds: Path, folder: Path, limits: Limits) -> set[str]:
    """Writes half of the articles in `seeds` into `folder`, which is made, and gives their ids."""
    first: dict[str, Article] = {}
    for item in read_folder(seeds, limits):
        if isinstance(item, Article):
            first.setdefault(item.id, item)
    articles = list(first.values())
    kept = half_of(articles)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "articles.jsonl").open("w", encoding="utf-8", errors="backslashreplace") as file:
        for article in articles:
            if article.id in kept:
                file.write(json.dumps(_record(article), ensure_ascii=False) + "\n")
    return kept


def half_of(articles: Iterable[Article]) -> set[str]:
    """The ids of the older half of `articles`, as if the index had not been brought up to date; those without a date
    are halved by the hashes of their titles, or ids, so that the parts of one page stay together."""
    dated: list[Article] = []
    undated: list[Article] = []
    for article in articles:
        (dated if article.published else undated).append(article)
    dated.sort(key=lambda article: (published_iso(article.published) or "", article.id))
    undated.sort(key=lambda article: (_hash(article.title or article.id), article.id))
    return {article.id for part in (dated, undated) for article in part[: (len(part) + 1) // 2]}


def of_half(questions: Iterable[GoldQuestion], kept: set[str]) -> list[GoldQuestion]:
    """`questions` as they are for an index of the articles `kept` alone.

    Those whose evidence is left out become unanswerable; those that lose a part of it, and answerable ones without
    evidence, are no longer sure and are left out. Unanswerable ones stay.
    """
    asked = []
    for question in questions:
        inside = {evidence.article in kept for evidence in question.evidence}
        if question.answerable is False or inside == {True}:
            asked.append(question)
        elif inside == {False}:
            asked.append(replace(question, answerable=False, answers=(), evidence=(), kind=OUTSIDE))
    return asked


def _hash(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()


def _record(article: Article) -> dict[str, str | None]:
    return {
        "id": article.id,
        "title": article.title,
        "published": published_iso(article.published),
        "source": article.source,
        "author": article.author,
        "place": article.place,
        "url": article.url,
        "language": article.language,
        "text": article.text,
    }
