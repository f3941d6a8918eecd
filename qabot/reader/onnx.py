"""Reader: scores the sentences of a passage by whether they answer a question, run by onnxruntime alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.session import give_blocks_back, in_threads, load_model, shrinking, usable_cores
from qabot.reader.card import read_card
from qabot.reader.pieces import Pieces, to_pieces

SentenceScores = NDArray[np.float32]
"""Shape (sentences,): the log-odds of each sentence against "the answer is not in this passage"; -inf for those that
were cut off at the reader's limit."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is read: the context line of a passage, which may be empty, and its sentences."""

    context: str
    sentences: tuple[str, ...]


class Reader:
    """A trained reader. Safe to use from several threads. Reads its files when made and never again.

    Every passage goes through the model alone: activations are rounded to int8 by their range over the whole input, so
    in a batch a score would depend on the other passages. Alone it is a function of question and passage, and on two
    cores it is faster too.

    Args:
        folder: model.onnx, a tokenizer (tokenizer.json or tokenizer.model) and card.toml.
        threads: passages read at the same time within one call; 0 means one for each core.

    Raises:
        DamagedModelError: a file is missing, is not the one that the card describes, or cannot be run.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self.card = read_card(folder)
        self._threads = threads or usable_cores()
        self._tokenizer, self._session = load_model(folder, self.card.model_sha256, self.card.tokenizer_sha256)
        self._options = shrinking()
        give_blocks_back()

    @property
    def name(self) -> str:
        return self.card.name

    def read(
        self, question: str, pages: Sequence[Page], *, milliseconds: float | None = None
    ) -> list[SentenceScores | None]:
        """The scores of the sentences of each page, in their order.

        Args:
            question: as it is asked.
            pages: the most promising first.
            milliseconds: a budget; pages that are not begun within it get None.
        """
        end = None if milliseconds is None else time.perf_counter() + milliseconds / 1000

        def score(page: Page) -> SentenceScores | None:
            if end is not None and time.perf_counter() > end:
                return None
            return self._score(question, page)

        return list(in_threads(self._threads, score, pages))

    def golden_difference(self) -> float:
        """How far the score of a golden sentence is from its card's, at most; over `GOLDEN_DIFFERENCE` something is
        wrong with this processor or this release of onnxruntime."""
        differences = [0.0]
        for golden in self.card.golden:
            scores = self._score(golden.question, Page(golden.context, golden.sentences))
            differences.append(float(np.abs(scores - np.array(golden.scores)).max()))
        return max(differences)

    def _score(self, question: str, page: Page) -> SentenceScores:
        pieces = to_pieces(self._tokenizer, question, page.context, page.sentences, self.card.max_pieces)
        scores = np.full(len(page.sentences), -np.inf, dtype=np.float32)
        if pieces.read:
            found = np.array(sorted({*pieces.sentences} - {0})) - 1
            scores[found] = self._run(pieces)[found]
        return scores

    def _run(self, pieces: Pieces) -> SentenceScores:
        """The scores of the sentences up to the last that has pieces."""
        inputs = {"input_ids": pieces.ids, "token_type_ids": pieces.types, "sentence_ids": pieces.sentences}
        (scores,) = self._session.run(
            None, {name: np.array([row], dtype=np.int64) for name, row in inputs.items()}, self._options
        )
        row: SentenceScores = scores[0]
        return row
