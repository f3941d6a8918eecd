"""Groups, topics and channels: the bot answers who speaks to it, where they speak, and says nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_scene import CHESS_QUESTION, CHESS_SENTENCE, DAM_QUESTION, DAM_SENTENCE, Scene, scene, wait_until
from fake_telegram.driver import FakeTelegram

from qabot.channels.telegram.memory.memory import open_memory
from qabot.channels.wording import LANGUAGES

EN, RU = LANGUAGES["en"], LANGUAGES["ru"]
NAME = FakeTelegram.bot_username


@pytest.fixture(scope="module")
def bot(module_home: Path) -> Iterator[Scene]:
    with FakeTelegram() as telegram, scene(module_home, telegram) as bot:
        yield bot


@pytest.mark.parametrize("command", ["/ask", f"/ask@{NAME}", f"/ASK@{NAME.upper()}"])
def test_ask_is_answered_as_a_reply_to_the_question(bot: Scene, command: str) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    question = group.say(anna, f"{command} {DAM_QUESTION}")
    reply = group.wait()
    assert DAM_SENTENCE in reply.text
    assert reply.reply_to == question.id


def test_a_mention_is_answered_whatever_its_case_and_is_no_part_of_the_question(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    question = group.say(anna, f"🦓 @{NAME.upper()}, {DAM_QUESTION}")
    reply = group.wait()
    assert DAM_SENTENCE in reply.text
    assert reply.reply_to == question.id
    with open_memory(bot.settings) as memory:
        asked = memory.database.rows("SELECT question FROM answers WHERE chat = ?", (group.id,))
    assert NAME not in asked[0][0].lower()


def test_a_mention_by_name_is_answered(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    me = {"id": bot.telegram.bot_id, "is_bot": True, "first_name": "Asker", "username": NAME}
    entity = {"type": "text_mention", "offset": 0, "length": 5, "user": me}
    group.say(anna, f"Asker {DAM_QUESTION}", entities=[entity])
    assert DAM_SENTENCE in group.wait().text


def test_a_reply_to_the_bot_goes_on_from_it_for_each_user_alone(bot: Scene) -> None:
    anna, _ = bot.person()
    boris, _ = bot.person("Boris")
    group = bot.telegram.group("News", anna, boris)
    group.say(anna, f"/ask {CHESS_QUESTION}")
    first = group.wait()
    group.say(anna, "And how much was the prize?", reply_to=first)
    assert "60,000 euros" in group.wait().text
    group.say(boris, "And how much was the prize?", reply_to=first)
    assert "Read as:" not in group.wait().text


def test_everything_else_in_a_group_is_met_with_silence(bot: Scene) -> None:
    anna, _ = bot.person()
    bot.telegram.configure(privacy=False)
    try:
        group = bot.telegram.group("News", anna)
        word = group.say(anna, DAM_QUESTION)
        group.say(anna, "@somebody_else how are you?")
        group.say(anna, f"/ask@other_bot {DAM_QUESTION}")
        group.say(anna, "/nonsense")
        group.say(anna, "I think so too", reply_to=word)
        group.stays_silent(0.7)
    finally:
        bot.telegram.configure(privacy=True)


def test_ask_as_a_reply_asks_the_other_message(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    theirs = group.say(anna, DAM_QUESTION)
    group.say(anna, "/ask", reply_to=theirs)
    assert DAM_SENTENCE in group.wait().text
    group.say(anna, f"@{NAME}", reply_to=theirs)
    assert DAM_SENTENCE in group.wait().text
    group.say(anna, "/ask")
    assert group.wait().text == EN.ask_usage


def test_a_deleted_question_is_answered_without_a_reply(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    bot.telegram.fault("delay", "sendMessage", seconds=0.3, chat=group.id)
    question = group.say(anna, f"/ask {DAM_QUESTION}")
    group.delete(question)
    reply = group.wait()
    assert DAM_SENTENCE in reply.text
    assert reply.reply_to is None


def test_an_answer_stays_in_its_topic(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna, forum=True)
    sport, water = group.topic("Sport", anna), group.topic("Water", anna)
    sport.say(anna, f"/ask {CHESS_QUESTION}")
    assert sport.wait().text
    water.say(anna, f"/ask {DAM_QUESTION}")
    reply = water.wait()
    assert reply.thread == water.thread
    reply.press("1", by=anna)
    assert water.wait().thread == water.thread
    sport.say(anna, "/ask And how much was the prize?")
    assert "60,000 euros" in sport.wait().text


def test_a_plain_message_in_a_topic_that_the_bot_did_not_open_is_no_reply_to_it(bot: Scene) -> None:
    anna, _ = bot.person()
    bot.telegram.configure(privacy=False)
    try:
        group = bot.telegram.group("News", anna, forum=True)
        topic = group.topic("Sport", anna)
        topic.say(anna, CHESS_QUESTION)
        topic.stays_silent()
    finally:
        bot.telegram.configure(privacy=True)


def test_an_anonymous_administrator_is_answered_but_is_no_admin_of_the_bot(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", admins=(anna,))
    group.say_anonymously(f"/ask {DAM_QUESTION}")
    assert DAM_SENTENCE in group.wait().text
    group.say_anonymously("/status")
    assert group.wait().text == EN.admins_only


def test_a_channel_is_answered_where_it_asks(bot: Scene) -> None:
    channel = bot.telegram.channel("Dams")
    post = channel.post(f"/ask {DAM_QUESTION}")
    reply = channel.wait()
    assert DAM_SENTENCE in reply.text
    assert reply.reply_to == post.id
    channel.post(DAM_QUESTION)
    channel.stays_silent()


def test_the_bot_says_hello_in_a_group_that_it_is_added_to(bot: Scene) -> None:
    anna, _ = bot.person("Анна", "ru")
    group = bot.telegram.group("News", anna, bot="left")
    group.bot_is("member", by=anna)
    assert group.wait().text == RU.group_hello.format(bot=NAME)


def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna, kind="group")
    group.say(anna, f"/ask {CHESS_QUESTION}")
    group.wait()
    larger = group.upgrade(by=anna)
    larger.say(anna, "/ask And how much was the prize?")
    assert "60,000 euros" in larger.wait().text


def test_an_answer_follows_its_group_when_it_becomes_a_supergroup_meanwhile(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna, kind="group")
    bot.telegram.fault("delay", "sendMessage", seconds=0.3, chat=group.id)
    bot.telegram.fault("delay", "sendMessage", seconds=0.3, chat=group.id)
    group.say(anna, f"/ask {DAM_QUESTION}")
    larger = group.upgrade(by=anna)
    wait_until(lambda: any(DAM_SENTENCE in message.text for message in [*group.messages(), *larger.messages()]))


def test_being_thrown_out_or_blocked_is_no_error(bot: Scene, caplog: pytest.LogCaptureFixture) -> None:
    anna, chat = bot.person()
    group = bot.telegram.group("News", anna)
    group.say(anna, f"/ask {DAM_QUESTION}")
    group.wait()
    bot.telegram.fault("delay", "sendMessage", seconds=0.3, chat=group.id)
    group.say(anna, f"/ask {DAM_QUESTION}")
    group.bot_is("kicked", by=anna)
    chat.say(DAM_QUESTION)
    anna.blocks_the_bot()
    _, private = bot.person("Boris")
    private.say(DAM_QUESTION)
    assert DAM_SENTENCE in private.wait().text
    wait_until(lambda: bot.telegram.state()["pending"] == 0)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_commands_for_private_chats_say_so(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    for command in ("/forget", "/language"):
        group.say(anna, f"{command}@{NAME}")
        assert group.wait().text == EN.private_only


def test_feedback_of_everybody_in_a_group_is_kept(bot: Scene) -> None:
    anna, _ = bot.person()
    boris, _ = bot.person("Boris")
    group = bot.telegram.group("News", anna, boris)
    group.say(anna, f"/ask {DAM_QUESTION}")
    reply = group.wait()
    assert reply.press("👍", by=anna).answer() == EN.thanks_good
    assert reply.press("👎", by=boris).answer() == EN.thanks_bad
    with open_memory(bot.settings) as memory:
        rows = memory.database.rows("SELECT user, value FROM feedback WHERE asker = ?", (anna.id,))
    assert set(rows) == {(anna.id, 1), (boris.id, -1)}


def test_an_edited_question_in_a_group_is_answered_again_in_the_same_message(bot: Scene) -> None:
    anna, _ = bot.person()
    group = bot.telegram.group("News", anna)
    question = group.say(anna, f"/ask {DAM_QUESTION}")
    reply = group.wait()
    group.edit(question, f"/ask {CHESS_QUESTION}")
    assert CHESS_SENTENCE in reply.wait_edit().text


def test_no_reply_was_refused_for_its_form(bot: Scene) -> None:
    expected = ("upgraded", ": delay")  # the group that moved while its answer was under way
    wrong = [line for line in bot.telegram.refusals() if not any(part in line for part in expected)]
    assert wrong == []
