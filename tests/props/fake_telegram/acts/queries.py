"""What people press and ask in passing: buttons, inline queries, guest queries."""

from __future__ import annotations

import time
from typing import Any

from fake_telegram.chats import Chat, Stored, as_shown
from fake_telegram.methods.queries import post_inline
from fake_telegram.privacy import reaches
from fake_telegram.refusals import Json
from fake_telegram.world import World


def press(world: World, asked: Json) -> Json:
    """Somebody presses a button: `user_id`, `data`, `chat_id` and `message_id`.

    Of a message that was sent through the bot (inline, as a guest) the bot learns only the id that it was given. With
    `inaccessible` the message is too old to be shown to the bot. With `any_data` the button need not be there now
    (a press that was under way while the keyboard changed).
    """
    payload: Json = {"from": world.users[asked["user_id"]], "data": asked["data"], "chat_instance": "7"}
    chat = world.chats[asked["chat_id"]]
    stored = chat.messages[asked["message_id"]]
    if "inline_message_id" in stored.message:
        payload["inline_message_id"] = stored.message["inline_message_id"]
    else:
        payload["message"] = _shown(chat, stored, inaccessible=asked.get("inaccessible", False))
    if not asked.get("any_data") and asked["data"] not in _all_data(stored.message):
        raise ValueError(f"there is no button with the data {asked['data']!r}")
    query = world.ask("callback", {"chat_id": asked.get("chat_id")})
    world.write("pressed", query_id=query.id, **{name: asked.get(name) for name in ("chat_id", "message_id", "data")})
    update = world.updates.push("callback_query", {"id": query.id} | payload)
    return {"query_id": query.id, "update_id": update}


def inline(world: World, asked: Json) -> Json:
    """Somebody types @bot and a question: `user_id`, `query`, `offset`, `chat_type`."""
    query = world.ask("inline", {"user_id": asked["user_id"]})
    world.write("asked_inline", query_id=query.id, user_id=asked["user_id"], query=asked["query"])
    update = world.updates.push("inline_query", {
        "id": query.id, "from": world.users[asked["user_id"]], "query": asked["query"],
        "offset": asked.get("offset", ""), "chat_type": asked.get("chat_type", "sender"),
    })  # fmt: skip
    return {"query_id": query.id, "update_id": update}


def choose(world: World, asked: Json) -> Json:
    """Somebody sends a result into a chat: `query_id`, `result_id`, `chat_id`."""
    query = world.queries[asked["query_id"]]
    result = next(found for found in query.payload["results"] if found["id"] == asked["result_id"])
    who = world.users[query.payload["user_id"]]
    inline_id = post_inline(world, asked["chat_id"], result, by=who)
    chat = world.chats[asked["chat_id"]]
    posted = chat.messages[chat.next_message - 1]
    if world.options.chosen_feedback:
        with_id = {"inline_message_id": inline_id} if result.get("reply_markup") else {}
        world.updates.push("chosen_inline_result", {
            "result_id": result["id"], "from": who, "query": "",
        } | with_id)  # fmt: skip
    posted.reached = reaches(world, chat, posted.message)
    if posted.reached:
        world.updates.push("message", as_shown(posted.message))
    return {"inline_message_id": inline_id, "message": posted.message}


def guest(world: World, asked: Json) -> Json:
    """Somebody calls the bot by name in a chat that it is not in: `chat_id`, `user_id`, `text`, `reply_to`."""
    chat = world.chats[asked["chat_id"]]
    text = asked["text"]
    message: Json = {"from": world.users[asked["user_id"]], "chat": chat.json, "date": int(time.time()), "text": text}
    name = f"@{world.bot['username']}"
    if name in text:
        message["entities"] = [{"type": "mention", "offset": text.index(name), "length": len(name)}]
    if asked.get("reply_to"):
        message["reply_to_message"] = as_shown(chat.messages[asked["reply_to"]].message, "reply_to_message")
    stored = world.keep(chat, message, by_bot=False)
    number = stored.message["message_id"]
    query = world.ask("guest", {"chat_id": chat.id, "message_id": number})
    world.write("said", chat_id=chat.id, message_id=number, message=dict(stored.message))
    update = world.updates.push("guest_message", stored.message | {"guest_query_id": query.id})
    return {"query_id": query.id, "message": stored.message, "update_id": update}


def _shown(chat: Chat, stored: Stored, *, inaccessible: bool) -> Json:
    if inaccessible:
        return {"chat": chat.json, "message_id": stored.message["message_id"], "date": 0}
    return stored.message


def _all_data(message: Json) -> list[Any]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data") for row in rows for button in row]


ACTS = {"press": press, "inline": inline, "choose": choose, "guest": guest}
