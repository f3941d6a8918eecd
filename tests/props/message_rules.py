"""Telegram's rules for a message, written down apart from the code that has to keep them."""

from __future__ import annotations

from urllib.parse import urlsplit

from telegram import InlineKeyboardMarkup, MessageEntity

from qabot.channels.telegram.replies import Reply
from qabot.channels.telegram.text import Composed

QUOTATIONS = {"blockquote", "expandable_blockquote"}


def broken_rules(message: Composed) -> list[str]:
    """What Telegram would refuse or change in a message; empty for a good one."""
    try:
        raw = message.text.encode("utf-16-le")
    except UnicodeEncodeError:
        return ["a lone surrogate"]
    broken = []
    if not 1 <= len(raw) // 2 <= 4096:
        broken.append(f"{len(raw) // 2} units")
    if message.text.strip() != message.text:
        broken.append("white space at an end")
    if len(message.entities) > 100:
        broken.append(f"{len(message.entities)} entities")
    for entity in message.entities:
        broken += [f"{entity}: {problem}" for problem in _problems(raw, entity)]
    places = [(entity.offset, entity.offset + entity.length, entity.type) for entity in message.entities]
    if places != sorted(places, key=lambda place: (place[0], -place[1])):
        broken.append("entities out of order")
    for at, (start, end, kind) in enumerate(places):
        for other_start, other_end, other_kind in places[at + 1 :]:
            if start < other_start < end < other_end:
                broken.append(f"{kind} and {other_kind} overlap")
            if other_start < end and {kind, other_kind} <= QUOTATIONS:
                broken.append("a quotation in a quotation")
            if other_start < end and kind == other_kind == "text_link":
                broken.append("a link in a link")
    return broken


def broken_buttons(keyboard: InlineKeyboardMarkup) -> list[str]:
    """What Telegram would refuse in a keyboard."""
    broken = []
    buttons = [button for row in keyboard.inline_keyboard for button in row]
    if not 1 <= len(buttons) <= 100 or any(not 1 <= len(row) <= 8 for row in keyboard.inline_keyboard):
        broken.append("too many buttons, or an empty row")
    for button in buttons:
        data = button.callback_data
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64 or not button.text.strip():
            broken.append(f"{button.text!r}: {data!r}")
    return broken


def broken_reply(reply: Reply) -> list[str]:
    """What Telegram would refuse in the messages of a reply."""
    parts = reply.parts
    broken = [problem for text, _ in parts for problem in broken_rules(text)]
    broken += [problem for _, keyboard in parts if keyboard for problem in broken_buttons(keyboard)]
    if not parts or parts[-1][1] != reply.keyboard or any(keyboard for _, keyboard in parts[:-1]):
        broken.append("the keyboard is not under the last message")
    return broken


def covered(message: Composed, *kinds: str) -> list[str]:
    """The words under the entities of those kinds, as a client reads them."""
    raw = message.text.encode("utf-16-le")
    return [
        raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in message.entities
        if entity.type in kinds
    ]


def quotations(reply: Reply) -> list[str]:
    return covered(reply.text, *QUOTATIONS)


def links(reply: Reply) -> list[str]:
    return [entity.url or "" for entity in reply.text.entities if entity.type == "text_link"]


def labels(keyboard: InlineKeyboardMarkup | None) -> list[list[str]]:
    return [[button.text for button in row] for row in keyboard.inline_keyboard] if keyboard else []


def _problems(raw: bytes, entity: MessageEntity) -> list[str]:
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    if not 0 <= start < end <= len(raw):
        return ["out of the text"]
    try:
        words = raw[start:end].decode("utf-16-le")
    except UnicodeDecodeError:
        return ["an edge divides a surrogate pair"]
    problems = [] if words.strip() == words else ["white space at an edge"]
    if entity.type == "text_link":
        parts = urlsplit(entity.url or "")
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        if not good or not (entity.url or "").isascii() or len(entity.url or "") > 2048:
            problems.append("no good address")
    return problems
