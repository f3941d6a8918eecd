"""Citation: `ARTICLE:START-END@HASH`, a quote's address that can tell whether its article has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qabot.articles.article import Article
from qabot.errors import ArticleChangedError, ArticleGoneError, CitationError
from qabot.index.store import Store

HASH_DIGITS = 12
"""Hex digits of the content hash in a citation: 48 bits tell versions of one article apart."""

_FORM = re.compile(r"(?P<article>.+):(?P<start>\d{1,9})-(?P<end>\d{1,9})(?:@(?P<hash>[0-9a-f]{8,64}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in an article: code points [start, end) of the text whose SHA-256 begins with `content_hash`."""

    article: str
    start: int
    end: int
    content_hash: str | None = None

    def __str__(self) -> str:
        mark = f"@{self.content_hash}" if self.content_hash else ""
        return f"{self.article}:{self.start}-{self.end}{mark}"


def cite(article: Article, start: int, end: int) -> Citation:
    """The citation of code points [start, end) of `article` as it is now."""
    return Citation(article.id, start, end, article.content_hash[:HASH_DIGITS])


def parse_citation(text: str) -> Citation | None:
    """The citation written in `text`; None if it is not of that form (a bare article id, say)."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    return Citation(match["article"], int(match["start"]), int(match["end"]), match["hash"])


def resolve(citation: Citation, store: Store) -> Article:
    """The cited article, certain to hold the cited text.

    Raises:
        ArticleGoneError: it is not in the index.
        ArticleChangedError: its text is not the cited one.
        CitationError: the place lies outside of its text.
    """
    article = store.find_article(citation.article)
    if article is None:
        raise ArticleGoneError(f"Article {citation.article!r} is not in the index", "See what is: qabot status")
    if citation.content_hash and not article.content_hash.startswith(citation.content_hash):
        cause = f"Article {citation.article!r} has changed since it was cited"
        raise ArticleChangedError(cause, "Ask again for a citation of the present text")
    if not 0 <= citation.start < citation.end <= len(article.text):
        cause = f"Article {citation.article!r} has {len(article.text)} characters, so {citation} lies outside of it"
        raise CitationError(cause, "Ask again for a citation of the present text")
    return article
