"""A headline for an article that has none: its first sentence, cut at a word."""

from __future__ import annotations

import re

HEADLINE = 120
"""Most characters of a headline that is made from a text."""

TITLE = 500
"""Most characters kept of a title that was given: a chat message has to hold it."""

# An end mark, closing quotes, a space, and then what a sentence begins with.
_END = re.compile(r"[.!?…]+[»”’\"')\]]*(?=\s+[«“\"'(\[—–-]*[^\W_a-zа-яё])")
# Words before a full stop that does not end a sentence: initials, "U.S.", titles, "No.", "г.".
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"'.-])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Jr|Sr|No|vs|etc|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec|ул|им|стр|тыс|млн|млрд|проф|акад|гг|см)$"
)


def headline(text: str) -> str:
    """The first sentence of the first line with words in `text`, at most `HEADLINE` characters; "" for no words."""
    line = next((line for line in text.split("\n") if any(ch.isalnum() for ch in line[:1000])), text[:1000])
    line = " ".join(line[:1000].split())
    for end in _END.finditer(line):
        if not (line[end.start()] == "." and _ABBREVIATION.search(line[: end.start()])):
            line = line[: end.end()]
            break
    return cut_at_word(line, HEADLINE)


def cut_at_word(text: str, length: int) -> str:
    """`text` if it has at most `length` characters, else its first words and an ellipsis, together no longer."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    space = head.rfind(" ")
    # Scripts without spaces are cut anywhere; so is a word that would leave next to nothing.
    if not text[length - 1].isspace() and space > length // 2:
        head = head[:space]
    return head.rstrip(" ,;:.–—-") + "…"
