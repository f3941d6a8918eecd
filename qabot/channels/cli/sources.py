"""Sources: the articles behind an answer, numbered. Quotes of one article share its number."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from qabot.answering.answer import Answer, Quote
from qabot.articles.article import Article
from qabot.articles.headline import cut_at_word
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.words import day, listed
from qabot.passages.passage import Span

HEADLINE_CHARS = 100
"""Most characters of a headline in a list of sources."""


@dataclass(frozen=True, slots=True)
class Source:
    """An article with its number in the answer and the quotes taken from it; none for one that only came near."""

    number: int
    article: Article
    quotes: tuple[Quote, ...]

    @property
    def places(self) -> list[Span]:
        return [Span(quote.start, quote.end) for quote in self.quotes]

    def line(self) -> str:
        """`[1] Kazinform, 4 July 2023, page 3, paragraph 5 · “Headline”`; parts that the article lacks are left out."""
        pages = _numbered("page", {quote.page for quote in self.quotes if quote.page})
        paragraphs = _numbered("paragraph", {quote.paragraph for quote in self.quotes})
        parts = (self.article.source, day(self.article.published), pages, paragraphs)
        facts = safe(", ".join(part for part in parts if part), one_line=True)
        return f"[{self.number}] " + " · ".join(filter(None, (facts, f"“{short_headline(self.article)}”")))

    def also_in(self) -> str:
        """`also in: Tengri News, Zakon`: who else tells the same, by outlet, else by headline; empty if nobody."""
        editions = [edition for quote in self.quotes for edition in quote.also_in]
        names = dict.fromkeys(edition.source or f"“{edition.title}”" for edition in editions)
        return safe(f"also in: {', '.join(names)}", one_line=True) if names else ""

    def commands(self) -> list[str]:
        """What shows each quote in its article, ready to be pasted into a shell."""
        return [show_command(str(quote.citation)) for quote in self.quotes] or [show_command(self.article.id)]


def sources_of(answer: Answer) -> list[Source]:
    """The sources in the order in which the quotes name them; those that came nearest where there are no quotes."""
    if not answer.quotes:
        return [Source(number, article, ()) for number, article in enumerate(answer.nearest, 1)]
    quotes: dict[str, list[Quote]] = {}
    for quote in answer.quotes:
        quotes.setdefault(quote.article.id, []).append(quote)
    return [Source(number, of[0].article, tuple(of)) for number, of in enumerate(quotes.values(), 1)]


def _numbered(what: str, numbers: set[int]) -> str:
    """`paragraphs 2 and 5`; empty for no numbers."""
    return f"{what}{'s' if len(numbers) > 1 else ''} {listed([*map(str, sorted(numbers))])}" if numbers else ""


def short_headline(article: Article) -> str:
    """The article's headline in one short line."""
    return safe(cut_at_word(" ".join(article.title.split()), HEADLINE_CHARS), one_line=True)


def show_command(citation: str) -> str:
    dashes = "-- " if citation.startswith("-") else ""
    return f"qabot show {dashes}{safe(shlex.quote(citation), one_line=True)}"
