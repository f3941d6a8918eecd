"""Replies: an answer as a message. Each quote stands in a quotation of its own, word for word, above its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from telegram import InlineKeyboardMarkup
from telegram.constants import MessageEntityType

from qabot.answering.answer import Answer, Quote
from qabot.articles.article import Article
from qabot.channels.telegram.buttons import answer_keyboard
from qabot.channels.telegram.characters import cut, one_line, phrase, visible
from qabot.channels.telegram.fragments import bot_link, checked_url, link_to_quote
from qabot.channels.telegram.splitting import split
from qabot.channels.telegram.text import Composed, Composer
from qabot.channels.wording import Words
from qabot.index.store import Edition
from qabot.passages.passage import Span
from qabot.questions.preferences import imprint_of, nearness
from qabot.questions.times.describing import describe

HEADLINE = 160
OUTLET = 60
QUESTION = 300
"""Most UTF-16 units of a headline, of an outlet's name and of a question in the bot's own lines."""

FURTHER = 5
"""Most further passages of an answer."""

ArticleLink = Callable[[str], str]
"""An article's id -> the short id by which the bot shows it: 1 to 48 of A-Z a-z 0-9 _ -."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of any length and what stands under it."""

    text: Composed
    keyboard: InlineKeyboardMarkup | None = None

    @property
    def parts(self) -> list[tuple[Composed, InlineKeyboardMarkup | None]]:
        """The messages to send, in order, each within Telegram's limits; the keyboard stands under the last."""
        texts = split(self.text)
        return [(text, self.keyboard if text is texts[-1] else None) for text in texts]


@dataclass(frozen=True, slots=True)
class Links:
    """Where the bot's links lead: to the publisher, or to the bot's own view of an article."""

    bot_username: str
    article_link: ArticleLink

    def to_article(self, article: Article | Edition) -> str:
        return checked_url(article.url) or self.to_view(article.id)

    def to_quote(self, article: Article, place: Span) -> str:
        return link_to_quote(article.url, article.text, place.start, place.end) or self.to_view(article.id)

    def to_view(self, article_id: str) -> str:
        return bot_link(self.bot_username, self.article_link(article_id))


def answer_reply(
    answer: Answer, words: Words, *, answer_id: str | None, bot_username: str, article_link: ArticleLink
) -> Reply:
    """The reply to a question: the quotes with their numbered sources, or the honest no with the nearest headlines.

    Args:
        answer: what the engine gave.
        words: of the reader.
        answer_id: by which the bot remembers the answer, for the buttons; None for a message without any.
        bot_username: of this bot, without the @.
        article_link: for articles without an address of their own.
    """
    links = Links(bot_username, article_link)
    message = Composer()
    for line in reading_lines(answer, words):
        message.italic(line).new_line()
    sources = sources_of(answer.quotes)
    if answer.found:
        if answer.unsure:
            message.italic(words.possibly).new_line()
        for number, quotes in enumerate(sources, 1):
            _add_source(message, number, quotes, answer.question.language, words, links)
    else:
        _add_refusal(message, answer, words, links)
    keyboard = None
    if answer_id is not None:
        more = answer.found and bool(further_quotes(answer))
        keyboard = answer_keyboard(words, answer_id, sources=len(sources), more=more)
    return Reply(message.compose(), keyboard)


def sources_of(quotes: tuple[Quote, ...]) -> list[list[Quote]]:
    """`quotes` by article, in the order in which the articles are first quoted: source 1, source 2 and so on."""
    by_article: dict[str, list[Quote]] = {}
    for quote in quotes:
        by_article.setdefault(quote.article.id, []).append(quote)
    return list(by_article.values())


def further_quotes(answer: Answer) -> list[Quote]:
    """The best sentences of passages that the answer does not quote, one of each, best first, for the button "More"."""
    found: list[Quote] = []
    quoted = [(quote.article.id, quote.start, quote.end) for quote in answer.quotes]
    texts = {quote.text.casefold() for quote in answer.quotes}
    passages: set[int] = set()
    for sentence in answer.sentences:
        start, end = sentence.span
        text = sentence.article.text[start:end].casefold()
        overlaps = any(sentence.article.id == which and start < to and at < end for which, at, to in quoted)
        if overlaps or text in texts or sentence.candidate.key in passages:
            continue
        passages.add(sentence.candidate.key)
        texts.add(text)
        quoted.append((sentence.article.id, start, end))
        found.append(Quote(sentence.article, start, end, sentence.score))
        if len(found) == FURTHER:
            break
    return found


