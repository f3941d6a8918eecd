"""Encoder: texts -> unit vectors. Two real ones stand behind it: onnx and sentence-transformers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), each row of L2 norm 1."""

Advance = Callable[[int], None]
"""Called with the number of texts just encoded, for a progress bar."""

MakeCounter = Callable[[], Callable[[Sequence[str]], list[int]]]
"""Makes a function like `Encoder.count_tokens`; can be sent to another process."""


class Encoder(Protocol):
    """What the index and the engine need of a model. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model's name, as a person would say it."""

    @property
    def fingerprint(self) -> str:
        """Hex digest that changes whenever the same text could get another vector."""

    @property
    def dimensions(self) -> int: ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes that the model knows; "*" among them means all."""

    @property
    def max_tokens(self) -> int:
        """Word pieces of the longest passage that is not cut, with special tokens, without the model's prefix."""

    def encode_passages(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Vectors of `texts` in their order; longer ones are cut at the model's limit."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens and without cutting."""

    @property
    def counter(self) -> MakeCounter | None:
        """What makes `count_tokens` in another process; None if only this one can count."""


def knows(encoder: Encoder, language: str) -> bool:
    """Whether the encoder's model was trained on `language` (ISO 639-1)."""
    return "*" in encoder.languages or language in encoder.languages


def well_formed(text: str) -> str:
    """`text` with lone surrogates, which a terminal or a chat can hand over and no tokenizer takes, replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
