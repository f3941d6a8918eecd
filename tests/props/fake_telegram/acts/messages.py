"""What people write and show: messages of all kinds, edits, deletions, reactions."""

from __future__ import annotations

import base64
import time
from typing import Any

from fake_telegram.acts.people import ANONYMOUS, SERVICE_ACCOUNT
from fake_telegram.chats import Chat, Stored, as_shown
from fake_telegram.found_entities import find_entities
from fake_telegram.privacy import reaches
from fake_telegram.refusals import Json
from fake_telegram.world import World


def message(world: World, asked: Json) -> Json:
    """Somebody sends a message.

    `asked`: chat_id, user_id, and text or content (fields of a Message such as voice), reply_to, thread, entities,
    file {name, base64, mime_type}, as_group or as_channel (a chat id) for sender_chat, age in seconds, extra fields.
    """
    chat = world.chats[asked["chat_id"]]
    if chat.kind == "private" and chat.bot == "stranger":
        chat.bot = "member"
    stored = world.keep(chat, _head(world, chat, asked) | _body(world, asked), by_bot=False)
    kind = "channel_post" if chat.kind == "channel" else "message"
    update = deliver(world, chat, stored, kind)
    world.write("said", chat_id=chat.id, message_id=stored.message["message_id"], message=dict(stored.message),
                update_id=update)  # fmt: skip
    return {"message": stored.message, "update_id": update}


def edit(world: World, asked: Json) -> Json:
    """Somebody edits their message: `chat_id`, `message_id`, `text`."""
    chat = world.chats[asked["chat_id"]]
    stored = chat.messages[asked["message_id"]]
    kept = {name: value for name, value in stored.message.items() if name != "entities"}
    stored.message = kept | _text(asked) | {"edit_date": int(time.time())}
    stored.edits += 1
    kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
    update = deliver(world, chat, stored, kind)
    world.write("reworded", chat_id=chat.id, message_id=asked["message_id"], message=dict(stored.message),
                update_id=update)  # fmt: skip
    return {"message": stored.message, "update_id": update}


def delete(world: World, asked: Json) -> Json:
    """Somebody deletes a message; bots are not told."""
    world.chats[asked["chat_id"]].messages[asked["message_id"]].deleted = True
    world.write("withdrawn", chat_id=asked["chat_id"], message_id=asked["message_id"])
    return {}


def react(world: World, asked: Json) -> Json:
    """Somebody changes their reaction: `chat_id`, `message_id`, `user_id`, `old` and `new` lists of emoji."""
    chat = world.chats[asked["chat_id"]]
    if chat.kind == "private" or chat.bot == "administrator":
        sides = {f"{side}_reaction": [{"type": "emoji", "emoji": emoji} for emoji in asked.get(side, [])]
                 for side in ("old", "new")}  # fmt: skip
        world.updates.push("message_reaction", {
            "chat": chat.json, "message_id": asked["message_id"], "user": world.users[asked["user_id"]],
            "date": int(time.time()),
        } | sides)  # fmt: skip
    world.write("reacted", chat_id=chat.id, message_id=asked["message_id"], user_id=asked["user_id"],
                emoji=asked.get("new", []))  # fmt: skip
    return {}


def deliver(world: World, chat: Chat, stored: Stored, kind: str) -> int | None:
    """Queues the message for the bot if it may see it; gives the update's id."""
    stored.reached = reaches(world, chat, stored.message)
    if not stored.reached:
        return None
    return world.updates.push(kind, as_shown(stored.message, "reply_markup"))


def _head(world: World, chat: Chat, asked: Json) -> Json:
    head: Json = {"chat": chat.json, "date": int(time.time() - asked.get("age", 0))}
    if asked.get("as_group"):
        head |= {"from": ANONYMOUS, "sender_chat": chat.json}
    elif asked.get("as_channel"):
        head |= {"from": SERVICE_ACCOUNT, "sender_chat": world.chats[asked["as_channel"]].json,
                 "is_automatic_forward": True}  # fmt: skip
    elif chat.kind == "channel":
        head |= {"sender_chat": chat.json}
    else:
        head |= {"from": world.users[asked["user_id"]]}
    return head | _thread(chat, asked)


def _thread(chat: Chat, asked: Json) -> Json:
    """Topic and reply. A chain of replies in a supergroup without topics has a thread too, as in Telegram."""
    place: Json = {}
    thread, number = asked.get("thread"), asked.get("reply_to")
    if number:
        replied = chat.messages[number].message
        place["reply_to_message"] = as_shown(replied, "reply_to_message")
        if chat.kind == "supergroup" and not chat.is_forum:
            place["message_thread_id"] = replied.get("message_thread_id", number)
        elif chat.is_forum:
            thread = thread or replied.get("message_thread_id")
    if thread:
        place |= {"message_thread_id": thread, "is_topic_message": True}
        place.setdefault("reply_to_message", chat.messages[thread].message)
    return place


def _body(world: World, asked: Json) -> Json:
    body: Json = _text(asked) if asked.get("text") is not None else {}
    if asked.get("file"):
        body["document"] = _document(world, asked["file"])
    for name, value in asked.get("content", {}).items():
        body[name] = value
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and "file_id" in part:
                world.files[part["file_id"]] = part
                world.file_contents.setdefault(part["file_id"], b"fake")
    if asked.get("caption"):
        body |= {"caption": asked["caption"], "caption_entities": find_entities(asked["caption"])}
    return body


def _text(asked: Json) -> Json:
    entities: list[Any] = asked["entities"] if asked.get("entities") is not None else find_entities(asked["text"])
    return {"text": asked["text"]} | ({"entities": entities} if entities else {})


def _document(world: World, file: Json) -> Json:
    content = base64.b64decode(file["base64"])
    identity = f"BQAD{world.number()}"
    document = {"file_id": identity, "file_unique_id": f"u{identity}", "file_name": file["name"],
                "mime_type": file.get("mime_type", "application/octet-stream"),
                "file_size": file.get("size", len(content))}  # fmt: skip
    world.files[identity] = document
    world.file_contents[identity] = content
    return document


ACTS = {"message": message, "edit": edit, "delete": delete, "react": react}
