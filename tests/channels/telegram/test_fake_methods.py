"""The fake's methods: where a message may go, what can be edited, what a query may be answered with."""

from __future__ import annotations

import time

import pytest
from fake_telegram.client.media import EVERY
from fake_telegram.driver import FakeTelegram
from fake_telegram.refusals import Json

KEYBOARD = {"inline_keyboard": [[{"text": "[1]", "callback_data": "s:1"}]]}


def said(answer: Json) -> str:
    assert not answer["ok"], answer
    return str(answer["description"])


def test_a_message_goes_only_where_the_bot_may_write(telegram: FakeTelegram) -> None:
    anna, shy = telegram.user("Anna"), telegram.user("Shy", started=False)
    assert said(telegram.call("sendMessage", chat_id=5, text="a")) == "Bad Request: chat not found"
    assert said(telegram.call("sendMessage", text="a")) == "Bad Request: chat_id is empty"
    refused = telegram.call("sendMessage", chat_id=shy.id, text="a")
    assert said(refused) == "Forbidden: bot can't initiate conversation with a user"
    shy.private().say("/start")
    assert telegram.call("sendMessage", chat_id=shy.id, text="a")["ok"]
    anna.blocks_the_bot()
    refused = telegram.call("sendMessage", chat_id=anna.id, text="a")
    assert (refused["error_code"], said(refused)) == (403, "Forbidden: bot was blocked by the user")
    anna.unblocks_the_bot()
    assert telegram.call("sendMessage", chat_id=anna.id, text="a")["ok"]
    group = telegram.group("Newsroom", anna, username="newsroom")
    assert telegram.call("sendMessage", chat_id="@newsroom", text="a")["ok"]
    group.bot_is("kicked", by=anna)
    refused = telegram.call("sendMessage", chat_id=group.id, text="a")
    assert said(refused) == "Forbidden: bot was kicked from the supergroup chat"


