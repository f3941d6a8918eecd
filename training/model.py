"""The reader's network: a transformer with two small heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from qabot.encoders.torch_model import without_progress_bars
from training.batches import Batch, rounded


class Reader(nn.Module):  # type: ignore[misc]
    """A logit for each sentence, from the mean of its pieces, and one for "not here", from the first piece."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.body = body
        size = body.config.hidden_size
        self.sentence = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, 1))
        self.nowhere = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, 1))

    def forward(self, ids: Tensor, mask: Tensor | None, types: Tensor, pool: Tensor) -> Tensor:
        """The score of each sentence: its logit less that of "not here".

        Args:
            ids: (reads, pieces), int64.
            mask: (reads, pieces), 0 for padding; None where there is no padding.
            types: (reads, pieces), int64: 0 for the question, 1 for the passage.
            pool: (reads, sentences, pieces), float32, see `Batch`.

        Returns:
            (reads, sentences), float32.
        """
        states = self.body(input_ids=ids, attention_mask=mask, token_type_ids=types)[0]
        found = self.sentence(torch.bmm(pool.to(states.dtype), states)).squeeze(2)
        return (found - self.nowhere(states[:, 0])).float()


def load_reader(folder: Path, attention: str = "sdpa", frozen: int = 0) -> Reader:
    """A reader over the body in `folder`, its heads untrained.

    The vectors of the word pieces stay as they are: half of all weights, most of which no lesson would ever touch.

    Args:
        folder: of the body.
        attention: how it is computed: "sdpa", or "eager" for an export.
        frozen: lower layers that stay as they are too, and with them all embeddings.
    """
    with without_progress_bars():
        body = AutoModel.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32)
    body.embeddings.word_embeddings.weight.requires_grad_(False)
    if frozen:
        body.embeddings.requires_grad_(False)
        body.encoder.layer[:frozen].requires_grad_(False)
    return Reader(body)


def scores_of(reader: Reader, batch: Batch, parts: int = 3) -> Tensor:
    """The scores of a batch, shape (reads, sentences), read in `parts` of like lengths: little is spent on padding."""
    lengths = batch.mask.sum(1)
    order = lengths.argsort()
    scores = []
    for rows in order.chunk(parts):
        width = min(batch.ids.shape[1], rounded(int(lengths[rows].max())))
        cut = batch.ids[rows, :width], batch.mask[rows, :width], batch.types[rows, :width], batch.pool[rows, :, :width]
        scores.append(reader(*cut))
    return torch.cat(scores)[order.argsort()]
