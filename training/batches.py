"""Reads -> tensors: question and passage as word pieces, and which sentence each piece belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from qabot.encoders.tokenizer import Tokenizer
from qabot.reader.pieces import Pieces, to_pieces
from training.lessons import Read

ROUNDED = 32
"""Widths are rounded up to a multiple: the kernels are made anew for each width."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Reads side by side, padded.

    ids, mask, types: (reads, pieces), int64.
    pool: (reads, sentences, pieces), float32; each row sums to 1, or to 0 where there is no sentence.
    answers, present: (reads, sentences), bool: which sentences answer, and which there are.
    group: (reads,), int64: the number of the question that a read is for, from 0.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    pool: Tensor
    answers: Tensor
    present: Tensor
    group: Tensor


def read_to_pieces(tokenizer: Tokenizer, read: Read, most: int) -> tuple[Pieces, frozenset[int]]:
    """The pieces of `read`, at most `most`, and those of its answers that were not cut off."""
    pieces = to_pieces(tokenizer, read.question, read.context, read.sentences, most)
    return pieces, frozenset(number for number in read.answers if number < pieces.read)


def collate(reads: Sequence[tuple[Pieces, frozenset[int]]], groups: Sequence[int]) -> Batch:
    """The tensors of `reads`, each with the numbers of its answering sentences, from 0."""
    width = rounded(max(len(pieces.ids) for pieces, _ in reads))
    most = max(pieces.read for pieces, _ in reads)
    ids = torch.zeros(len(reads), width, dtype=torch.long)
    mask, types, numbers = torch.zeros_like(ids), torch.zeros_like(ids), torch.zeros_like(ids)
    answers = torch.zeros(len(reads), most, dtype=torch.bool)
    present = torch.zeros_like(answers)
    for row, (pieces, right) in enumerate(reads):
        size = len(pieces.ids)
        ids[row, :size] = torch.tensor(pieces.ids)
        mask[row, :size] = 1
        types[row, :size] = torch.tensor(pieces.types)
        numbers[row, :size] = torch.tensor(pieces.sentences)
        present[row, : pieces.read] = True
        answers[row, sorted(right)] = True
    return Batch(ids, mask, types, pooling(numbers, most), answers, present, torch.tensor(groups))


def pooling(numbers: Tensor, sentences: int) -> Tensor:
    """What makes the mean of each sentence's pieces: (reads, pieces) -> (reads, sentences, pieces), float32."""
    belongs = (numbers.unsqueeze(1) == torch.arange(1, sentences + 1).view(1, -1, 1)).float()
    return belongs / belongs.sum(2, keepdim=True).clamp(min=1)


def rounded(width: int) -> int:
    """`width` rounded up to a multiple of `ROUNDED`."""
    return -(-width // ROUNDED) * ROUNDED
