"""Completing: what Telegram always says, and small servers of the Bot API leave out, gets its plain value.

Where such a field is missing the parser refuses the update or the result. What it does say is left as it is.
"""

from __future__ import annotations

import re
import time
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post", "guest_message")
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{1,32})?(?!\S)")
_MENTION = re.compile(r"(?<![\w@./])@[A-Za-z0-9_]{3,32}(?!\w)")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)

_FILE: Json = {"file_id": "", "file_unique_id": ""}
_PICTURE: Json = {**_FILE, "width": 0, "height": 0}
_MEDIA: dict[str, Json] = {
    "animation": {**_PICTURE, "duration": 0},
    "audio": {**_FILE, "duration": 0},
    "document": _FILE,
    "photo": _PICTURE,
    "sticker": {**_PICTURE, "is_animated": False, "is_video": False, "type": "regular"},
    "video": {**_PICTURE, "duration": 0},
    "video_note": {**_FILE, "length": 0, "duration": 0},
    "voice": {**_FILE, "duration": 0},
}
_RESULTS: dict[str, Json] = {
    "getFile": _FILE,
    "getMe": {"is_bot": True, "first_name": "", "username": ""},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}
_MESSAGE_RESULTS = {"sendMessage", "editMessageText", "editMessageReplyMarkup"}


def completed_update(raw: Json) -> Json:
    """A copy of an update with what is missing. An id in quotes is a number."""
    update = {**raw, "update_id": numbered(raw.get("update_id"))}
    for kind in _MESSAGES:
        if isinstance(update.get(kind), dict):
            update[kind] = _message(update[kind])
    query = update.get("callback_query")
    if isinstance(query, dict):
        update["callback_query"] = query = {"chat_instance": "", **_people(query)}
        if isinstance(query.get("message"), dict):
            query["message"] = _message(query["message"])
    if isinstance(update.get("inline_query"), dict):
        update["inline_query"] = {"offset": "", **_people(update["inline_query"])}
    if isinstance(update.get("message_reaction"), dict):
        reaction = {"date": int(time.time()), "old_reaction": [], "new_reaction": [], **update["message_reaction"]}
        update["message_reaction"] = _people(reaction)
    return update


def completed_result(method: str, result: object, asked: Json) -> object:
    """What a server answered to `method`, with what is missing; `asked` are the parameters of the call."""
    if method in _RESULTS:
        return {**_RESULTS[method], **(result if isinstance(result, dict) else {})}
    if method == "getMyCommands":
        return result if isinstance(result, list) else []
    if method in _MESSAGE_RESULTS and (isinstance(result, dict) or method == "sendMessage"):
        message = {"message_id": 0, **(result if isinstance(result, dict) else {})}
        chat = message.get("chat")
        return _message({**message, "chat": {"id": asked.get("chat_id"), **(chat if isinstance(chat, dict) else {})}})
    return result


def numbered(value: object) -> object:
    """The number that `value` writes in quotes; any other value as it is."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,16}", value):
        return int(value)
    return value


def _message(raw: Json) -> Json:
    """A message: it is of now if it has no date, and its commands and mentions are marked."""
    message = _people({"date": int(time.time()), **raw})
    message["message_id"] = numbered(message.get("message_id"))
    for name, least in _MEDIA.items():
        media = message.get(name)
        if isinstance(media, dict):
            message[name] = {**least, **media}
        elif isinstance(media, list):
            message[name] = [{**least, **size} if isinstance(size, dict) else size for size in media]
    for words, marks in (("text", "entities"), ("caption", "caption_entities")):
        if isinstance(message.get(words), str) and marks not in message:
            message[marks] = _entities(message[words])
    if isinstance(message.get("reply_to_message"), dict):
        message["reply_to_message"] = _message(message["reply_to_message"])
    return message


def _people(raw: Json) -> Json:
    """Users have a name and are no bots, and chats are private or groups, as their ids say."""
    found = dict(raw)
    for name in ("from", "user"):
        if isinstance(found.get(name), dict):
            user = {"is_bot": False, "first_name": "", **found[name]}
            found[name] = {**user, "id": numbered(user.get("id"))}
    if isinstance(found.get("chat"), dict):
        identity = numbered(found["chat"].get("id"))
        private = isinstance(identity, int) and identity > 0
        found["chat"] = {"type": "private" if private else "supergroup", **found["chat"], "id": identity}
    return found


def _entities(text: str) -> list[Json]:
    """The command that a text begins with, mentions and links, as Telegram marks them."""
    command = _COMMAND.match(text)
    found = [("bot_command", *command.span())] if command else []
    behind = command.end() if command else 0
    links = list(_LINK.finditer(text, behind))
    found += [("url", *link.span()) for link in links]
    for mention in _MENTION.finditer(text, behind):
        if not any(link.start() <= mention.start() < link.end() for link in links):
            found.append(("mention", *mention.span()))
    return [
        {"type": kind, "offset": _units(text[:start]), "length": _units(text[start:end])}
        for kind, start, end in sorted(found, key=lambda mark: mark[1])
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
