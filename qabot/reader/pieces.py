"""Pieces: a question and a passage as the reader takes them, word pieces that know which sentence they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from qabot.encoders.card_file import MEND
from qabot.encoders.encoder import well_formed
from qabot.errors import DamagedModelError

QUESTION_PIECES = 48
"""Longer questions are cut here, so that they cannot crowd the passage out."""

CONTEXT_PIECES = 40
"""And so are context lines."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """`[CLS] question [SEP] context line, sentences [SEP]`, all lists of one length.

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
        tokenizer: neither pads nor cuts; has [CLS] and [SEP].
        question: as it is asked.
        context: the context line of the passage, may be empty.
        sentences: of the passage, in order.
        most: most word pieces, special ones included.

    Raises:
        DamagedModelError: the tokenizer lacks a special piece.
    """
    texts = [well_formed(text) for text in (question, context, *sentences)]
    asked, before, *bodies = (encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False))
    separator = _special(tokenizer, "[SEP]")
    ids = [_special(tokenizer, "[CLS]"), *asked[:QUESTION_PIECES], separator]
    first = len(ids)
    ids += before[:CONTEXT_PIECES]
    numbers = [0] * len(ids)
    for number, body in enumerate(bodies, start=1):
        taken = body[: max(most - 1 - len(ids), 0)]
        ids += taken
        numbers += [number] * len(taken)
    ids.append(separator)
    numbers.append(0)
    return Pieces(ids, [0] * first + [1] * (len(ids) - first), numbers)


def _special(tokenizer: Tokenizer, piece: str) -> int:
    number = tokenizer.token_to_id(piece)
    if number is None:
        raise DamagedModelError(f"The reader's tokenizer has no piece {piece}", MEND)
    return number
