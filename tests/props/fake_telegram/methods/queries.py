"""answerCallbackQuery, answerInlineQuery, answerGuestQuery."""

from __future__ import annotations

import time

from fake_telegram.calls import Call
from fake_telegram.chats import as_shown
from fake_telegram.methods.sending import BOT_FIELDS
from fake_telegram.refusals import TOO_OLD, Json, bad_request
from fake_telegram.validation.addresses import check_address
from fake_telegram.validation.inline_results import check_result, check_results
from fake_telegram.world import Query, World
from telegram.constants import CallbackQueryLimit


def answer_callback_query(world: World, call: Call) -> bool:
    query = _open(world, call.text("callback_query_id"), "callback")
    text = call.text("text")
    if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if "url" in call:
        check_address(call.text("url"), "URL")
    query.answered = True
    world.write("callback_answer", query_id=query.id, chat_id=query.payload.get("chat_id"), text=text,
                alert=call.flag("show_alert"), url=call.text("url"))  # fmt: skip
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    query = _open(world, call.text("inline_query_id"), "inline")
    results = check_results(call)
    query.answered = True
    query.payload["results"] = results
    world.write("inline_answer", query_id=query.id, results=results, cache_time=call.integer("cache_time", 300),
                is_personal=call.flag("is_personal"), next_offset=call.text("next_offset"),
                button=call.object("button"))  # fmt: skip
    return True


def answer_guest_query(world: World, call: Call) -> Json:
    query = _open(world, call.text("guest_query_id"), "guest")
    result = check_result(call.object("result"))
    query.answered = True
    inline_id = post_inline(world, query.payload["chat_id"], result, reply_to=query.payload["message_id"])
    world.write("guest_answer", query_id=query.id, chat_id=query.payload["chat_id"], result=result)
    return {"inline_message_id": inline_id}


def post_inline(
    world: World, chat_id: int, result: Json, *, reply_to: int | None = None, by: Json | None = None
) -> str:
    """Puts the message of a chosen result, or of a guest's answer, into a chat; the bot knows it by the id given."""
    content = result["input_message_content"]
    chat = world.chats[chat_id]
    inline_id = f"AAQ{world.number():08d}"
    bot = {name: world.bot[name] for name in BOT_FIELDS}
    message: Json = {"from": by or bot, "chat": chat.json, "date": int(time.time()), "text": content["message_text"]}
    if by:
        message["via_bot"] = bot
    if content.get("entities"):
        message["entities"] = content["entities"]
    if result.get("reply_markup"):
        message["reply_markup"] = result["reply_markup"]
    if reply_to and reply_to in chat.messages:
        message["reply_to_message"] = as_shown(chat.messages[reply_to].message, "reply_to_message")
    stored = world.keep(chat, message | {"inline_message_id": inline_id}, by_bot=False)
    world.inline_messages[inline_id] = stored
    world.write("posted", chat_id=chat.id, message_id=stored.message["message_id"], inline_message_id=inline_id,
                message=dict(stored.message))  # fmt: skip
    return inline_id


def _open(world: World, identity: str, kind: str) -> Query:
    query = world.queries.get(identity)
    late = query is not None and time.monotonic() - query.at > world.options.query_seconds
    if query is None or query.kind != kind or query.answered or late:
        raise bad_request(TOO_OLD)
    return query


METHODS = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
}
