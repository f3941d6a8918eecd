"""SentencePieces: a tokenizer in the form of the library `sentencepiece`, `tokenizer.model`."""

from __future__ import annotations

from collections.abc import Sequence

from sentencepiece import SentencePieceProcessor

from qabot.encoders.encoder import well_formed


class SentencePieces:
    """A SentencePiece model with pieces for the begin and the end of a text. Safe to use from several threads.

    Args:
        model: the content of the file.

    Raises:
        ValueError: it is no SentencePiece model, or has no such pieces.
    """

    def __init__(self, model: bytes) -> None:
        if not model:  # which the library would take for "load none yet"
            raise ValueError("it is empty")
        try:
            self._processor = SentencePieceProcessor(model_proto=model)
        except RuntimeError as error:  # the library's only error
            raise ValueError(f"it is no SentencePiece model ({error})") from error
        begin, end = self._processor.bos_id(), self._processor.eos_id()
        if begin < 0 or end < 0:
            raise ValueError("it has no pieces for the begin and the end of a text")
        self.before, self.after = (begin,), (end,)

    @property
    def pieces(self) -> list[str]:
        """The pieces, each at the place of its id."""
        return [self._processor.id_to_piece(number) for number in range(len(self._processor))]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of the pieces of each text, without special ones and without cutting."""
        # One thread a call: our own threads do the work, and the library lets them.
        ids: list[list[int]] = self._processor.encode([well_formed(text) for text in texts], num_threads=1)
        return ids