def test_a_group_that_became_a_supergroup_says_its_new_id(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    old = telegram.group("Newsroom", anna, kind="group")
    new = old.upgrade(by=anna)
    refused = telegram.call("sendMessage", chat_id=old.id, text="a")
    assert refused["parameters"] == {"migrate_to_chat_id": new.id}
    assert telegram.call("sendMessage", chat_id=new.id, text="a")["ok"]


def test_replies_are_to_messages_that_are_there(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    asked = chat.say("Why?")
    sent = telegram.call("sendMessage", chat_id=chat.id, text="a", reply_parameters={"message_id": asked.id})
    assert sent["result"]["reply_to_message"]["text"] == "Why?"
    chat.delete(asked)
    gone = {"message_id": asked.id}
    refused = telegram.call("sendMessage", chat_id=chat.id, text="a", reply_parameters=gone)
    assert said(refused) == "Bad Request: message to be replied not found"
    lenient = gone | {"allow_sending_without_reply": True}
    sent = telegram.call("sendMessage", chat_id=chat.id, text="a", reply_parameters=lenient)
    assert "reply_to_message" not in sent["result"]


def test_messages_go_to_topics_that_are_there_and_open(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    forum, plain = telegram.group("Forum", anna, forum=True), telegram.group("Plain", anna)
    markets = forum.topic("Markets", by=anna)
    asked = markets.say(anna, "/ask Why?")
    assert asked.thread == markets.thread
    sent = telegram.call("sendMessage", chat_id=forum.id, text="a", reply_parameters={"message_id": asked.id})
    assert (sent["result"]["message_thread_id"], sent["result"]["is_topic_message"]) == (markets.thread, True)
    for thread in (1, 999):
        refused = telegram.call("sendMessage", chat_id=forum.id, text="a", message_thread_id=thread)
        assert said(refused) == "Bad Request: message thread not found"
    markets.close_topic()
    refused = telegram.call("sendMessage", chat_id=forum.id, text="a", message_thread_id=markets.thread)
    assert said(refused) == "Bad Request: TOPIC_CLOSED"
    reply = plain.say(anna, "b", reply_to=plain.say(anna, "a"))
    assert reply.thread, "a chain of replies has a thread that nothing can be sent to"
    refused = telegram.call("sendMessage", chat_id=plain.id, text="a", message_thread_id=reply.thread)
    assert said(refused) == "Bad Request: message thread not found"


def test_only_own_messages_are_edited_and_only_to_something_else(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    asked = chat.say("Why?")
    sent = telegram.call("sendMessage", chat_id=chat.id, text="a", reply_markup=KEYBOARD)["result"]["message_id"]
    edit = {"chat_id": chat.id, "message_id": sent}
    assert "message is not modified" in said(telegram.call("editMessageText", **edit, text="a", reply_markup=KEYBOARD))
    assert "message is not modified" in said(telegram.call("editMessageReplyMarkup", **edit, reply_markup=KEYBOARD))
    edited = telegram.call("editMessageText", **edit, text="b")["result"]
    assert "reply_markup" not in edited, "an edit without a keyboard takes it away"
    assert telegram.call("editMessageReplyMarkup", **edit, reply_markup=KEYBOARD)["result"]["text"] == "b"
    assert said(telegram.call("editMessageText", **edit, text="я" * 4097)) == "Bad Request: MESSAGE_TOO_LONG"
    refused = telegram.call("editMessageText", chat_id=chat.id, message_id=asked.id, text="b")
    assert said(refused) == "Bad Request: message can't be edited"
    refused = telegram.call("editMessageText", chat_id=chat.id, message_id=999, text="b")
    assert said(refused) == "Bad Request: message to edit not found"
    assert telegram.call("deleteMessage", **edit)["ok"]
    assert said(telegram.call("editMessageText", **edit, text="c")) == "Bad Request: message to edit not found"
    assert said(telegram.call("deleteMessage", **edit)) == "Bad Request: message to delete not found"


def test_a_pressed_button_is_answered_once_and_in_time(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    chat = anna.private()
    telegram.call("sendMessage", chat_id=chat.id, text="a", reply_markup=KEYBOARD)
    reply = chat.wait()
    assert reply.buttons == [["[1]"]]
    press = reply.press("[1]")
    query = telegram.call("getUpdates")["result"][-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("s:1", anna.id, "a")
    answer = {"callback_query_id": query["id"]}
    assert said(telegram.call("answerCallbackQuery", **answer, text="x" * 201)) == "Bad Request: MESSAGE_TOO_LONG"
    assert telegram.call("answerCallbackQuery", **answer, text="Opened")["ok"]
    assert press.answer() == "Opened"
    assert said(telegram.call("answerCallbackQuery", **answer)).startswith("Bad Request: query is too old")
    telegram.configure(query_seconds=0.05)
    late = reply.press("1")
    time.sleep(0.1)
    refused = telegram.call("answerCallbackQuery", callback_query_id=late.query_id)
    assert said(refused).startswith("Bad Request: query is too old")
    with pytest.raises(AssertionError, match="no button with the data"):
        reply.press_data("gone")
    assert reply.press_data("gone", anything=True).query_id


def test_inline_questions_are_answered_and_results_are_posted(telegram: FakeTelegram) -> None:
    anna, group = telegram.user("Anna"), telegram.group("Newsroom")
    asked = anna.inline("the dam")
    content = {"message_text": "12 million", "entities": [{"type": "bold", "offset": 0, "length": 2}]}
    article = {"type": "article", "id": "1", "title": "Dam", "input_message_content": content, "reply_markup": KEYBOARD}
    assert telegram.call("answerInlineQuery", inline_query_id=asked.query_id, results=[article])["ok"]
    (result,) = asked.results()
    posted = asked.choose(result, group)
    assert posted.json["via_bot"]["username"] == telegram.bot_username
    assert posted.text == "12 million"
    posted.press("[1]")
    query = telegram.call("getUpdates")["result"][-1]["callback_query"]
    assert "message" not in query
    edited = telegram.call("editMessageText", inline_message_id=query["inline_message_id"], text="13 million")
    assert edited == {"ok": True, "result": True}
    assert posted.wait_edit().text == "13 million"
    assert said(telegram.call("answerInlineQuery", inline_query_id=asked.query_id, results=[]))


def test_a_guest_is_asked_and_answers_with_one_message(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Elsewhere", anna, bot="left")
    guest = group.guest(anna, f"@{telegram.bot_username} what did the dam cost?")
    (update,) = telegram.call("getUpdates")["result"]
    assert update["guest_message"]["guest_query_id"] == guest.query_id
    article = {"type": "article", "id": "1", "title": "Dam", "input_message_content": {"message_text": "12 million"}}
    answered = telegram.call("answerGuestQuery", guest_query_id=guest.query_id, result=article)
    assert answered["result"]["inline_message_id"]
    assert guest.answer().text == "12 million"


def test_files_can_be_fetched_unless_they_are_too_big(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    small = chat.send_file("note.txt", "Ölpreis".encode(), "text/plain", caption="add this")
    path = telegram.call("getFile", file_id=small.json["document"]["file_id"])["result"]["file_path"]
    assert path.endswith(".txt")
    assert telegram.download(path) == "Ölpreis".encode()
    big = chat.send_file("book.pdf", b"x", size=21_000_000)
    refused = telegram.call("getFile", file_id=big.json["document"]["file_id"])
    assert said(refused) == "Bad Request: file is too big"
    assert said(telegram.call("getFile", file_id="nonsense")) == "Bad Request: invalid file_id"


def test_messages_of_every_kind_arrive(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    for content in EVERY.values():
        chat.show(content)
    kinds = [set(update["message"]) - {"message_id", "from", "chat", "date"} for update in
             telegram.call("getUpdates")["result"]]  # fmt: skip
    assert kinds == [set(content) for content in EVERY.values()]


def test_commands_and_descriptions_are_kept_by_language(telegram: FakeTelegram) -> None:
    commands = [{"command": "ask", "description": "Спросить"}]
    assert telegram.call("setMyCommands", commands=commands, language_code="ru")["ok"]
    assert telegram.call("getMyCommands", language_code="ru")["result"] == commands
    assert telegram.call("getMyCommands")["result"] == []
    assert telegram.call("setMyDescription", description="x" * 513)["error_code"] == 400
    assert telegram.call("setMyShortDescription", short_description="Short")["ok"]
    assert telegram.call("getMyShortDescription", language_code="kk")["result"] == {"short_description": "Short"}


def test_reactions_of_the_bot_are_checked(telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna").private()
    asked = chat.say("Why?")
    react = {"chat_id": chat.id, "message_id": asked.id}
    assert telegram.call("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "👍"}])["ok"]
    refused = telegram.call("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "🦓"}])
    assert said(refused) == "Bad Request: REACTION_INVALID"


def test_a_revoked_token_is_unauthorized(telegram: FakeTelegram) -> None:
    telegram.configure(revoked=True)
    assert telegram.call("getMe") == {"ok": False, "error_code": 401, "description": "Unauthorized"}
