"""Words: all that the bot says of its own, in one language, and what a terminal shares with it. Each language is one
value of this type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qabot.articles.language import UNKNOWN
from qabot.channels.wording.plurals import Forms, Rule
from qabot.passages.context import MONTHS


class Command(StrEnum):
    """The commands of the bot, in the order in which they are shown."""

    ASK = "ask"
    NEW = "new"
    LATEST = "latest"
    SOURCES = "sources"
    LANGUAGE = "language"
    HELP = "help"
    PRIVACY = "privacy"
    FORGET = "forget"
    START = "start"
    STATUS = "status"
    REBUILD = "rebuild"


ADMIN_COMMANDS = (Command.STATUS, Command.REBUILD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The bot's words in one language. What stands in braces is filled in by whoever says it."""

    code: str
    plural: Rule
    thousands: str
    day_form: str

    # An answer
    possibly: str
    read_as: str  # question
    wanted: str  # one unnamed place, for what follows "articles"
    looking_first: str  # wanted
    looking_newest: str  # wanted
    from_outlets: str  # names
    either: str
    missing_outlets: str  # names
    none_from_then: str
    disagreeing: str
    also_in: str  # names
    not_in: Forms  # n
    newest: str  # day
    undated: str
    nearest: str
    untitled: str
    on_page: str  # page
    written_in: Mapping[str, str]  # by language
    written_in_other: str  # code

    # Buttons, and what they open
    more: str
    whole_article: str
    add: str
    cancel: str
    delete: str
    keep: str
    as_in_telegram: str
    further: str
    no_more: str
    too_old: str
    changed: str
    gone: str
    not_yours: str
    page_of: str  # page, pages
    thanks_good: str
    thanks_bad: str
    feedback_withdrawn: str

    # Questions that are not answered
    busy: str
    too_many_a_minute: str  # questions, seconds
    too_many_a_day: str  # questions
    stranger: str
    too_long: str  # characters
    empty: str
    stale: str
    voice: str
    sticker: str
    picture: str
    other_kind: str
    no_index: str
    index_broken: str
    failed: str
    restarting: str
    unknown_command: str
    admins_only: str
    private_only: str

    # Commands
    start: str
    help: str
    have: str  # articles
    ask_usage: str
    group_hello: str  # bot
    inline_prompt: str
    new_conversation: str
    choose_language: str
    language_set: str
    privacy: str  # days
    forget_confirm: str
    forgotten: str
    kept: str
    sources: str
    latest: str
    articles_label: str
    dates_label: str
    outlets_label: str
    languages_label: str
    and_more: str  # n
    languages: Mapping[str, str]

    # Admins
    status: str
    index_label: str
    passages_label: str
    newest_label: str
    waiting_label: str
    answered_label: str
    refused_label: str
    errors_label: str
    running_label: str
    hours: str
    minutes: str
    seconds: str
    rebuild_started: str
    rebuild_running: str
    rebuild_done: str  # seconds, articles
    rebuild_failed: str
    working: str
    stages: Mapping[str, str]
    upload_confirm: str  # name
    upload_added: str  # articles
    upload_already: str
    upload_dropped: str
    upload_too_large: str  # megabytes
    upload_kind: str
    upload_failed: str

    # Counted
    articles: Forms
    questions: Forms
    characters: Forms
    seconds_counted: Forms
    days: Forms

    # What BotFather shows
    about: str
    description: str
    commands: Mapping[Command, str]

    def number(self, number: int) -> str:
        """`4,872`, with the thousands apart as the language has them."""
        return f"{number:,}".replace(",", self.thousands)

    def count(self, forms: Forms, number: int) -> str:
        """`1 article`, `4,872 articles`: `forms` of this language with the number in its place."""
        return self.plural(forms, number).format(n=self.number(number))

    def day(self, published: str | datetime | None) -> str:
        """`4 July 2023`, of a date or of how it is stored; empty for None."""
        if isinstance(published, str):
            published = datetime.fromisoformat(published)
        if published is None:
            return ""
        month = MONTHS[self.code][published.month - 1]
        return self.day_form.format(day=published.day, month=month, year=published.year)

    def duration(self, seconds: float) -> str:
        """`12 s`, `3 min 20 s`, `5 h 2 min`."""
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 1:
            return f"{rest} {self.seconds}"
        hours, minutes_left = divmod(minutes, 60)
        if hours < 1:
            return f"{minutes} {self.minutes} {rest} {self.seconds}"
        return f"{self.number(hours)} {self.hours} {minutes_left} {self.minutes}"

    def language(self, code: str) -> str:
        """The name of a language, or its code where the bot has no name for it."""
        return self.languages.get(code, code)

    def in_language(self, code: str) -> str:
        """`in Russian`: what language something is written in, by its code where there is no name for it."""
        return self.written_in.get(code) or self.written_in_other.format(code=code)

    def foreign(self, code: str, asked: str) -> str:
        """`in Russian`, for a quote in another language than was asked in; empty where they are one, or unknown."""
        return "" if code == asked or UNKNOWN in (code, asked) else self.in_language(code)

    def stage(self, name: str) -> str:
        """What a build does in the stage that it calls `name`."""
        return self.stages.get(name, self.working)

    def listed_either(self, names: Sequence[str]) -> str:
        """`Kazinform or Zakon`."""
        return self.either.join(names)
