"""Events of a chat as people would see them: for failed tests, and for the eyes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from fake_telegram.refusals import Json

BOT = "the bot"
_KINDS = (
    "document",
    "voice",
    "audio",
    "video",
    "video_note",
    "sticker",
    "photo",
    "contact",
    "location",
    "poll",
    "dice",
)


def transcript(events: Iterable[Json], names: Mapping[int, str]) -> str:
    """One entry an event: who, what, and the keyboard in brackets."""
    return "\n".join(_entry(event, names) for event in events)


def _entry(event: Json, names: Mapping[int, str]) -> str:
    kind = event["kind"]
    number = event.get("message_id")
    if kind == "said":
        unseen = "" if event.get("update_id") else " (not shown to the bot)"
        return _block(f"#{number} {_who(event['message'], names)}{unseen}", event["message"])
    if kind == "reworded":
        return _block(f"{_who(event['message'], names)} rewords #{number}", event["message"])
    if kind in ("sent", "posted"):
        return _block(f"#{number} {BOT}{' (inline)' if kind == 'posted' else ''}", event["message"])
    if kind == "edited":
        return _block(f"{BOT} edits #{number}", event["message"])
    plain = {
        "action": lambda: f"{BOT}: {event['action']} ...",
        "pressed": lambda: f"somebody presses {event['data']!r} under #{number}",
        "callback_answer": lambda: f"{BOT} shows {event['text']!r}",
        "deleted": lambda: f"{BOT} deletes #{number}",
        "withdrawn": lambda: f"#{number} is deleted",
        "reacted": lambda: f"{names.get(event['user_id'], 'somebody')} reacts {event['emoji']} to #{number}",
        "bot_reaction": lambda: f"{BOT} reacts {event['emoji']} to #{number}",
        "left": lambda: f"{BOT} leaves",
        "bot_status": lambda: f"{BOT} is {event['status']} now",
    }
    return plain[kind]() if kind in plain else kind


def _who(message: Json, names: Mapping[int, str]) -> str:
    if "sender_chat" in message:
        return str(message["sender_chat"].get("title"))
    sender = message.get("from", {})
    return names.get(sender.get("id", 0), str(sender.get("first_name")))


def _block(head: str, message: Json) -> str:
    reply = f", to #{message['reply_to_message']['message_id']}" if "reply_to_message" in message else ""
    text = str(message.get("text") or message.get("caption") or "")
    shown = [f"({kind})" for kind in _KINDS if kind in message] + ([text] if text else [])
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    shown += [" ".join(f"[{button['text']}]" for button in row) for row in rows]
    return f"{head}{reply}:\n{textwrap.indent(chr(10).join(shown), '    ')}"
