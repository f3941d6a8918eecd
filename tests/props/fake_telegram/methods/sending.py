"""sendMessage, sendDocument, sendChatAction."""

from __future__ import annotations

import time

from fake_telegram.calls import Call
from fake_telegram.chats import GENERAL_TOPIC, Chat, Stored, as_shown
from fake_telegram.found_entities import find_entities
from fake_telegram.refusals import Json, bad_request
from fake_telegram.validation.addresses import check_address
from fake_telegram.validation.entities import STYLES, strict, utf16_length
from fake_telegram.validation.keyboards import check_markup
from fake_telegram.validation.text import check_text
from fake_telegram.world import World
from telegram.constants import ChatAction, MessageLimit

BOT_FIELDS = ("id", "is_bot", "first_name", "username")


def send_message(world: World, call: Call) -> Json:
    chat = world.writable(call.values.get("chat_id"))
    content = text_content(call)
    place = _place(chat, call)
    return _send(world, chat, content | place, check_markup(call.object("reply_markup")))


def send_document(world: World, call: Call) -> Json:
    chat = world.writable(call.values.get("chat_id"))
    upload = call.files.get("document")
    if upload is None:
        raise bad_request("there is no document in the request")
    if not upload.body:
        raise bad_request("file must be non-empty")
    identity = f"BQAC{world.number()}"
    document = {"file_id": identity, "file_unique_id": f"u{identity}", "file_name": upload.filename,
                "mime_type": upload.content_type, "file_size": len(upload.body)}  # fmt: skip
    caption = call.text("caption")
    if utf16_length(caption) > MessageLimit.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    content: Json = {"document": document}
    if caption:
        text, entities = check_text(caption, call.array("caption_entities"))
        content |= {"caption": text} | ({"caption_entities": entities} if entities else {})
    place = _place(chat, call)
    sent = _send(world, chat, content | place, check_markup(call.object("reply_markup")))
    world.files[identity] = document
    world.file_contents[identity] = bytes(upload.body)
    return sent


def send_chat_action(world: World, call: Call) -> bool:
    chat = world.writable(call.values.get("chat_id"))
    action = call.text("action")
    if action not in set(ChatAction):
        raise bad_request("wrong parameter action in request")
    thread = _thread(chat, call)
    world.write("action", chat_id=chat.id, thread=thread, action=action)
    return True


def text_content(call: Call) -> Json:
    """Text, entities and preview of sendMessage and editMessageText. Raises: Refusal."""
    if "parse_mode" in call:
        raise bad_request("unsupported parse_mode")
    too_long = "message is too long" if call.method == "sendmessage" else "MESSAGE_TOO_LONG"
    text, sent = check_text(call.text("text"), call.array("entities"), too_long=too_long)
    entities = sorted(sent + _found(text, sent), key=lambda entity: (entity["offset"], -entity["length"]))
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    preview = call.object("link_preview_options")
    if preview:
        if preview.get("url"):
            check_address(preview["url"], "link preview URL")
        content["link_preview_options"] = preview
    return content


def _found(text: str, sent: list[Json]) -> list[Json]:
    """What Telegram finds itself, outside of what was sent as more than a style."""
    blocks = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in sent
        if entity["type"] not in STYLES and "quote" not in entity["type"]
    ]
    return [
        entity
        for entity in find_entities(text)
        if not any(entity["offset"] < end and start < entity["offset"] + entity["length"] for start, end in blocks)
    ]


def _thread(chat: Chat, call: Call) -> int | None:
    """The topic that was asked for. Raises: Refusal.

    A chain of replies in a group without topics has a message_thread_id too, but nothing can be sent to it.
    """
    thread = call.integer("message_thread_id")
    if not thread:
        return None
    if not chat.is_forum or thread == GENERAL_TOPIC or thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread].closed and chat.bot != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return thread


def _place(chat: Chat, call: Call) -> Json:
    """Topic of a new message and what it replies to. Raises: Refusal."""
    thread = _thread(chat, call)
    place: Json = {}
    replied = _replied(chat, call)
    if replied:
        place["reply_to_message"] = as_shown(replied.message, "reply_to_message", "reply_markup")
        of_replied = replied.message.get("message_thread_id") if chat.is_forum else None
        if thread and of_replied != thread:
            raise strict("the reply is to a message of another topic")
        thread = thread or of_replied
    if thread:
        place |= {"message_thread_id": thread, "is_topic_message": True}
    return place


def _replied(chat: Chat, call: Call) -> Stored | None:
    given = call.object("reply_parameters") or {}
    if "reply_to_message_id" in call:
        given = {"message_id": call.integer("reply_to_message_id"),
                 "allow_sending_without_reply": call.flag("allow_sending_without_reply")}  # fmt: skip
    if not given:
        return None
    number = given.get("message_id")
    if isinstance(number, bool) or not isinstance(number, int):
        raise bad_request('can\'t parse reply parameters: Field "message_id" must be of type Number')
    if given.get("chat_id") not in (None, chat.id):
        raise strict("replies to another chat")
    found = chat.living(number)
    if found is None and not given.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if found and given.get("quote") and given["quote"] not in found.message.get("text", ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return found


def _send(world: World, chat: Chat, content: Json, markup: Json | None) -> Json:
    world.rates.take(chat.id, is_group=chat.is_group)
    sender = {name: world.bot[name] for name in BOT_FIELDS}
    message = {"from": sender, "chat": chat.json, "date": int(time.time())} | content
    if markup:
        message["reply_markup"] = markup
    stored = world.keep(chat, message, by_bot=True)
    chat.last_bot_is_ours = True
    world.write("sent", chat_id=chat.id, message_id=stored.message["message_id"], message=dict(stored.message),
                thread=stored.message.get("message_thread_id"))  # fmt: skip
    return stored.message


METHODS = {"sendMessage": send_message, "sendDocument": send_document, "sendChatAction": send_chat_action}
