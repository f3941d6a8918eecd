"""Tokenizer: texts -> ids of word pieces. Two libraries stand behind it, chosen by the file that a model folder has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from qabot.encoders.card_file import MEND, SENTENCE_PIECES, TOKENIZER
from qabot.errors import DamagedModelError


class Tokenizer(Protocol):
    """What encoders, counters and the reader need of a tokenizer. Safe to use from several threads."""

    @property
    def before(self) -> tuple[int, ...]:
        """Ids of the special pieces that a model wants before a text, such as [CLS] or <s>."""

    @property
    def after(self) -> tuple[int, ...]:
        """Ids of the special pieces that it wants after one, such as [SEP] or </s>."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of the pieces of each text, without special ones and without cutting.

        Lone surrogates count as "?".
        """


def tokenizer_file(folder: Path) -> Path:
    """The tokenizer in a model folder: `tokenizer.model` if it has one, else `tokenizer.json`, there or not."""
    pieces = folder / SENTENCE_PIECES
    return pieces if pieces.exists() else folder / TOKENIZER


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in the file `path`: a SentencePiece model if it is named so, else one of the library `tokenizers`.

    A unigram vocabulary takes a seventh of the memory as a SentencePiece model (18 against 128 MB for 132,282 pieces),
    and cuts texts six times as fast.

    Raises:
        DamagedModelError: it cannot be loaded.
    """
    # Imported here, so that a process has only the library that it needs.
    try:
        if path.name == SENTENCE_PIECES:
            from qabot.encoders.sentence_pieces import SentencePieces  # noqa: PLC0415

            return SentencePieces(path.read_bytes())
        from qabot.encoders.json_tokenizer import JsonTokenizer, read_json  # noqa: PLC0415

        return JsonTokenizer(read_json(path))
    except (OSError, ValueError) as error:
        raise DamagedModelError(f"{path} cannot be loaded: {error}", MEND) from error
