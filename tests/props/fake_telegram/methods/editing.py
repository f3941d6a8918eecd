"""editMessageText, editMessageReplyMarkup, deleteMessage, setMessageReaction."""

from __future__ import annotations

import time

from fake_telegram.calls import Call
from fake_telegram.chats import Chat, Stored
from fake_telegram.methods.sending import text_content
from fake_telegram.refusals import NOT_MODIFIED, Json, bad_request
from fake_telegram.validation.keyboards import check_markup
from fake_telegram.world import World
from telegram.constants import ReactionEmoji

CONTENT = ("text", "entities", "link_preview_options", "reply_markup")


def edit_message_text(world: World, call: Call) -> Json | bool:
    chat, stored = _editable(world, call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    content = text_content(call)
    markup = check_markup(call.object("reply_markup"), inline_only=True)
    if markup:
        content["reply_markup"] = markup
    return _edit(world, chat, stored, content)


def edit_message_reply_markup(world: World, call: Call) -> Json | bool:
    chat, stored = _editable(world, call)
    content = {name: stored.message[name] for name in CONTENT if name in stored.message and name != "reply_markup"}
    markup = check_markup(call.object("reply_markup"), inline_only=True)
    if markup:
        content["reply_markup"] = markup
    return _edit(world, chat, stored, content)


def delete_message(world: World, call: Call) -> bool:
    chat = world.writable(call.values.get("chat_id"))
    stored = chat.living(call.integer("message_id"))
    if stored is None:
        raise bad_request("message to delete not found")
    if not stored.by_bot and chat.kind != "private" and chat.bot != "administrator":
        raise bad_request("message can't be deleted")
    stored.deleted = True
    world.write("deleted", chat_id=chat.id, message_id=stored.message["message_id"])
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    chat = world.writable(call.values.get("chat_id"))
    stored = chat.living(call.integer("message_id"))
    if stored is None:
        raise bad_request("message to react not found")
    reactions = call.array("reaction")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if not isinstance(reaction, dict):
            raise bad_request("can't parse ReactionType: Object expected")
        if reaction.get("type") != "emoji" or reaction.get("emoji") not in set(ReactionEmoji):
            raise bad_request("REACTION_INVALID")
    emoji = [reaction["emoji"] for reaction in reactions]
    world.write("bot_reaction", chat_id=chat.id, message_id=stored.message["message_id"], emoji=emoji)
    return True


def _editable(world: World, call: Call) -> tuple[Chat | None, Stored]:
    """The message to edit; an inline message has no chat. Raises: Refusal."""
    if "inline_message_id" in call:
        inline = world.inline_messages.get(call.text("inline_message_id"))
        if inline is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return None, inline
    chat = world.writable(call.values.get("chat_id"))
    if "message_id" not in call:
        raise bad_request("message identifier is not specified")
    stored = chat.living(call.integer("message_id"))
    if stored is None:
        raise bad_request("message to edit not found")
    if not stored.by_bot:
        raise bad_request("message can't be edited")
    return chat, stored


def _edit(world: World, chat: Chat | None, stored: Stored, content: Json) -> Json | bool:
    old = stored.message
    if all(old.get(name) == content.get(name) for name in CONTENT):
        raise bad_request(NOT_MODIFIED)
    if chat:
        world.rates.take(chat.id, is_group=chat.is_group)
    kept = {name: value for name, value in old.items() if name not in CONTENT}
    stored.message = kept | content | {"edit_date": int(time.time())}
    stored.edits += 1
    world.write("edited", chat_id=old["chat"]["id"], message_id=old["message_id"], message=dict(stored.message),
                edits=stored.edits)  # fmt: skip
    return stored.message if chat else True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
}
