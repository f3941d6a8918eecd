"""A message: its text and its entities, composed together and measured in UTF-16 units. No parse mode is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, Self

from telegram import MessageEntity
from telegram.constants import MessageEntityType

from qabot.channels.telegram.characters import isolated, one_line, sendable, units
from qabot.passages.passage import Span


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with its entities, whose offsets and lengths are UTF-16 units. Neither begins or ends with white space."""

    text: str
    entities: tuple[MessageEntity, ...] = ()

    @property
    def units(self) -> int:
        return units(self.text)


class Mark(NamedTuple):
    """An entity over code points [start, end) of a text; `url` belongs to a text link."""

    start: int
    end: int
    kind: MessageEntityType
    url: str | None = None


class Composer:
    """Builds a message piece by piece. Every method that adds gives the composer back."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []

    def add(self, text: str, *kinds: MessageEntityType) -> Self:
        """Adds `text`, with an entity of each of `kinds` over it."""
        for kind in kinds:
            self._mark(0, len(text), kind)
        return self._append(text)

    def bold(self, text: str) -> Self:
        return self.add(text, MessageEntityType.BOLD)

    def italic(self, text: str) -> Self:
        return self.add(text, MessageEntityType.ITALIC)

    def name(self, text: str, *kinds: MessageEntityType) -> Self:
        """Adds a name or phrase of someone else's in one line, so that it cannot reorder or break the bot's own."""
        text = one_line(text)
        before, after = isolated(text)
        return self.add(before).add(text, *kinds).add(after)

    def link(self, text: str, url: str | None) -> Self:
        """Adds a headline or name as a link; without `url` it is plain."""
        text = one_line(text)
        before, after = isolated(text)
        self.add(before)
        if url:
            self._mark(0, len(text), MessageEntityType.TEXT_LINK, url)
        return self.add(text).add(after)

    def quote(self, text: str, bold: Iterable[Span] = (), *, expandable: bool = False) -> Self:
        """Adds `text`, word for word, as a block of its own lines, so that nothing in it reorders the bot's words.

        Args:
            text: the quoted words.
            bold: spans of `text`, in code points, to set in bold.
            expandable: show only the first lines until it is tapped.
        """
        kind = MessageEntityType.EXPANDABLE_BLOCKQUOTE if expandable else MessageEntityType.BLOCKQUOTE
        self.new_line()
        self._mark(0, len(text), kind)
        for start, end in bold:
            self._mark(start, end, MessageEntityType.BOLD)
        return self._append(text).new_line()

    def new_line(self) -> Self:
        """Begins a line, if one is begun already."""
        if self._length and not self._pieces[-1].endswith("\n"):
            self._append("\n")
        return self

    def gap(self) -> Self:
        """Leaves an empty line, unless nothing was added yet."""
        if self._length:
            self.new_line()._append("\n")
        return self

    def compose(self) -> Composed:
        """The message so far."""
        return composed("".join(self._pieces), self._marks)

    def _append(self, text: str) -> Self:
        if text:
            self._pieces.append(sendable(text))
            self._length += len(text)
        return self

    def _mark(self, start: int, end: int, kind: MessageEntityType, url: str | None = None) -> None:
        self._marks.append(Mark(self._length + start, self._length + end, kind, url))


def plain(text: str) -> Composed:
    """`text` as a message without entities."""
    return composed(sendable(text), ())


def composed(text: str, marks: Sequence[Mark]) -> Composed:
    """The message of `text` with `marks`: white space at the ends of both is left out, and so are empty marks.

    Entities come sorted as Telegram gives them back: by offset, the longer first.
    """
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    offsets = [0, *accumulate(1 + (character > "\uffff") for character in text)]
    entities = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        first, last = _without_space(text, max(mark.start, start), min(mark.end, end))
        if first < last:
            place, length = offsets[first] - offsets[start], offsets[last] - offsets[first]
            entities.append(MessageEntity(mark.kind, place, length, url=mark.url))
    entities.sort(key=lambda entity: (entity.offset, -entity.length))
    return Composed(text[start:end], tuple(entities))


def marks_of(message: Composed) -> list[Mark]:
    """The entities of `message` with their places in code points."""
    starts = {offset: at for at, offset in enumerate([0, *accumulate(1 + (ch > "\uffff") for ch in message.text)])}
    return [
        Mark(starts[entity.offset], starts[entity.offset + entity.length], MessageEntityType(entity.type), entity.url)
        for entity in message.entities
    ]


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
