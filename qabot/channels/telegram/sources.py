"""Sources: what the buttons under an answer open. A quote is read from the store, or it is said why it cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from qabot.answering.citation import parse_citation, resolve
from qabot.articles.article import Article
from qabot.channels.telegram.buttons import numbered_rows, page_keyboard, whole_article_keyboard
from qabot.channels.telegram.callbacks import Verb
from qabot.channels.telegram.fragments import checked_url
from qabot.channels.telegram.replies import ArticleLink, Links, Reply, add_byline
from qabot.channels.telegram.splitting import pages
from qabot.channels.telegram.text import Composer, plain
from qabot.channels.wording import Words
from qabot.errors import ArticleChangedError, ArticleGoneError, CitationError
from qabot.index.store import Store
from qabot.passages.paragraphs import paragraphs
from qabot.passages.passage import Span

AROUND = 1200
"""Most code points of a paragraph that are shown on either side of a quote."""

PAGE = 3000
"""Most UTF-16 units of an article's text on a page."""


def source_reply(
    citations: Sequence[str],
    number: int,
    store: Store,
    words: Words,
    *,
    bot_username: str,
    article_link: ArticleLink,
) -> Reply:
    """Source `number` of an answer: the paragraphs with the quoted sentences in bold.

    Args:
        citations: of the answer's quotes, in order; those of one article are one source.
        number: of the source, from 1.
        store: of the generation in service, which may be newer than the answer.
        words: of the reader.
        bot_username: of this bot, without the @.
        article_link: for the article's view in the bot.

    Returns:
        The reply, or one that says that the article has changed or is gone, or that the button is too old.
    """
    sources = _by_article(citations)
    if not 1 <= number <= len(sources):
        return Reply(plain(words.too_old))
    return _opened(sources[number - 1], number, store, words, Links(bot_username, article_link))


def further_reply(
    further: Sequence[str],
    number: int,
    store: Store,
    words: Words,
    *,
    first: int,
    bot_username: str,
    article_link: ArticleLink,
) -> Reply:
    """Further passage `number` of an answer, as `source_reply` shows a source.

    Args:
        further: citations of the further passages.
        number: of the passage, from 1.
        store: of the generation in service.
        words: of the reader.
        first: number that the first further passage has in the chat, as for `more_reply`.
        bot_username: of this bot, without the @.
        article_link: for the article's view in the bot.
    """
    if not 1 <= number <= len(further):
        return Reply(plain(words.too_old))
    links = Links(bot_username, article_link)
    return _opened([further[number - 1]], first + number - 1, store, words, links)


def more_reply(
    further: Sequence[str],
    store: Store,
    words: Words,
    *,
    answer_id: str,
    first: int,
    bot_username: str,
    article_link: ArticleLink,
) -> Reply:
    """The further passages of an answer, each a sentence with its source, numbered from `first` on.

    Args:
        further: their citations.
        store: of the generation in service; passages that it has no more are left out.
        words: of the reader.
        answer_id: by which the bot remembers the answer, for the buttons.
        first: the number of the first, one more than the answer has sources (see `source_count`).
        bot_username: of this bot, without the @.
        article_link: for articles without an address of their own.
    """
    links = Links(bot_username, article_link)
    message = Composer().add(words.further)
    shown: list[str] = []
    for at, citation in enumerate(further):
        found = _resolved(citation, store, words)
        if isinstance(found, str):
            continue
        article, place = found
        message.gap() if shown else message.new_line()
        message.quote(article.text[place.start : place.end])
        url = links.to_quote(article, place)
        add_byline(message, first + at, article, url, words, places=[place], again=shown[-1:] == [article.id])
        shown.append(article.id)
    if not shown:
        return Reply(plain(words.no_more))
    keyboard = InlineKeyboardMarkup(numbered_rows(Verb.FURTHER, answer_id, len(further), first))
    return Reply(message.compose(), keyboard)


def article_reply(article: Article, words: Words, *, key: str, page: int = 1) -> Reply:
    """The bot's own view of an article, a page of it.

    Args:
        article: to show.
        words: of the reader.
        key: its short id, for the buttons.
        page: from 1; the nearest there is.
    """
    all_pages = pages(article.text, PAGE)
    page = min(max(page, 1), len(all_pages))
    message = Composer()
    add_byline(message, None, article, checked_url(article.url), words)
    message.gap()
    start, end = all_pages[page - 1]
    message.add(article.text[start:end].strip())
    if len(all_pages) > 1:
        message.gap().italic(words.page_of.format(page=words.number(page), pages=words.number(len(all_pages))))
    return Reply(message.compose(), page_keyboard(key, page, len(all_pages)))


def source_count(citations: Sequence[str]) -> int:
    """Number of sources that these citations of an answer are: one for each article."""
    return len(_by_article(citations))


def _opened(citations: Sequence[str], number: int, store: Store, words: Words, links: Links) -> Reply:
    found = [_resolved(citation, store, words) for citation in citations]
    article = next((place[0] for place in found if not isinstance(place, str)), None)
    if article is None:
        return Reply(plain(next(place for place in found if isinstance(place, str))))
    places = [place[1] for place in found if not isinstance(place, str)]
    message = Composer()
    add_byline(message, number, article, links.to_quote(article, places[0]), words, places=places)
    for span in _surroundings(article.text, places):
        inside = [place for place in places if span.start <= place.start and place.end <= span.end]
        bold = [Span(place.start - span.start, place.end - span.start) for place in inside]
        message.quote(article.text[span.start : span.end], bold, expandable=True)
    return Reply(message.compose(), whole_article_keyboard(words, links.article_link(article.id)))


def _resolved(citation: str, store: Store, words: Words) -> tuple[Article, Span] | str:
    """The cited article and place, or why there is none, in words."""
    parsed = parse_citation(citation)
    if parsed is None:
        return words.too_old
    try:
        article = resolve(parsed, store)
    except ArticleChangedError:
        return words.changed
    except ArticleGoneError:
        return words.gone
    except CitationError:
        return words.too_old
    return article, Span(parsed.start, parsed.end)


def _by_article(citations: Sequence[str]) -> list[list[str]]:
    by_article: dict[str, list[str]] = {}
    for citation in citations:
        parsed = parse_citation(citation)
        by_article.setdefault(parsed.article if parsed else citation, []).append(citation)
    return list(by_article.values())


def _surroundings(text: str, places: Sequence[Span]) -> list[Span]:
    """The paragraphs that hold `places`, in order, long ones cut at words near them; no two overlap."""
    found: list[Span] = []
    every = paragraphs(text)
    for place in sorted(places):
        around = [span for span in every if span.start < place.end and place.start < span.end]
        start = min([place.start, *(span.start for span in around)])
        end = max([place.end, *(span.end for span in around)])
        start, end = _near(text, place, Span(start, end))
        if found and start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Span(start, end))
    return found


def _near(text: str, place: Span, around: Span) -> Span:
    start, end = around
    if place.start - start > AROUND:
        space = text.find(" ", place.start - AROUND, place.start)
        start = space + 1 if space >= 0 else place.start
    if end - place.end > AROUND:
        space = text.rfind(" ", place.end, place.end + AROUND)
        end = space if space >= 0 else place.end
    return Span(start, end)
