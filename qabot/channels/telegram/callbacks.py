"""Callback data: what a button carries, in at most 64 bytes that survive a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a button does. `key` in its callback is what the comment says; `number` counts from 1 where it counts."""

    SOURCE = "s"  # opens source `number` of an answer (its id)
    MORE = "m"  # shows further passages of an answer
    FURTHER = "f"  # opens further passage `number` of an answer
    GOOD = "g"  # an answer helped
    BAD = "b"  # an answer did not
    PAGE = "p"  # turns to page `number` of an article (its short id)
    ADD = "a"  # confirms an upload or link (its id)
    DROP = "d"  # declines it
    FORGET = "x"  # confirms that everything about the user be forgotten; key "-"
    KEEP = "k"  # keeps it; key "-"
    LANGUAGE = "l"  # chooses the language `key`, "auto" for that of Telegram


# Together at most 57 bytes of the 64 that Telegram takes (InlineKeyboardButtonLimit.MAX_CALLBACK_DATA).
_FORM = re.compile(r"(?P<verb>[a-z]):(?P<key>[A-Za-z0-9_-]{1,48}):(?P<number>0|[1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Callback:
    """A button's meaning.

    Args:
        verb: what it does.
        key: whom it concerns, as the verb says: 1 to 48 letters, digits, `_` and `-`.
        number: which one, from 0 to 999,999.

    Raises:
        ValueError: the key or number is not of that form.
    """

    verb: Verb
    key: str
    number: int = 0

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.data):
            raise ValueError(f"{self.data!r} cannot be callback data")

    @property
    def data(self) -> str:
        """As a button carries it, ASCII."""
        return f"{self.verb}:{self.key}:{self.number}"


def parse_callback(data: str | None) -> Callback | None:
    """The callback that `data` carries; None if it carries none, as data of an older bot or a forged client."""
    match = _FORM.fullmatch(data or "")
    if match is None or match["verb"] not in set(Verb):
        return None
    return Callback(Verb(match["verb"]), match["key"], int(match["number"]))
