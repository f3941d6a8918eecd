"""Inline mode and guest mode: the bot is asked in chats that it is not a member of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_scene import DAM_QUESTION, DAM_SENTENCE, NO_ANSWER, Scene, scene
from fake_telegram.driver import FakeTelegram

from qabot.channels.wording import LANGUAGES

EN = LANGUAGES["en"]


@pytest.fixture(scope="module")
def bot(module_home: Path) -> Iterator[Scene]:
    with FakeTelegram() as telegram, scene(module_home, telegram) as bot:
        yield bot


def test_a_typed_question_gets_up_to_five_cited_quotes_to_send(bot: Scene) -> None:
    anna, chat = bot.person()
    asked = anna.inline(DAM_QUESTION)
    answer = asked.answer()
    assert 1 <= len(answer["results"]) <= 5
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 60
    posted = asked.choose(answer["results"][0], chat)
    assert ("blockquote", DAM_SENTENCE) in posted.parts
    assert "Kazinform" in posted.text
    chat.stays_silent(0.3)


def test_nothing_typed_yet_shows_what_to_do(bot: Scene) -> None:
    anna, chat = bot.person()
    answer = anna.inline("  ").answer()
    assert answer["results"] == []
    assert answer["button"]["text"] == EN.inline_prompt
    chat.say(f"/start {answer['button']['start_parameter']}")
    assert EN.start in chat.wait().text


def test_a_question_that_is_not_answered_gets_the_honest_no(bot: Scene) -> None:
    anna, _ = bot.person()
    (result,) = anna.inline(NO_ANSWER).results()
    assert result["title"].startswith("Not in my 5 articles")


def test_hostile_queries_are_answered(bot: Scene) -> None:
    anna, _ = bot.person()
    for query in ("<b>", "_*[]()~`>#+-=|{}.!", "🦓" * 100, "\u202e\u200f", "a" * 250):
        anna.inline(query).answer()


def test_a_guest_s_question_is_answered_with_one_message(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("Strangers", anna, bot="left")
    answer = group.guest(anna, f"@{bot.telegram.bot_username} {DAM_QUESTION}").answer()
    assert ("blockquote", DAM_SENTENCE) in answer.parts
    theirs = group.say(anna, DAM_QUESTION)
    assert DAM_SENTENCE in group.guest(anna, f"@{bot.telegram.bot_username}", reply_to=theirs).answer().text
    assert group.guest(anna, f"@{bot.telegram.bot_username} ?!").answer().text == EN.empty


def test_too_late_is_no_error(bot: Scene, caplog: pytest.LogCaptureFixture) -> None:
    anna, _ = bot.person()
    bot.telegram.configure(query_seconds=0.0)
    try:
        anna.inline(DAM_QUESTION).stays_silent()
    finally:
        bot.telegram.configure(query_seconds=15.0)
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]