def reading_lines(answer: Answer, words: Words) -> list[str]:
    """A line for each thing that was read into the question; none for a plain one."""
    asked = answer.question
    time, outlets = asked.preferences.time, asked.preferences.outlets
    lines = []
    if asked.read_as != asked.text:
        lines.append(words.read_as.format(question=phrase(asked.read_as, QUESTION)))
    latest = time is not None and time.latest
    wanted = [describe(replace(time, latest=False), words.code)] if time and time.periods else []
    if outlets.named:
        names = words.listed_either([phrase(name, OUTLET) for name in sorted(outlets.named)])
        wanted.append(words.from_outlets.format(names=names))
    if wanted or latest:
        form = words.looking_newest if latest else words.looking_first
        lines.append(form.format(wanted=words.wanted.format(", ".join(wanted)) if wanted else ""))
    if outlets.missing:
        names = words.listed_either([phrase(name, OUTLET) for name in outlets.missing])
        lines.append(words.missing_outlets.format(names=names))
    if time and time.periods and answer.found and not _published_then(answer):
        lines.append(words.none_from_then)
    if answer.disagreeing:
        lines.append(words.disagreeing)
    return lines


def not_found_line(answer: Answer, words: Words) -> str:
    """`Not in my 4,872 articles (newest: 4 July 2023).`"""
    reach = answer.reach
    newest = words.newest.format(day=words.day(reach.newest)) if reach.newest else words.undated
    return f"{words.count(words.not_in, reach.articles)} ({newest})."


def add_byline(
    message: Composer,
    number: int | None,
    article: Article | Edition,
    url: str | None,
    words: Words,
    *,
    places: Sequence[Span] = (),
    asked: str = "",
    again: bool = False,
) -> None:
    """Adds `[1] Kazinform · 4 July 2023 · p. 3 · in Russian` and, on the next line, the headline as a link.

    Args:
        message: to add to.
        number: of the source; None for none.
        article: the source.
        url: where the link leads; None for no link.
        words: of the reader.
        places: of the quotes, whose pages are named where the article has pages.
        asked: language of the question; the article's is named where it is another one. Empty: it never is.
        again: the article was named just before, so its headline is left out where an outlet or day can be the link.
    """
    facts = [*_facts(article, words), *_page_numbers(article, places, words)]
    if asked and isinstance(article, Article) and (language := words.foreign(article.language, asked)):
        facts.append(language)
    if number is not None:
        message.add(f"[{number}] ")
    if again and facts:
        message.link(" · ".join(facts), url).new_line()
        return
    for at, fact in enumerate(facts):
        message.add(" · " if at else "").name(fact)
    if facts:
        message.new_line()
    message.link(headline(article, words), url).new_line()


def _facts(article: Article | Edition, words: Words) -> list[str]:
    """Outlet and day, those that are known."""
    facts = [cut(one_line(article.source or ""), OUTLET), words.day(article.published)]
    return [fact for fact in facts if visible(fact)]


def _page_numbers(article: Article | Edition, places: Sequence[Span], words: Words) -> list[str]:
    """The pages that the places begin on, as one fact; none for an article without pages."""
    if not isinstance(article, Article):
        return []
    pages = {Quote(article, start, end, 0.0).page for start, end in places}
    numbers = ", ".join(map(str, sorted(filter(None, pages))))
    return [words.on_page.format(page=numbers)] if numbers else []


def headline(article: Article | Edition, words: Words) -> str:
    """The article's headline in one short line."""
    title = cut(one_line(article.title), HEADLINE)
    return title if visible(title) else words.untitled


def _add_source(message: Composer, number: int, quotes: list[Quote], asked: str, words: Words, links: Links) -> None:
    message.gap() if number > 1 else message.new_line()
    for quote in quotes:
        message.quote(quote.text)
    article = quotes[0].article
    places = [Span(quote.start, quote.end) for quote in quotes]
    url = links.to_quote(article, places[0])
    add_byline(message, number, article, url, words, places=places, asked=asked)
    named: dict[str, Edition] = {}
    for quote in quotes:
        for edition in quote.also_in:
            name = cut(one_line(edition.source or edition.title), OUTLET)
            named.setdefault(name if visible(name) else words.untitled, edition)
    if named:
        before, after = words.also_in.split("{names}")
        message.add(before)
        for at, (name, edition) in enumerate(named.items()):
            message.add(", " if at else "").link(name, links.to_article(edition))
        message.add(after).new_line()


def _add_refusal(message: Composer, answer: Answer, words: Words, links: Links) -> None:
    message.add(not_found_line(answer, words), MessageEntityType.BOLD).new_line()
    if answer.nearest:
        message.gap().add(words.nearest).new_line()
    for article in answer.nearest:
        message.add("• ").link(headline(article, words), links.to_article(article))
        for fact in _facts(article, words):
            message.add(" · ").name(fact)
        message.new_line()


def _published_then(answer: Answer) -> bool:
    time = answer.question.preferences.time
    periods = time.periods if time else ()
    return any(nearness(imprint_of(quote.article).day, periods) == 1 for quote in answer.quotes)
