"""Who there is: users and chats, memberships, topics, blocking."""

from __future__ import annotations

import time

from fake_telegram.chats import GENERAL_TOPIC, Chat, Topic
from fake_telegram.methods.members import member
from fake_telegram.refusals import Json
from fake_telegram.world import World
from telegram.constants import ChatID

ANONYMOUS: Json = {"id": int(ChatID.ANONYMOUS_ADMIN), "is_bot": True, "first_name": "Group",
                   "username": "GroupAnonymousBot"}  # fmt: skip
OTHER_BOT: Json = {"id": 987654321, "is_bot": True, "first_name": "Other", "username": "other_bot"}
SERVICE_ACCOUNT: Json = {"id": int(ChatID.SERVICE_CHAT), "is_bot": False, "first_name": "Telegram"}


def user(world: World, asked: Json) -> Json:
    """Makes a user and the private chat with the bot. `asked`: first_name, language_code, id, ..., started."""
    fields = {name: value for name, value in asked.items() if name != "started" and value is not None}
    person: Json = {"id": 1_000_000 + len(world.users), "is_bot": False} | fields
    world.users[person["id"]] = person
    named = {name: person[name] for name in ("first_name", "last_name", "username") if name in person}
    json = {"id": person["id"], "type": "private"} | named
    world.chats[person["id"]] = Chat(json, bot="member" if asked.get("started", True) else "stranger")
    return person


def chat(world: World, asked: Json) -> Json:
    """Makes a group, supergroup or channel. `asked`: type, title, members {id: status}, bot, is_forum, id, username."""
    number = len(world.chats) + 1
    identity = asked.get("id") or (-number - 4000 if asked["type"] == "group" else -1_001_000_000_000 - number)
    fields = {name: asked[name] for name in ("type", "title", "username", "is_forum") if asked.get(name)}
    members = {int(user_id): status for user_id, status in asked.get("members", {}).items()}
    first = GENERAL_TOPIC + 1 if asked.get("is_forum") else 1
    made = Chat({"id": identity} | fields, asked.get("bot", "member"), members, next_message=first)
    world.chats[made.id] = made
    return made.json


def bot_status(world: World, asked: Json) -> Json:
    """The bot is added, promoted, removed, blocked or unblocked: `chat_id`, `user_id`, `status`."""
    place = world.chats[asked["chat_id"]]
    who, status = world.users[asked["user_id"]], str(asked["status"])
    old, place.bot = place.bot, status
    shown = {"blocked": "kicked", "stranger": "left"}
    change = {
        "chat": place.json, "from": who, "date": int(time.time()),
        "old_chat_member": member(world.bot, shown.get(old, old)),
        "new_chat_member": member(world.bot, shown.get(status, status)),
    }  # fmt: skip
    world.updates.push("my_chat_member", change)
    if place.is_group and old in ("left", "kicked") and status in ("member", "administrator"):
        arrival = world.keep(place, {"from": who, "chat": place.json, "date": int(time.time()),
                                     "new_chat_members": [world.bot]}, by_bot=False)  # fmt: skip
        world.updates.push("message", arrival.message)
    world.write("bot_status", chat_id=place.id, status=status)
    return {}


def topic(world: World, asked: Json) -> Json:
    """Opens a topic: `chat_id`, `user_id`, `name`; or closes one: `thread`, `closed`."""
    place = world.chats[asked["chat_id"]]
    if "thread" in asked:
        place.topics[asked["thread"]].closed = bool(asked["closed"])
        return {"thread": asked["thread"]}
    stored = world.keep(place, {
        "from": world.users[asked["user_id"]], "chat": place.json, "date": int(time.time()), "is_topic_message": True,
        "forum_topic_created": {"name": asked["name"], "icon_color": 7322096},
    }, by_bot=False)  # fmt: skip
    thread = stored.message["message_id"]
    stored.message["message_thread_id"] = thread
    place.topics[thread] = Topic(asked["name"])
    world.updates.push("message", stored.message)
    return {"thread": thread}


def upgrade(world: World, asked: Json) -> Json:
    """A basic group becomes a supergroup with another id; the old id is refused from now on."""
    old = world.chats[asked["chat_id"]]
    new = Chat(old.json | {"id": -1_001_900_000_000 + old.id, "type": "supergroup"}, old.bot, old.members)
    world.chats[new.id] = new
    head = {"from": world.users[asked["user_id"]], "date": int(time.time())}
    told = world.keep(old, head | {"chat": old.json, "migrate_to_chat_id": new.id}, by_bot=False)
    world.updates.push("message", told.message)
    told = world.keep(new, head | {"chat": new.json, "migrate_from_chat_id": old.id}, by_bot=False)
    world.updates.push("message", told.message)
    old.upgraded_to = new.id
    return new.json


def other_bot(world: World, asked: Json) -> Json:
    """Another bot writes `text` in a group: bots do not see each other, but commands without a name are its own now."""
    place = world.chats[asked["chat_id"]]
    place.last_bot_is_ours = False
    head = {"from": OTHER_BOT, "chat": place.json, "date": int(time.time()), "text": asked["text"]}
    return world.keep(place, head, by_bot=False).message


ACTS = {"user": user, "chat": chat, "bot_status": bot_status, "topic": topic, "upgrade": upgrade,
        "other_bot": other_bot}  # fmt: skip
