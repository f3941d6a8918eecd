"""Inline and guest results: an answer for a chat that the bot is not a member of."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions

from qabot.answering.answer import Answer
from qabot.channels.telegram.characters import cut, one_line
from qabot.channels.telegram.replies import (
    ArticleLink,
    Links,
    add_byline,
    answer_reply,
    further_quotes,
    headline,
    not_found_line,
)
from qabot.channels.telegram.splitting import split
from qabot.channels.telegram.text import Composed, Composer, plain
from qabot.channels.wording import Words
from qabot.passages.passage import Span

RESULTS = 5
"""Most results of an inline query."""

_TITLE = 120
"""Most UTF-16 units of a result's title and of its description; more is not seen."""


def inline_results(
    answer: Answer, words: Words, *, bot_username: str, article_link: ArticleLink
) -> list[InlineQueryResultArticle]:
    """Up to five results, each a quote with its source: those of the answer, then further ones; else the honest no."""
    if not answer.found:
        reply = answer_reply(answer, words, answer_id=None, bot_username=bot_username, article_link=article_link)
        return [_result("no", not_found_line(answer, words), words.nearest, reply.text)]
    links = Links(bot_username, article_link)
    results = []
    for number, quote in enumerate([*answer.quotes, *further_quotes(answer)][:RESULTS], 1):
        message = Composer().quote(quote.text)
        place = Span(quote.start, quote.end)
        url = links.to_quote(quote.article, place)
        add_byline(message, None, quote.article, url, words, places=[place], asked=answer.question.language)
        facts = [one_line(quote.article.source or ""), words.day(quote.article.published)]
        about = " · ".join(filter(None, [*facts, headline(quote.article, words)]))
        results.append(_result(str(number), one_line(quote.text), about, message.compose()))
    return results


def guest_result(
    answer: Answer, words: Words, *, bot_username: str, article_link: ArticleLink
) -> InlineQueryResultArticle:
    """The whole answer as the one result that a guest query takes; what a message cannot hold is left out."""
    reply = answer_reply(answer, words, answer_id=None, bot_username=bot_username, article_link=article_link)
    title = one_line(answer.quotes[0].text) if answer.found else not_found_line(answer, words)
    return _result("guest", title, "", reply.text)


def notice_result(notice: str) -> InlineQueryResultArticle:
    """One of the bot's own sentences as a result, as that it is busy."""
    return _result("notice", notice, "", plain(notice))


def _result(result_id: str, title: str, description: str, message: Composed) -> InlineQueryResultArticle:
    first = split(message)[0]
    content = InputTextMessageContent(
        first.text, entities=first.entities, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(
        result_id, cut(title, _TITLE), content, description=cut(description, _TITLE) or None
    )
