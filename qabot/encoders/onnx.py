"""OnnxEncoder: a model folder run by onnxruntime. No torch, no transformers, no hub, nothing fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.card import ModelCard, read_card
from qabot.encoders.counting import make_counter
from qabot.encoders.encoder import Advance, MakeCounter, Vectors
from qabot.encoders.session import in_threads, load_model, usable_cores
from qabot.encoders.tokenizer import tokenizer_file

_TEXTS_AT_ONCE = 8
"""Most texts that a thread tokenises and then runs before it takes more."""

_COUNTED_AT_ONCE = 256


class OnnxEncoder:
    """A model exported by `qabot model prepare`.

    Every text goes through the model alone. The graph rounds activations to int8 by their range over the whole input,
    so in a batch a text's vector would depend on its neighbours and on the padding; alone it is a function of the text,
    and an index can reuse it. Nor do batches pay: on two cores single texts in two threads, each with its own
    one-thread run, were faster than any batch of passages, in a third of the memory.

    Safe to use from several threads. Reads the files when made and never again.

    Args:
        folder: model.onnx, a tokenizer (tokenizer.json or tokenizer.model) and card.toml.
        threads: texts encoded at the same time within one call; 0 means one for each core.

    Raises:
        DamagedModelError: a file is missing, is not the one that the card describes, or cannot be run.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self.card = read_card(folder)
        self._folder = folder
        self._threads = threads or usable_cores()
        self._tokenizer, self._session = load_model(folder, self.card.model_sha256, self.card.tokenizer_sha256)
        self._room = self.card.max_tokens - len(self._tokenizer.before) - len(self._tokenizer.after)

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def fingerprint(self) -> str:
        return card_fingerprint(self.card)

    @property
    def dimensions(self) -> int:
        return self.card.dimensions

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self.card.languages)

    @property
    def max_tokens(self) -> int:
        return self.card.max_tokens - self.count_tokens([self.card.passage_prefix])[0]

    @property
    def counter(self) -> MakeCounter:
        return partial(make_counter, tokenizer_file(self._folder))

    def encode_passages(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Vectors of `texts` in their order, shape (n, dimensions); longer ones are cut at the model's limit."""
        return self._encode(texts, self.card.passage_prefix, advance)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts` in their order, shape (n, dimensions); longer ones are cut at the model's limit."""
        return self._encode(texts, self.card.query_prefix, None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens and without cutting."""

        def count(part: Sequence[str]) -> list[int]:
            return [len(ids) for ids in self._tokenizer.ids(part)]

        parts = [texts[start : start + _COUNTED_AT_ONCE] for start in range(0, len(texts), _COUNTED_AT_ONCE)]
        return [number for part in in_threads(self._threads, count, parts) for number in part]

    def _encode(self, texts: Sequence[str], prefix: str, advance: Advance | None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # The longest first: memory peaks at the start, and the threads finish together.
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        size = max(1, min(_TEXTS_AT_ONCE, len(order) // (2 * self._threads)))
        parts = [order[start : start + size] for start in range(0, len(order), size)]

        def fill(rows: Sequence[int]) -> int:
            for row, ids in zip(rows, self._tokenizer.ids([prefix + texts[row] for row in rows]), strict=True):
                vectors[row] = self._run(ids)
            return len(rows)

        for done in in_threads(self._threads, fill, parts):
            if advance is not None:
                advance(done)
        return vectors

    def _run(self, ids: Sequence[int]) -> NDArray[np.float32]:
        row = (*self._tokenizer.before, *ids[: self._room], *self._tokenizer.after)
        inputs = np.array([row], dtype=np.int64)
        (vectors,) = self._session.run(None, {"input_ids": inputs, "attention_mask": np.ones_like(inputs)})
        vector: NDArray[np.float32] = vectors[0]
        return vector


def card_fingerprint(card: ModelCard) -> str:
    """Hex digest of everything in the card that decides a vector."""
    decides = (
        card.model_sha256,
        card.tokenizer_sha256,
        str(card.max_tokens),
        card.query_prefix,
        card.passage_prefix,
    )
    return hashlib.sha256("\x1f".join(("onnx", *decides)).encode()).hexdigest()
