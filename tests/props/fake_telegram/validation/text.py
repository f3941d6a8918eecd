"""What Telegram does with a text before it accepts it.

Source: TDLib, `clean_input_string_with_entities` and `fix_formatted_text` in td/telegram/MessageEntity.cpp.
"""

from __future__ import annotations

import re
from typing import Any

from fake_telegram.refusals import Json, bad_request
from fake_telegram.validation.entities import check_entities, utf16_length
from telegram.constants import MessageLimit

REMOVED = {0x0D, *range(0x2028, 0x202F), 0x033F, 0x0333, 0x030A}
"""Characters that vanish: the carriage return, marks of direction, lines through and around letters."""
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u033f\u0333\u030a]")


def check_text(text: str, entities: list[Any], *, too_long: str = "message is too long") -> tuple[str, list[Json]]:
    """Gives a message's text and entities as Telegram keeps them.

    Raises: Refusal with Telegram's description.
    """
    if not text:
        raise bad_request("message text is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    checked = check_entities(text, entities)
    text, checked = _clean(text, checked)
    text, checked = _trim(text, checked)
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request(too_long)
    return text, checked


def _clean(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Control characters become spaces, some characters are removed; entities move along."""
    if not _UNCLEAN.search(text):
        return text, entities
    kept: list[str] = []
    moved = [0]
    at = 0
    for character in text:
        code = ord(character)
        units = 2 if code > 0xFFFF else 1
        removed = code in REMOVED
        if not removed:
            kept.append(" " if code < 0x20 and character != "\n" else character)
            at += units
        moved.extend([at] * units)
    return "".join(kept), _moved(entities, moved)


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """White space at both ends goes, entities are cut with it."""
    stripped = text.strip(" \n")
    if len(stripped) == len(text):
        return text, entities
    before = len(text) - len(text.lstrip(" \n"))
    end = utf16_length(stripped)
    moved = [min(max(at - before, 0), end) for at in range(utf16_length(text) + 1)]
    return stripped, _moved(entities, moved)


def _moved(entities: list[Json], moved: list[int]) -> list[Json]:
    result = []
    for entity in entities:
        start, end = moved[entity["offset"]], moved[entity["offset"] + entity["length"]]
        if end > start:
            result.append(entity | {"offset": start, "length": end - start})
    return result
