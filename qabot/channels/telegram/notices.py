"""Notices: short messages with something of the moment in them. Those without are plain words (`Words`)."""

from __future__ import annotations

from qabot.channels.telegram.characters import cut, one_line
from qabot.channels.telegram.text import Composed, Composer, plain
from qabot.channels.wording import Words

_BAR = 12
"""Cells of a progress bar."""

_NAME, _CAUSE = 200, 800
"""Most UTF-16 units of a file's name and of an error's cause."""


def too_fast(words: Words, per_minute: int, wait_seconds: float) -> Composed:
    """More questions than the setting telegram_per_minute; `wait_seconds` until the next may come."""
    questions = words.count(words.questions, per_minute)
    seconds = words.count(words.seconds_counted, max(1, round(wait_seconds)))
    return plain(words.too_many_a_minute.format(questions=questions, seconds=seconds))


def too_many_today(words: Words, per_day: int) -> Composed:
    """More questions than the setting telegram_per_day."""
    return plain(words.too_many_a_day.format(questions=words.count(words.questions, per_day)))


def too_long(words: Words, max_chars: int) -> Composed:
    """A question of more characters than the setting max_question_chars."""
    return plain(words.too_long.format(characters=words.count(words.characters, max_chars)))


def group_hello(words: Words, bot_username: str) -> Composed:
    """What is said when the bot is added to a group."""
    return plain(words.group_hello.format(bot=bot_username))


def progress_text(words: Words, stage: str, done: int, total: int | None) -> Composed:
    """How far a build is: its stage and, where the number of steps is known, a bar."""
    message = Composer().add(words.rebuild_started).new_line().add(words.stage(stage))
    if total:
        share = min(max(done / total, 0.0), 1.0)
        filled = int(share * _BAR)
        message.new_line().add("▓" * filled + "░" * (_BAR - filled) + f" {int(share * 100)} %")
    return message.compose()


def rebuilt_text(words: Words, seconds: float, articles: int) -> Composed:
    """A build is done and in service."""
    taken, count = words.duration(seconds), words.count(words.articles, articles)
    return plain(words.rebuild_done.format(seconds=taken, articles=count))


def failure_text(sentence: str, cause: str) -> Composed:
    """For admins: that something failed (`sentence`, of the words) and the cause, in the error's English."""
    return Composer().add(sentence).quote(cut(one_line(cause), _CAUSE)).compose()


def upload_question(words: Words, name: str) -> Composed:
    """Asks whether to add the file or link `name`; goes with `upload_keyboard`."""
    before, after = words.upload_confirm.split("{name}")
    return Composer().add(before).name(cut(one_line(name), _NAME)).add(after).compose()


def upload_added(words: Words, articles: int) -> Composed:
    """An upload was added: `articles` more."""
    return plain(words.upload_added.format(articles=words.count(words.articles, articles)))


def upload_too_large(words: Words, max_mb: int) -> Composed:
    """An upload is larger than `max_mb`."""
    return plain(words.upload_too_large.format(megabytes=words.number(max_mb)))
