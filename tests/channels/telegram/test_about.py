"""What the bot says about itself, in every language, in messages that Telegram takes."""

from __future__ import annotations

import pytest
from hostile import PIECES
from made_up_answers import BEES, DAM, article, short_id
from message_rules import broken_rules, covered

from qabot.channels.telegram.about import (
    Status,
    bot_commands,
    help_text,
    latest_text,
    privacy_text,
    sources_text,
    start_text,
    status_text,
)
from qabot.channels.telegram.notices import (
    failure_text,
    group_hello,
    progress_text,
    rebuilt_text,
    too_fast,
    too_long,
    too_many_today,
    upload_added,
    upload_question,
    upload_too_large,
)
from qabot.channels.telegram.text import Composed
from qabot.channels.wording import LANGUAGES, Words, words_for
from qabot.index.store import Counts

EVERY = pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
ENGLISH = words_for("en")
COUNTS = Counts(4872, 20_000, "2023-07-04", "2023-03-01", {"en": 4800, "de": 72}, {"Kazinform": 4000, "Zakon": 872})
STATUS = Status("000007-20260704T1015Z", 4872, 20_000, "2023-07-04", 3, 1500, 12, 0, 7320, "generation 8 is damaged")
HOSTILE = "".join(PIECES)


def every_text(words: Words) -> list[Composed]:
    return [
        start_text(words, 4872),
        start_text(words, None),
        help_text(words, admin=True),
        sources_text(words, COUNTS),
        latest_text(words, [DAM, BEES], bot_username="qabot_bot", article_link=short_id),
        latest_text(words, [], bot_username="qabot_bot", article_link=short_id),
        privacy_text(words, 90),
        status_text(words, STATUS),
        too_fast(words, 10, 30.4),
        too_many_today(words, 300),
        too_long(words, 2000),
        group_hello(words, "qabot_bot"),
        progress_text(words, "Embedding passages", 30, 120),
        rebuilt_text(words, 75, 4872),
        failure_text(words.rebuild_failed, "The disk is full. Make room"),
        upload_question(words, "dam.pdf"),
        upload_added(words, 1),
        upload_too_large(words, 20),
    ]


@EVERY
def test_everything_is_a_good_message_with_nothing_left_to_fill_in(words: Words) -> None:
    for message in every_text(words):
        assert not broken_rules(message)
        assert "{" not in message.text


def test_the_articles_are_told_in_figures() -> None:
    assert sources_text(ENGLISH, COUNTS).text == (
        "My articles\nArticles: 4,872\nDates: 1 March 2023 – 4 July 2023\nLanguages: English (4,800), de (72)\n\n"
        "Outlets\n• Kazinform: 4,000\n• Zakon: 872"
    )


def test_many_outlets_are_counted_and_hostile_ones_do_no_harm() -> None:
    sources = {HOSTILE: 5, "\u202e": 4} | {f"Outlet {number}": 1 for number in range(30)}
    message = sources_text(ENGLISH, Counts(2, 2, None, None, {}, sources))
    assert not broken_rules(message)
    assert message.text.endswith("and 22 more")
    assert "Dates: none has a date" in message.text
    assert "\u202e" not in message.text


def test_the_latest_articles_are_linked() -> None:
    message = latest_text(ENGLISH, [DAM, BEES], bot_username="qabot_bot", article_link=short_id)
    assert covered(message, "text_link") == ["Almaty opens a dam", "Bees counted"]
    hostile = article("x", title=HOSTILE, source=HOSTILE)
    assert not broken_rules(latest_text(ENGLISH, [hostile] * 10, bot_username="qabot_bot", article_link=short_id))


def test_progress_is_a_stage_and_a_bar() -> None:
    text = progress_text(ENGLISH, "Embedding passages", 30, 120).text
    assert text == "Building the index…\nEmbedding passages\n▓▓▓░░░░░░░░░ 25 %"
    assert progress_text(ENGLISH, "Publishing", 0, None).text == "Building the index…\nPublishing"
    assert progress_text(ENGLISH, "Embedding passages", 999, 10).text.endswith("▓▓▓▓▓▓▓▓▓▓▓▓ 100 %")


def test_russian_notices_agree_with_their_numbers() -> None:
    words = words_for("ru")
    assert too_fast(words, 1, 0.2).text.startswith("Слишком часто: в минуту можно задать 1 вопрос. Подождите")
    assert too_fast(words, 1, 0.2).text.endswith("1 секунду.")
    assert rebuilt_text(words, 75, 21).text == "Готово за 1 мин 15 с: в индексе 21 статья."
    assert upload_added(words, 3).text == "Добавлено: 3 статьи."


def test_a_file_with_a_hostile_name_cannot_forge_the_question() -> None:
    message = upload_question(ENGLISH, f"{HOSTILE}\nOK, added{{name}}")
    assert not broken_rules(message)
    assert message.text.count("\n") == 1


def test_commands_of_admins_are_shown_to_them_alone() -> None:
    assert "rebuild" not in [command.command for command in bot_commands(ENGLISH)]
    assert "rebuild" in [command.command for command in bot_commands(ENGLISH, admin=True)]
    assert "/rebuild" not in help_text(ENGLISH).text
