"""The entities that Telegram finds itself in what people write: commands, mentions, addresses, hashtags.

Source of the patterns: comments in TDLib, td/telegram/MessageEntity.cpp.
"""

from __future__ import annotations

import re

from fake_telegram.refusals import Json
from fake_telegram.validation.entities import utf16_length

_PATTERNS = [
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    (
        "url",
        re.compile(r"(?<!\w)(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)]|(?:[\w-]+\.)+(?:com|org|net|kz|ru)(?:/\S*)?\b)"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d_]\w*(?![\w#])")),
]
_MARK = re.compile(r"[/@#]|\w\.\w")
"""What every such entity has; texts without it are the most."""


def find_entities(text: str) -> list[Json]:
    """Entities that do not overlap, in the order of the text."""
    if not _MARK.search(text):
        return []
    taken: list[tuple[int, int]] = []
    found: list[Json] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            offset = utf16_length(text[:start])
            found.append({"type": kind, "offset": offset, "length": utf16_length(match.group())})
    return sorted(found, key=lambda entity: int(entity["offset"]))


def entity_text(text: str, entity: Json) -> str:
    units = text.encode("utf-16-le")
    start = int(entity["offset"]) * 2
    return units[start : start + int(entity["length"]) * 2].decode("utf-16-le")
