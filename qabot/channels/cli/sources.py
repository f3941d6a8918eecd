"""Sources: the articles behind an answer, numbered. Quotes of one article share its number."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from qabot.answering.answer import Answer, Quote
from qabot.articles.article import Article
from qabot.articles.headline import cut_at_word
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.wording import lines_for
from qabot.passages.passage import Span

HEADLINE_CHARS = 100
"""Most characters of a headline in a list of sources."""


@dataclass(frozen=True, slots=True)
class Source:
    """An article with its number in the answer and the quotes taken from it; none for one that only came near.

    `asked` is the language of the question.
    """

    number: int
    article: Article
    quotes: tuple[Quote, ...]
    asked: str

    @property
    def places(self) -> list[Span]:
        return [Span(quote.start, quote.end) for quote in self.quotes]

    def line(self) -> str:
        """`[1] Kazinform, 4 July 2023, in Russian, page 3, paragraph 5 · “Headline”`; what is not so is left out."""
        lines = lines_for(self.asked)
        pages = lines.numbered(lines.page, {quote.page for quote in self.quotes if quote.page})
        paragraphs = lines.numbered(lines.paragraph, {quote.paragraph for quote in self.quotes})
        language = lines.words.foreign(self.article.language, self.asked)
        parts = (self.article.source, lines.words.day(self.article.published), language, pages, paragraphs)
        facts = safe(", ".join(part for part in parts if part), one_line=True)
        return f"[{self.number}] " + " · ".join(filter(None, (facts, f"“{short_headline(self.article)}”")))

    def also_in(self) -> str:
        """`also in: Tengri News, Zakon`: who else tells the same, by outlet, else by headline; empty if nobody."""
        editions = [edition for quote in self.quotes for edition in quote.also_in]
        names = dict.fromkeys(edition.source or f"“{edition.title}”" for edition in editions)
        return safe(lines_for(self.asked).words.also_in.format(names=", ".join(names)), one_line=True) if names else ""

    def commands(self) -> list[str]:
        """What shows each quote in its article, ready to be pasted into a shell."""
        return [show_command(str(quote.citation)) for quote in self.quotes] or [show_command(self.article.id)]


def sources_of(answer: Answer) -> list[Source]:
    """The sources in the order in which the quotes name them; those that came nearest where there are no quotes."""
    asked = answer.question.language
    if not answer.quotes:
        return [Source(number, article, (), asked) for number, article in enumerate(answer.nearest, 1)]
    quotes: dict[str, list[Quote]] = {}
    for quote in answer.quotes:
        quotes.setdefault(quote.article.id, []).append(quote)
    return [Source(number, of[0].article, tuple(of), asked) for number, of in enumerate(quotes.values(), 1)]


def short_headline(article: Article) -> str:
    """The article's headline in one short line."""
    return safe(cut_at_word(" ".join(article.title.split()), HEADLINE_CHARS), one_line=True)


def show_command(citation: str) -> str:
    dashes = "-- " if citation.startswith("-") else ""
    return f"qabot show {dashes}{safe(shlex.quote(citation), one_line=True)}"
