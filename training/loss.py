"""What the reader learns by: the right sentence within each passage, and over all passages of a question."""

from __future__ import annotations

import torch
from torch import Tensor

from training.batches import Batch

LIST_WEIGHT = 0.5
"""Share of the loss over all passages of a question, beside the loss within each passage."""

NEVER = -1e4
"""The score of a sentence that is not there."""


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of the right sentence (any of them, if there are several) or of "not here", whose score is 0.

    Within each passage, and over all sentences of all passages that were read for one question (ListNet's top one,
    Cao et al. 2007).

    Args:
        scores: (reads, sentences), float32.
        batch: the reads that were scored.
    """
    scores = scores.masked_fill(~batch.present, NEVER)
    nowhere = torch.zeros(len(scores), 1, dtype=scores.dtype)
    everything = torch.cat([nowhere, scores], 1).logsumexp(1)
    right = scores.masked_fill(~batch.answers, NEVER).logsumexp(1)
    answered = batch.answers.any(1)
    within = everything - torch.where(answered, right, nowhere[:, 0])
    all_of, right_of = [], []
    for number in range(int(batch.group.max()) + 1):
        rows = batch.group == number
        if bool(answered[rows].any()):
            all_of.append(scores[rows].flatten().logsumexp(0))
            right_of.append(right[rows].logsumexp(0))
    loss = within.mean()
    if all_of:
        loss = loss + LIST_WEIGHT * (torch.stack(all_of) - torch.stack(right_of)).mean()
    return loss
