"""Message entities: ranges in UTF-16 units, types, and what may stand inside what.

Telegram refuses wrong ranges and addresses (the descriptions are those of TDLib, td/telegram/MessageEntity.cpp). It
repairs silently what overlaps, and drops what is too many; the person then sees something else than was sent. The fake
refuses that too, with a description that begins with "strict:".
"""

from __future__ import annotations

from typing import Any

from fake_telegram.refusals import Json, Refusal, bad_request
from fake_telegram.validation.addresses import check_address
from telegram.constants import MessageLimit

FOUND_BY_TELEGRAM = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote", "expandable_blockquote"}
FIXED_WIDTH = {"code", "pre"}
OTHERS = {"text_link", "text_mention", "custom_emoji", "date_time"}
TYPES = FOUND_BY_TELEGRAM | STYLES | QUOTES | FIXED_WIDTH | OTHERS


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def strict(description: str) -> Refusal:
    """For what Telegram would repair without a word."""
    return bad_request(f"strict: {description}")


def check_entities(text: str, entities: list[Any]) -> list[Json]:
    """Gives the entities sorted as Telegram returns them. Raises: Refusal."""
    if not entities:
        return []
    if len(entities) > MessageLimit.MESSAGE_ENTITIES:
        raise strict(f"{len(entities)} entities, and only {MessageLimit.MESSAGE_ENTITIES} count")
    checked = [_checked(entity) for entity in entities]
    _check_ranges(text, checked)
    checked.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"] not in QUOTES))
    _check_nesting(checked)
    return checked


def _checked(entity: Any) -> Json:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: Object expected")
    kind = entity.get("type")
    if kind not in TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    for name in ("offset", "length"):
        value = entity.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
        if not 0 <= value <= 1_000_000:
            raise bad_request(f"receive an entity with incorrect {name} {value}")
    if entity["length"] == 0:
        raise strict(f"an empty entity of type {kind}")
    if kind == "text_link":
        return entity | {"url": check_address(entity.get("url"), "wrong message entity: URL")}
    if kind == "text_mention" and not isinstance(entity.get("user"), dict):
        raise bad_request("can't parse MessageEntity: Can't find field \"user\"")
    if kind == "custom_emoji" and not str(entity.get("custom_emoji_id", "")).isdigit():
        raise bad_request("Invalid custom emoji identifier specified")
    if kind == "date_time" and not isinstance(entity.get("unix_time"), int):
        raise bad_request("can't parse MessageEntity: Can't find field \"unix_time\"")
    return entity


def _check_ranges(text: str, entities: list[Json]) -> None:
    units = text.encode("utf-16-le")
    size = len(units) // 2
    for entity in entities:
        start = entity["offset"]
        end = start + entity["length"]
        if start >= size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
        if _is_inside(units, start):
            octet = _octets(units, start + 1)
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {octet}")
        if end > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
        if _is_inside(units, end):
            octet = _octets(units, end + 1)
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at byte offset {octet}"
            )


def _is_inside(units: bytes, at: int) -> bool:
    """Whether the unit at this offset is the second half of a surrogate pair."""
    return 2 * at < len(units) and 0xDC <= units[2 * at + 1] <= 0xDF


def _octets(units: bytes, end: int) -> int:
    """The length in UTF-8 of the text before a unit."""
    return len(units[: 2 * end].decode("utf-16-le").encode())


def _check_nesting(entities: list[Json]) -> None:
    """Walks the entities as brackets: each must close before the one that it stands in."""
    around: list[Json] = []
    for entity in entities:
        while around and around[-1]["offset"] + around[-1]["length"] <= entity["offset"]:
            around.pop()
        for outer in around:
            if entity["offset"] + entity["length"] > outer["offset"] + outer["length"]:
                raise strict(f"{entity['type']} at {entity['offset']} overlaps {outer['type']} at {outer['offset']}")
            _check_inside(entity["type"], outer["type"], entity["offset"])
        around.append(entity)


def _check_inside(inner: str, outer: str, at: int) -> None:
    if FIXED_WIDTH & {inner, outer} and not QUOTES & {inner, outer}:
        raise strict(f"{inner} at {at} inside {outer}")
    if inner in QUOTES and outer in QUOTES:
        raise strict(f"{inner} at {at} inside {outer}")
    if inner == outer:
        raise strict(f"{inner} at {at} twice")
    if inner in QUOTES and outer not in STYLES:
        raise strict(f"{inner} at {at} inside {outer}")
    if {inner, outer} <= {"text_link", "text_mention", "url", "mention", "email", "bot_command"}:
        raise strict(f"{inner} at {at} inside {outer}")
