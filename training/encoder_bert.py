"""Building the BERT of a packed file in torch. Needs the extra `models`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.encoder import Vectors
from qabot.encoders.tokenizer import Tokenizer
from training.encoder_file import PackedModel


class Bert:
    """A BERT with its tokenizer, in the form that `qabot.encoders.export.export_graph` takes.

    Args:
        packed: the whole model.
        kept: ids of the pieces to have, in the order that they get.
        tokenizer: of those pieces.
    """

    def __init__(self, packed: PackedModel, kept: NDArray[np.intp], tokenizer: Tokenizer) -> None:
        self.auto_model = _transformer(packed, kept)
        self._tokenizer = tokenizer
        self._padding = int(np.flatnonzero(kept == packed.special[2])[0])
        self._longest = packed.shape.positions - len(tokenizer.before) - len(tokenizer.after)

    def __getitem__(self, part: int) -> Bert:
        """Itself as the first part of a SentenceTransformer, which holds the transformer."""
        if part != 0:
            raise IndexError(part)
        return self

    def tokenizer(self, texts: Sequence[str], *, padding: bool = True, return_tensors: str = "pt") -> dict[str, Any]:
        """Ids and mask of `texts`, padded to the longest, cut at the model's positions.

        Args:
            texts: taken as they are, without prefix.
            padding: must be true; the export asks for it by name.
            return_tensors: "pt" or "np".
        """
        import torch  # noqa: PLC0415

        if not padding:
            raise ValueError("texts of different lengths make no array")
        before, after = self._tokenizer.before, self._tokenizer.after
        rows = [(*before, *ids[: self._longest], *after) for ids in self._tokenizer.ids(texts)]
        ids = np.full((len(rows), max(map(len, rows))), self._padding)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        arrays = {"input_ids": ids, "attention_mask": mask}
        return arrays if return_tensors == "np" else {name: torch.from_numpy(array) for name, array in arrays.items()}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors in float32 of `texts`, each run alone: means over the pieces, of shape (texts, width)."""
        import torch  # noqa: PLC0415

        vectors = np.empty((len(texts), self.auto_model.config.hidden_size), dtype=np.float32)
        for place, text in enumerate(texts):
            with torch.no_grad():
                mean = self.auto_model(**self.tokenizer([text]))[0][0].mean(0)
            vectors[place] = torch.nn.functional.normalize(mean, dim=0).numpy()
        return vectors


def _transformer(packed: PackedModel, kept: NDArray[np.intp]) -> Any:
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    shape = packed.shape
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        attn_implementation="eager",
    )
    bert = BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(values) for name, values in _weights(packed, kept).items()}
    bert.load_state_dict(weights, strict=True)
    return bert.eval()


def _weights(packed: PackedModel, kept: NDArray[np.intp]) -> dict[str, NDArray[np.float32]]:
    shape = packed.shape
    wide, deep = shape.width, shape.feed_forward
    weights = {
        "embeddings.word_embeddings.weight": packed.floats("emb.word", shape.words, wide)[kept],
        "embeddings.position_embeddings.weight": packed.floats("emb.pos", shape.positions, wide),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type", shape.types, wide),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w", wide),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b", wide),
    }
    matrices = {
        "attention.self.query": ("q", wide, wide),
        "attention.self.key": ("k", wide, wide),
        "attention.self.value": ("v", wide, wide),
        "attention.output.dense": ("ao", wide, wide),
        "intermediate.dense": ("fi", deep, wide),
        "output.dense": ("fo", wide, deep),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(shape.layers):
        for theirs, (ours, rows, columns) in matrices.items():
            weights[f"encoder.layer.{layer}.{theirs}.weight"] = packed.floats(f"l{layer}.{ours}.w", rows, columns)
            weights[f"encoder.layer.{layer}.{theirs}.bias"] = packed.floats(f"l{layer}.{ours}.b", rows)
        for theirs, ours in norms.items():
            weights[f"encoder.layer.{layer}.{theirs}.weight"] = packed.floats(f"l{layer}.{ours}.w", wide)
            weights[f"encoder.layer.{layer}.{theirs}.bias"] = packed.floats(f"l{layer}.{ours}.b", wide)
    return weights
