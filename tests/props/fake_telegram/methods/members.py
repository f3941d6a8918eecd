"""getChat, getChatMember, getChatAdministrators, getChatMemberCount, leaveChat, getFile."""

from __future__ import annotations

from pathlib import Path

from fake_telegram.calls import Call
from fake_telegram.chats import Chat
from fake_telegram.methods.profile import RIGHTS
from fake_telegram.refusals import Json, bad_request, forbidden
from fake_telegram.world import World
from telegram.constants import FileSizeLimit

FULL_INFO: Json = {
    "accent_color_id": 0, "max_reaction_count": 11,
    "accepted_gift_types": {"unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False,
                            "premium_subscription": False, "gifts_from_channels": False},
}  # fmt: skip


def get_chat(world: World, call: Call) -> Json:
    return world.chat(call.values.get("chat_id")).json | FULL_INFO


def get_chat_member(world: World, call: Call) -> Json:
    chat = _group(world, call)
    user_id = call.integer("user_id")
    if user_id == world.bot["id"]:
        return member(world.bot, chat.bot)
    if user_id not in world.users:
        raise bad_request("invalid user_id specified")
    return member(world.users[user_id], chat.members.get(user_id, "left"))


def get_chat_administrators(world: World, call: Call) -> list[Json]:
    chat = _group(world, call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    found = [
        member(world.users[user_id], status)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator")
    ]
    return found + ([member(world.bot, chat.bot)] if chat.bot == "administrator" else [])


def get_chat_member_count(world: World, call: Call) -> int:
    chat = _group(world, call)
    return len(chat.members) + (chat.bot in ("member", "administrator"))


def leave_chat(world: World, call: Call) -> bool:
    chat = _group(world, call)
    if chat.kind == "private":
        raise bad_request("chat not found")
    chat.bot = "left"
    world.write("left", chat_id=chat.id)
    return True


def get_file(world: World, call: Call) -> Json:
    file_id = call.text("file_id")
    found = world.files.get(file_id)
    if found is None:
        raise bad_request("invalid file_id" if file_id else "file_id is empty")
    if found.get("file_size", 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise bad_request("file is too big")
    ending = Path(found.get("file_name", "")).suffix
    path = f"documents/file_{len(world.file_paths)}{ending}"
    world.file_paths[path] = file_id
    return {"file_id": file_id, "file_unique_id": found["file_unique_id"], "file_size": found.get("file_size", 0),
            "file_path": path}  # fmt: skip


def member(user: Json, status: str) -> Json:
    """A ChatMember object."""
    person = {name: value for name, value in user.items() if not name.startswith(("can_", "supports_", "has_"))}
    found: Json = {"status": status, "user": person}
    if status == "creator":
        found["is_anonymous"] = False
    if status == "administrator":
        found |= {"can_be_edited": False} | dict.fromkeys(RIGHTS, True) | {"is_anonymous": False}
    if status == "kicked":
        found["until_date"] = 0
    return found


def _group(world: World, call: Call) -> Chat:
    chat = world.chat(call.values.get("chat_id"))
    if chat.bot in ("left", "kicked") and chat.kind != "private":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "getFile": get_file,
}
