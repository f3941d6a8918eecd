"""Who is answered and how often: lists of ids, allowances, and a bot with too much to do."""

from __future__ import annotations

import time
from pathlib import Path

from bot_scene import DAM_QUESTION, DAM_SENTENCE, scene, wait_until
from fake_telegram.driver import FakeTelegram

from qabot.channels.telegram.intake import MOST_OF_A_CHAT
from qabot.channels.telegram.memory.memory import open_memory
from qabot.channels.wording import LANGUAGES

EN = LANGUAGES["en"]


def test_under_an_allow_list_a_stranger_is_refused_once_and_politely(home: Path, telegram: FakeTelegram) -> None:
    anna, boris, boss = (telegram.user(name, "en") for name in ("Anna", "Boris", "Boss"))
    friends = telegram.group("Friends", boris)
    others = telegram.group("Others", boris, anna)
    with scene(home, telegram, telegram_allowed=(anna.id, friends.id), telegram_admins=(boss.id,)):
        chat = boris.private()
        chat.say(DAM_QUESTION)
        assert chat.wait().text == EN.stranger
        chat.say(DAM_QUESTION)
        chat.say("/start")
        chat.stays_silent()
        others.say(boris, f"/ask {DAM_QUESTION}")
        assert others.wait().text == EN.stranger
        others.say(boris, f"/ask {DAM_QUESTION}")
        others.stays_silent()
        assert boris.inline(DAM_QUESTION).results() == []
        others.say(anna, f"/ask {DAM_QUESTION}")
        answer = others.wait()
        assert DAM_SENTENCE in answer.text
        answer.press("1", by=boris).answer()
        others.stays_silent(0.3)
        friends.say(boris, f"/ask {DAM_QUESTION}")
        assert DAM_SENTENCE in friends.wait().text
        theirs = boss.private()
        theirs.say("/status")
        assert EN.status in theirs.wait().text


def test_who_is_denied_hears_nothing(home: Path, telegram: FakeTelegram) -> None:
    anna, boris = telegram.user("Anna", "en"), telegram.user("Boris", "en")
    group = telegram.group("Denied", anna)
    with scene(home, telegram, telegram_denied=(boris.id, group.id)):
        chat = boris.private()
        chat.say(DAM_QUESTION)
        chat.stays_silent()
        group.say(anna, f"/ask {DAM_QUESTION}")
        group.stays_silent()
        allowed = anna.private()
        allowed.say(DAM_QUESTION)
        assert DAM_SENTENCE in allowed.wait().text


def test_a_user_has_so_many_questions_a_minute_wherever_they_ask(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram, telegram_per_minute=2) as bot:
        anna, chat = bot.person()
        _, other = bot.person("Boris")
        group = telegram.group("News", anna)
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        group.say(anna, f"/ask {DAM_QUESTION}")
        assert DAM_SENTENCE in group.wait().text
        chat.say(DAM_QUESTION)
        assert "2 questions a minute" in chat.wait().text
        other.say(DAM_QUESTION)
        assert DAM_SENTENCE in other.wait().text


def test_a_user_has_so_many_questions_a_day(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram, telegram_per_day=1) as bot:
        _, chat = bot.person()
        chat.say(DAM_QUESTION)
        chat.wait()
        chat.say(DAM_QUESTION)
        assert "1 question in a day" in chat.wait().text


def test_a_full_desk_says_so_and_commands_are_answered_meanwhile(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram, telegram_workers=1, telegram_queue=2) as bot:
        people = [bot.person(f"P{number}") for number in range(40)]
        telegram.bulk([{"chat_id": user.id, "user_id": user.id, "text": DAM_QUESTION} for user, _ in people])
        _, chat = bot.person("Late")
        began = time.monotonic()
        chat.say("/start")
        assert EN.start in chat.wait().text
        spent = time.monotonic() - began
        wait_until(lambda: all(private.messages() for _, private in people))
        texts = [private.messages() for _, private in people]
        assert all(len(messages) == 1 for messages in texts)
        answered = sum(DAM_SENTENCE in messages[0].text for messages in texts)
        assert answered >= 3
        assert answered + sum(messages[0].text == EN.busy for messages in texts) == 40
        assert answered < 40
        assert spent < 5


def test_a_busy_answer_does_not_count(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram, telegram_workers=1, telegram_queue=1, telegram_per_day=1) as bot:
        people = [bot.person(f"P{number}") for number in range(20)]
        telegram.bulk([{"chat_id": user.id, "user_id": user.id, "text": DAM_QUESTION} for user, _ in people])
        wait_until(lambda: all(private.messages() for _, private in people))
        refused = [private for _, private in people if private.messages()[0].text == EN.busy]
        assert refused
        refused[0].say(DAM_QUESTION)
        assert DAM_SENTENCE in refused[0].wait_for("million").text


def test_a_flood_from_one_chat_leaves_room_for_others(home: Path, telegram: FakeTelegram) -> None:
    with scene(home, telegram, telegram_drain_seconds=0.1, telegram_per_minute=1000) as bot:
        flooder, _ = bot.person()
        telegram.bulk([{"chat_id": flooder.id, "user_id": flooder.id, "text": "/start"} for _ in range(300)])
        _, chat = bot.person("Boris")
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        wait_until(lambda: telegram.state()["pending"] == 0)
    with open_memory(bot.settings) as memory:
        states = dict(memory.database.rows("SELECT state, count(*) FROM updates GROUP BY state"))
    assert states["done"] > 190
    assert 50 < states["received"] <= MOST_OF_A_CHAT
