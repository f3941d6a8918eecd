"""The reader as one ONNX graph: what serving runs, the mean of each sentence's pieces inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from qabot.encoders.export import OPSET, without_exporter_warnings
from training.batches import pooling
from training.model import Reader

INPUTS = ("input_ids", "token_type_ids", "sentence_ids")
"""As `qabot.reader.pieces.Pieces` has them: ids, types, sentences. Each int64 of shape (1, pieces)."""

OUTPUT = "scores"
"""Float32 of shape (1, sentences): each sentence's logit less that of "not here"."""


class Graph(torch.nn.Module):  # type: ignore[misc]
    """One passage a run, without padding: rounded to int8, scores would depend on what else is in a batch."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, sentence_ids: Tensor) -> Any:
        """The scores of all sentences up to the highest number in `sentence_ids`."""
        return self.reader(input_ids, None, token_type_ids, pooling(sentence_ids, sentence_ids.max()))


def export_graph(reader: Reader, path: Path) -> None:
    """Write the graph of `reader`, which must use the attention "eager", in float32."""
    ids = torch.arange(8)[None]
    sentences = torch.tensor([[0, 0, 0, 1, 1, 2, 2, 0]])
    pieces = {1: "pieces"}
    with without_exporter_warnings(), torch.no_grad():
        torch.onnx.export(
            Graph(reader).eval(),
            (ids, (sentences > 0).long(), sentences),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={**dict.fromkeys(INPUTS, pieces), OUTPUT: {1: "sentences"}},
        )
