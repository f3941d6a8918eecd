"""Pieces: a question and a passage as the reader takes them, word pieces that know which sentence they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qabot.encoders.card_file import MEND
from qabot.encoders.tokenizer import Tokenizer
from qabot.errors import DamagedModelError

QUESTION_PIECES = 48
"""Longer questions are cut here, so that they cannot crowd the passage out."""

CONTEXT_PIECES = 40
"""And so are context lines."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """`[CLS] question [SEP] context line, sentences [SEP]`, all lists of one length.

    [CLS] and [SEP] stand for the pieces that the tokenizer puts before and after a text, <s> and </s> for some.

    ids: of the word pieces.
    types: 0 up to the first separator, 1 after it.
    sentences: number of the sentence that a piece belongs to, from 1; 0 for all else.
    """

    ids: list[int]
    types: list[int]
    sentences: list[int]

    @property
    def read(self) -> int:
        """How many sentences, from the first, have pieces here; those behind were cut off."""
        return max(self.sentences)


def to_pieces(tokenizer: Tokenizer, question: str, context: str, sentences: Sequence[str], most: int) -> Pieces:
    """The pieces of one read, at most `most`; of the passage, what is beyond is cut off.

    Args:
        tokenizer: puts pieces before and after a text.
        question: as it is asked.
        context: the context line of the passage, may be empty.
        sentences: of the passage, in order.
        most: most word pieces, special ones included.

    Raises:
        DamagedModelError: the tokenizer puts none there.
    """
    separator = tokenizer.after
    if not tokenizer.before or not separator:
        raise DamagedModelError("The reader's tokenizer puts no special pieces before and after a text", MEND)
    asked, told, *bodies = tokenizer.ids([question, context, *sentences])
    ids = [*tokenizer.before, *asked[:QUESTION_PIECES], *separator]
    first = len(ids)
    ids += told[:CONTEXT_PIECES]
    numbers = [0] * len(ids)
    for number, body in enumerate(bodies, start=1):
        taken = body[: max(most - len(separator) - len(ids), 0)]
        ids += taken
        numbers += [number] * len(taken)
    ids += separator
    numbers += [0] * len(separator)
    return Pieces(ids, [0] * first + [1] * (len(ids) - first), numbers)
