"""Addressing: what of all that is said asks the bot something."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Message, User

from qabot.channels.telegram.addressing import guest_question, question_in

ME = User(id=99, first_name="Asker", is_bot=True, username="asker_bot")
ANNA = {"id": 7, "is_bot": False, "first_name": "Anna"}
MINE = {"id": 99, "is_bot": True, "first_name": "Asker", "username": "asker_bot"}
GROUP = {"id": -5, "type": "supergroup", "title": "News"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Anna"}


def message(text: str | None, chat: dict[str, Any] = GROUP, **fields: Any) -> Message:
    json = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": ANNA, "text": text, **fields}
    return Message.de_json({name: value for name, value in json.items() if value is not None}, Bot("1:x"))


def entity(kind: str, text: str, part: str, **fields: Any) -> dict[str, Any]:
    start = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return {"type": kind, "offset": start, "length": len(part.encode("utf-16-le")) // 2, **fields}


def asked(of: Message) -> str | None:
    found = question_in(of, ME)
    return None if found is None else found.text


def test_everything_in_private_is_a_question() -> None:
    assert asked(message("  When?  ", PRIVATE)) == "When?"
    assert asked(message(None, PRIVATE)) is None
    assert asked(message(None, PRIVATE, caption="When?")) == "When?"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("/ask When?", "When?"),
        ("/ask@asker_bot When?", "When?"),
        ("/ASK@Asker_Bot\nWhen?", "When?"),
        ("/ask", ""),
        ("/ask@other_bot When?", None),
        ("/asked When?", None),
        ("/help", None),
    ],
)
def test_ask_asks_and_other_commands_do_not(text: str, question: str | None) -> None:
    command = entity("bot_command", text, text.split(maxsplit=1)[0])
    for chat in (GROUP, PRIVATE):
        assert asked(message(text, chat, entities=[command])) == question


@pytest.mark.parametrize("text", ["When?", "asker_bot when?", "@asker_bot when? (no entity)"])
def test_a_group_talks_among_itself(text: str) -> None:
    assert asked(message(text)) is None


@pytest.mark.parametrize(
    ("text", "name", "question"),
    [
        ("@asker_bot When?", "@asker_bot", "When?"),
        ("🦓🦓 @ASKER_BOT, when?", "@ASKER_BOT", "🦓🦓 , when?"),
        ("When, @asker_bot?", "@asker_bot", "When, ?"),
        ("@asker_bot", "@asker_bot", ""),
        ("@other_bot When?", "@other_bot", None),
    ],
)
def test_a_mention_asks_without_itself(text: str, name: str, question: str | None) -> None:
    assert asked(message(text, entities=[entity("mention", text, name)])) == question


def test_a_mention_by_name_asks() -> None:
    named = entity("text_mention", "Asker When?", "Asker", user=MINE)
    assert asked(message("Asker When?", entities=[named])) == "When?"
    other = entity("text_mention", "Asker When?", "Asker", user=ANNA)
    assert asked(message("Asker When?", entities=[other])) is None


def test_a_mention_in_a_caption_asks() -> None:
    caption = "@asker_bot When?"
    assert asked(message(None, caption=caption, caption_entities=[entity("mention", caption, "@asker_bot")])) == "When?"


def reply(text: str, sender: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": GROUP, "from": sender, "text": text, **fields}


def test_a_reply_to_the_bot_asks_and_one_to_others_does_not() -> None:
    assert asked(message("And when?", reply_to_message=reply("Here.", MINE))) == "And when?"
    assert asked(message("And when?", reply_to_message=reply("Here.", ANNA))) is None


def test_a_message_in_a_topic_that_the_bot_opened_is_no_reply_to_it() -> None:
    opened = reply("", MINE, forum_topic_created={"name": "News", "icon_color": 1})
    assert asked(message("And when?", reply_to_message=opened)) is None


def test_called_as_a_reply_without_words_the_other_message_is_the_question() -> None:
    command = entity("bot_command", "/ask", "/ask")
    assert asked(message("/ask", entities=[command], reply_to_message=reply("When?", ANNA))) == "When?"
    assert asked(message("/ask", entities=[command], reply_to_message=reply("My answer.", MINE))) == ""
    own = "/ask And when?"
    command = entity("bot_command", own, "/ask")
    assert asked(message(own, entities=[command], reply_to_message=reply("Who?", ANNA))) == "And when?"


def test_bots_are_not_answered_but_chats_that_speak_are() -> None:
    text = "/ask When?"
    command = [entity("bot_command", text, "/ask")]
    robot = {"id": 8, "is_bot": True, "first_name": "R"}
    assert asked(message(text, entities=command, **{"from": robot})) is None
    assert asked(message(text, entities=command, via_bot=MINE)) is None
    assert asked(message(text, entities=command, sender_chat=GROUP, **{"from": robot})) == "When?"
    channel = {"id": -8, "type": "channel", "title": "C"}
    copied: dict[str, Any] = {"is_automatic_forward": True, "sender_chat": channel}
    assert asked(message(text, entities=command, **copied)) is None


def test_half_a_character_is_replaced() -> None:
    assert asked(message("When \ud83e?", PRIVATE)) == "When \ufffd?"


def test_a_guest_s_question_is_without_the_mention() -> None:
    text = "@asker_bot When?"
    assert guest_question(message(text, entities=[entity("mention", text, "@asker_bot")]), ME) == "When?"
    bare = message("@asker_bot", entities=[entity("mention", "@asker_bot", "@asker_bot")],
                   reply_to_message=reply("Who?", ANNA))  # fmt: skip
    assert guest_question(bare, ME) == "Who?"
