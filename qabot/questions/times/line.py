"""A question as a line of tokens, in which every place can be asked for, also those before and behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qabot.passages.passage import Span
from qabot.questions.times.tokens import Token


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of a question, with names of periods joined, and its language (ISO 639-1)."""

    tokens: Sequence[Token]
    language: str

    def kind(self, place: int) -> str:
        """The kind of the token there; empty outside of the line."""
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else ""

    def word(self, place: int) -> str:
        """The word there, in small letters; empty outside of the line."""
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    def skip(self, place: int, step: int = 1) -> int:
        """The first place from `place` on that is neither "of" nor "the"."""
        while self.kind(place) in {"of", "the"}:
            place += step
        return place

    def span(self, first: int, last: int) -> Span:
        """The piece of the question from the token at `first` to the one at `last`."""
        return Span(self.tokens[first].start, self.tokens[last].end)
