"""Splitting: a message too long for Telegram becomes several, cut where a reader would pause."""

from __future__ import annotations

import re

from telegram.constants import MessageEntityType, MessageLimit

from qabot.channels.telegram.characters import fitting, is_border, last_border, visible
from qabot.channels.telegram.text import Composed, Mark, composed, marks_of
from qabot.passages.passage import Span

_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…。！？؟।][\"'»”’)\]\u2069]*(?=\s)|[。！？]"),
    re.compile(r"\s"),
)
"""Where to cut, the best first: behind an empty line, a line, a sentence, a word."""

_QUOTED = {MessageEntityType.BLOCKQUOTE, MessageEntityType.EXPANDABLE_BLOCKQUOTE}


def split(
    message: Composed,
    limit: int = MessageLimit.MAX_TEXT_LENGTH,
    most_entities: int = MessageLimit.MESSAGE_ENTITIES,
) -> list[Composed]:
    """`message` as one or more messages that Telegram takes: all of its text but white space at cuts.

    Args:
        message: any length, any number of entities.
        limit: most UTF-16 units of a message, at least 2.
        most_entities: most entities of a message, at least 1. Where more begin at one place, the others are left out.

    Returns:
        The messages in order, without any that would show nothing; each entity is carried into every message that it
        reaches over.
    """
    if message.units <= limit and len(message.entities) <= most_entities:
        return [message] if visible(message.text) else []
    marks = marks_of(message)
    parts = []
    start = 0
    while start < len(message.text):
        held = [mark for mark in marks if mark.start < len(message.text) and mark.end > start]
        end = fitting(message.text, start, limit)
        if len(held) > most_entities and start < held[most_entities].start < end:
            end = held[most_entities].start
        end = best_end(message.text, start, end, [mark for mark in held if mark.kind not in _QUOTED])
        inside = [mark for mark in held if mark.start < end][:most_entities]
        part = _part(message.text, start, end, inside)
        # A message that shows nothing would be refused.
        if visible(part.text):
            parts.append(part)
        start = end
    return parts


def pages(text: str, limit: int) -> list[Span]:
    """Spans of `text` of at most `limit` UTF-16 units, cut where a reader would pause, in order; at least one."""
    found = []
    start = 0
    while start < len(text):
        end = best_end(text, start, fitting(text, start, limit), [])
        if text[start:end].strip():
            found.append(Span(start, end))
        start = end
    return found or [Span(0, len(text))]


def best_end(text: str, start: int, end: int, whole: list[Mark]) -> int:
    """Where to end a part that begins at `start` and has room up to `end`: `end` itself if that is the text's.

    A cut in the second half is looked for, outside of the `whole` marks if there is such a one.
    """
    if end >= len(text):
        return len(text)
    half = (start + end + 1) // 2
    inside = []
    for pattern in _ENDS:
        # One more character may be looked at: a space behind the last that fits.
        ends = [match.end() for match in pattern.finditer(text, half, end + 1)]
        ends = [at for at in ends if at <= end and is_border(text, at)]
        for at in reversed(ends):
            if not any(mark.start < at < mark.end for mark in whole):
                return at
        inside += ends[-1:]
    return inside[0] if inside else max(last_border(text, start, end), start + 1)


def _part(text: str, start: int, end: int, marks: list[Mark]) -> Composed:
    inside = [Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.kind, mark.url) for mark in marks]
    return composed(text[start:end], inside)
