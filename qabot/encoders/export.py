"""Turning a sentence-transformers model into one ONNX graph, pooling and norm inside, and rounding it to int8."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OPSET = 17


def export_graph(model: Any, pooling: str, path: Path) -> None:
    """Write the graph (input_ids, attention_mask) -> sentence_embedding, of shape (batch, dimensions) and norm 1."""
    import torch  # noqa: PLC0415

    class Graph(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            tokens = self.transformer(input_ids=input_ids, attention_mask=attention_mask)[0]
            if pooling == "cls":
                pooled = tokens[:, 0]
            else:
                weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
                pooled = (tokens * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, p=2.0, dim=1)

    # Two texts of different lengths, so that the padding mask is in the trace.
    example = model.tokenizer(["one two three four five", "one"], padding=True, return_tensors="pt")
    rows = {0: "batch", 1: "sequence"}
    with without_exporter_warnings(), torch.no_grad():
        torch.onnx.export(
            Graph().eval(),
            (example["input_ids"], example["attention_mask"]),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_axes={"input_ids": rows, "attention_mask": rows, "sentence_embedding": {0: "batch"}},
        )


def quantise(graph: Path, path: Path) -> None:
    """Write `graph` with its weights rounded to int8 per channel and its activations rounded as it runs.

    Weights take 7 bits of the 8: then the sums of products fit 16 bits, and CPUs without VNNI, which saturate there,
    give the same vectors as those with it. It costs nothing in speed, and no accuracy that could be measured.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    with _without_root_warnings():
        quantize_dynamic(graph, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


@contextlib.contextmanager
def without_exporter_warnings() -> Iterator[None]:
    """Hides what the tracing exporter always says: that it is the older one, and that it traces."""
    import torch  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\.onnx")
        warnings.filterwarnings("ignore", message="You are using the legacy TorchScript", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
        warnings.filterwarnings("ignore", message="Exporting aten::index operator", category=UserWarning)
        yield


@contextlib.contextmanager
def _without_root_warnings() -> Iterator[None]:
    """Hides the quantiser's advice, which goes to the root logger and would set up its handler."""
    root = logging.getLogger()
    handler = logging.NullHandler()
    root.addHandler(handler)
    hide = _Hide()
    root.addFilter(hide)
    try:
        yield
    finally:
        root.removeFilter(hide)
        root.removeHandler(handler)


class _Hide(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return "pre-processing before quantization" not in record.getMessage()
