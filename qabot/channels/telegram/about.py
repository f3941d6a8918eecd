"""What the bot says about itself and its articles: the texts of its commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from telegram import BotCommand

from qabot.articles.article import Article
from qabot.channels.telegram.characters import cut, one_line, visible
from qabot.channels.telegram.replies import OUTLET, ArticleLink, Links, add_byline
from qabot.channels.telegram.text import Composed, Composer
from qabot.channels.wording import ADMIN_COMMANDS, Command, Words
from qabot.index.store import Counts

OUTLETS = 10
"""Most outlets and languages that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot is, for its admins. `newest` is an ISO date or time; `notice` is what the admins should know."""

    generation: str
    articles: int
    passages: int
    newest: str | None
    waiting: int
    answered: int
    refused: int
    errors: int
    running_seconds: float
    notice: str | None = None


def start_text(words: Words, articles: int | None) -> Composed:
    """The answer to /start; `articles` is their number, None if there is no index."""
    message = Composer().add(words.start).gap()
    if articles:
        message.add(words.have.format(articles=words.count(words.articles, articles))).add(" ")
    return message.add("/help").compose()


def help_text(words: Words, *, admin: bool = False) -> Composed:
    """The answer to /help: how to ask, and the commands."""
    message = Composer().add(words.help).gap()
    for command in _commands(admin):
        message.add(f"/{command} – {words.commands[command]}").new_line()
    return message.compose()


def sources_text(words: Words, counts: Counts) -> Composed:
    """The answer to /sources: how many articles there are, of which days, outlets and languages."""
    message = Composer().bold(words.sources).new_line()
    _add_row(message, words.articles_label, words.number(counts.articles))
    oldest, newest = words.day(counts.oldest), words.day(counts.newest)
    days = oldest if oldest == newest else f"{oldest} – {newest}"
    _add_row(message, words.dates_label, days or words.undated)
    languages = {words.language(code): count for code, count in counts.languages.items()}
    _add_row(message, words.languages_label, _most(languages, words))
    if counts.sources:
        message.gap().bold(words.outlets_label).new_line()
    for name, count in islice(counts.sources.items(), OUTLETS):
        label = cut(one_line(name), OUTLET)
        message.add("• ").name(label if visible(label) else "?").add(f": {words.number(count)}").new_line()
    if len(counts.sources) > OUTLETS:
        message.add(words.and_more.format(n=words.number(len(counts.sources) - OUTLETS)))
    return message.compose()


def latest_text(words: Words, articles: Sequence[Article], *, bot_username: str, article_link: ArticleLink) -> Composed:
    """The answer to /latest: `articles` in their order, each with a link."""
    links = Links(bot_username, article_link)
    message = Composer().bold(words.latest if articles else words.no_index)
    for article in articles:
        add_byline(message.gap(), None, article, links.to_article(article), words)
    return message.compose()


def privacy_text(words: Words, keep_days: int) -> Composed:
    """The answer to /privacy; `keep_days` is the setting telegram_keep_days."""
    return Composer().add(words.privacy.format(days=words.count(words.days, keep_days))).compose()


def status_text(words: Words, status: Status) -> Composed:
    """The answer to /status."""
    message = Composer().bold(words.status).new_line()
    _add_row(message, words.index_label, status.generation)
    _add_row(message, words.articles_label, words.number(status.articles))
    _add_row(message, words.passages_label, words.number(status.passages))
    _add_row(message, words.newest_label, words.day(status.newest) or words.undated)
    _add_row(message, words.waiting_label, words.number(status.waiting))
    _add_row(message, words.answered_label, words.number(status.answered))
    _add_row(message, words.refused_label, words.number(status.refused))
    _add_row(message, words.errors_label, words.number(status.errors))
    _add_row(message, words.running_label, words.duration(status.running_seconds))
    if status.notice:
        message.gap().add("⚠ ").name(cut(status.notice, 500))
    return message.compose()


def bot_commands(words: Words, *, admin: bool = False) -> list[BotCommand]:
    """The commands with their descriptions, for setMyCommands."""
    return [BotCommand(command, words.commands[command]) for command in _commands(admin)]


def _commands(admin: bool) -> list[Command]:
    return [command for command in Command if admin or command not in ADMIN_COMMANDS]


def _add_row(message: Composer, label: str, value: str) -> None:
    message.add(f"{label}: ").name(value).new_line()


def _most(counted: dict[str, int], words: Words) -> str:
    named = ", ".join(f"{name} ({words.number(count)})" for name, count in islice(counted.items(), OUTLETS))
    left = len(counted) - OUTLETS
    return f"{named} {words.and_more.format(n=words.number(left))}" if left > 0 else named
