"""Scoring one read by the network and by an exported graph, and comparing the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from qabot.encoders.session import load_session
from qabot.encoders.tokenizer import Tokenizer
from qabot.errors import ModelMismatchError
from qabot.reader.pieces import Pieces
from training.batches import pooling, read_to_pieces
from training.graph import INPUTS
from training.lessons import Read
from training.model import Reader
from training.school import MAX_PIECES

Scores = NDArray[np.float32]
Scorer = Callable[[Read], Scores]
"""Gives the scores of the sentences of a read, shape (sentences,), without those that were cut off."""


def torch_scorer(reader: Reader, tokenizer: Tokenizer, most: int = MAX_PIECES) -> Scorer:
    """Scores by the network, which must not be in training mode, of at most `most` pieces."""

    def score(read: Read) -> Scores:
        pieces, _ = read_to_pieces(tokenizer, read, most)
        ids, types, sentences = (torch.tensor([row]) for row in _rows(pieces))
        with torch.no_grad():
            scores: Scores = reader(ids, None, types, pooling(sentences, pieces.read))[0].numpy()
        return scores

    return score


def graph_scorer(path: Path, tokenizer: Tokenizer) -> Scorer:
    """Scores by the exported graph in the file `path`.

    Raises:
        DamagedModelError: it cannot be loaded.
    """
    session = load_session(path)

    def score(read: Read) -> Scores:
        pieces, _ = read_to_pieces(tokenizer, read, MAX_PIECES)
        inputs = {name: np.array([row], dtype=np.int64) for name, row in zip(INPUTS, _rows(pieces), strict=True)}
        scores: Scores = session.run(None, inputs)[0][0]
        return scores

    return score


def _rows(pieces: Pieces) -> tuple[list[int], list[int], list[int]]:
    """In the order of `INPUTS`."""
    return pieces.ids, pieces.types, pieces.sentences


def check_scores(made: Scorer, reads: Sequence[Read], expected: Sequence[Scores], most: float) -> float:
    """The greatest difference between the scores that `made` gives `reads` and those expected, one array a read.

    Raises:
        ModelMismatchError: it is above `most`; names the question.
    """
    worst = 0.0
    for read, scores in zip(reads, expected, strict=True):
        difference = float(np.abs(made(read) - scores).max())
        if not difference <= most:
            raise ModelMismatchError(
                f"The exported reader differs from the trained one: a score by {difference:.4f}, "
                f"at most {most} wanted, for the question {read.question!r}",
                "The versions of torch and onnxruntime that made the shipped one stand in its card",
            )
        worst = max(worst, difference)
    return worst
