"""Every language says everything, with the right forms, and no word of another."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from telegram.constants import BotCommandLimit, CallbackQueryLimit

from qabot.channels.wording import ADMIN_COMMANDS, LANGUAGES, Command, Words, words_for
from qabot.channels.wording.plurals import Forms

NAMES = re.compile(
    r"/[a-z]+|\{\w*\}|\.txt|\.html|\.pdf|\.docx|Telegram|PDF|@\{bot\}",
)
"""What may stand in Latin letters in every language: commands, file names, Telegram, and what is filled in."""

KAZAKH_LETTERS = set("әғқңөұүһі")
EVERY = pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)


def said(words: Words) -> Iterator[tuple[str, str]]:
    """Everything that is said in a language, with its name."""
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, Forms):
            yield from ((f"{field.name}.{name}", phrase) for name, phrase in value._asdict().items())
        elif isinstance(value, Mapping):
            yield from ((f"{field.name}[{name}]", phrase) for name, phrase in value.items())
        elif isinstance(value, str) and field.name not in ("code", "thousands"):
            yield field.name, value


CODES: dict[str, list[str | None]] = {
    "en": ["en", "en-GB", "de", "und", "", None, "rus"],
    "ru": ["ru", "ru-RU"],
    "kk": ["kk", "kk_KZ", "KK-Cyrl-KZ"],
}


@pytest.mark.parametrize(
    ("language", "code"), [(language, code) for language, codes in CODES.items() for code in codes]
)
def test_the_language_follows_the_code(language: str, code: str | None) -> None:
    assert words_for(code).code == language


@EVERY
def test_nothing_is_left_unsaid(words: Words) -> None:
    for name, phrase in said(words):
        assert phrase.strip(), name
        assert name in ("wanted", "either") or phrase == phrase.strip(), name
        assert "  " not in phrase, name


@EVERY
def test_every_language_fills_in_the_same(words: Words) -> None:
    english = dict(said(LANGUAGES["en"]))
    mine = dict(said(words))
    assert mine.keys() == english.keys()
    for name, phrase in mine.items():
        assert _places(phrase) == _places(english[name]), name


@pytest.mark.parametrize("code", ["ru", "kk"])
def test_no_latin_word_stands_in_a_cyrillic_language(code: str) -> None:
    for name, phrase in said(LANGUAGES[code]):
        assert not re.findall(r"[A-Za-z]+", NAMES.sub("", phrase)), name


def test_no_cyrillic_letter_stands_in_english() -> None:
    for name, phrase in said(LANGUAGES["en"]):
        assert not re.findall(r"[\u0400-\u04ff]", phrase), name


def test_no_kazakh_letter_stands_in_russian_and_no_russian_sentence_in_kazakh() -> None:
    russian, kazakh = dict(said(LANGUAGES["ru"])), dict(said(LANGUAGES["kk"]))
    for name, phrase in russian.items():
        assert not KAZAKH_LETTERS & set(phrase.lower()), name
        if len(phrase.split()) > 2 and name != "day_form":
            assert phrase != kazakh[name], name
        if len(phrase.split()) > 6:
            assert KAZAKH_LETTERS & set(kazakh[name].lower()), name


PLURALS = {
    "en": {
        1: "1 article",
        0: "0 articles",
        2: "2 articles",
        21: "21 articles",
        101: "101 articles",
        1500: "1,500 articles",
    },
    "ru": {
        0: "0 статей",
        1: "1 статья",
        2: "2 статьи",
        5: "5 статей",
        11: "11 статей",
        12: "12 статей",
        14: "14 статей",
        21: "21 статья",
        22: "22 статьи",
        25: "25 статей",
        101: "101 статья",
        111: "111 статей",
        112: "112 статей",
        1500: "1\u00a0500 статей",
        4872: "4\u00a0872 статьи",
        1_000_001: "1\u00a0000\u00a0001 статья",
    },
    "kk": {
        number: f"{number:,} мақала".replace(",", "\u00a0") for number in (0, 1, 2, 5, 11, 21, 22, 25, 101, 111, 1500)
    },
}


@pytest.mark.parametrize(("code", "number"), [(code, number) for code, counts in PLURALS.items() for number in counts])
def test_articles_are_counted_as_the_language_counts(code: str, number: int) -> None:
    words = LANGUAGES[code]
    assert words.count(words.articles, number) == PLURALS[code][number]


@pytest.mark.parametrize(
    ("number", "russian"),
    [
        (0, "В моих 0 статьях этого нет"),
        (1, "В моей 1 статье этого нет"),
        (2, "В моих 2 статьях этого нет"),
        (11, "В моих 11 статьях этого нет"),
        (21, "В моей 21 статье этого нет"),
        (25, "В моих 25 статьях этого нет"),
    ],
)
def test_the_honest_no_agrees_with_its_number(number: int, russian: str) -> None:
    words = LANGUAGES["ru"]
    assert words.count(words.not_in, number) == russian


def test_russian_counts_what_is_asked_and_waited_for() -> None:
    words = LANGUAGES["ru"]
    assert [words.count(words.questions, number) for number in (1, 3, 10)] == ["1 вопрос", "3 вопроса", "10 вопросов"]
    assert [words.count(words.seconds_counted, number) for number in (1, 22, 30)] == [
        "1 секунду",
        "22 секунды",
        "30 секунд",
    ]
    assert [words.count(words.characters, number) for number in (21, 2000)] == ["21 знака", "2\u00a0000 знаков"]
    assert [words.count(words.days, number) for number in (90, 91, 92)] == ["90 дней", "91 день", "92 дня"]


@pytest.mark.parametrize(("code", "day"), [("en", "4 July 2023"), ("ru", "4 июля 2023"), ("kk", "2023 жылғы 4 шілде")])
def test_days_are_written_as_in_the_language(code: str, day: str) -> None:
    words = LANGUAGES[code]
    assert words.day("2023-07-04") == words.day("2023-07-04T08:00:00Z") == day
    assert words.day(datetime(2023, 7, 4, tzinfo=UTC)) == day
    assert words.day(None) == ""


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7320, "2 h 2 min")]
)
def test_durations_are_short(seconds: float, said: str) -> None:
    assert LANGUAGES["en"].duration(seconds) == said


@EVERY
def test_every_command_has_a_description_that_telegram_takes(words: Words) -> None:
    assert set(words.commands) == set(Command) >= set(ADMIN_COMMANDS)
    for command, description in words.commands.items():
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(description) <= BotCommandLimit.MAX_DESCRIPTION
    assert len(words.about) <= 120
    assert len(words.description) <= 512


@EVERY
def test_what_a_button_answers_fits_a_notification(words: Words) -> None:
    toasts = [words.too_old, words.changed, words.gone, words.not_yours, words.no_more, words.busy, words.failed]
    toasts += [words.thanks_good, words.thanks_bad, words.feedback_withdrawn, words.forgotten, words.kept]
    toasts += [words.language_set, words.upload_dropped, words.restarting, words.index_broken, words.no_index]
    for toast in toasts:
        assert len(toast) <= CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH


@EVERY
def test_a_stage_of_a_build_without_a_name_is_called_work(words: Words) -> None:
    assert words.stage("Embedding passages") != words.working
    assert words.stage("Something new") == words.working


def _places(phrase: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)
