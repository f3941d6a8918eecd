"""SentenceTransformersEncoder: any sentence-transformers model as it was published, on a GPU where there is one."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from qabot.encoders.encoder import Advance, Vectors, well_formed
from qabot.encoders.originals import find_original, require_extra
from qabot.encoders.torch_model import bare_tokenizer, load_original, max_tokens_of, prompts_of

_DECISIVE = (".json", ".model", ".safetensors", ".txt")
"""Endings of the files in a model folder that decide a vector."""


class SentenceTransformersEncoder:
    """A model run by torch. Needs the extra `models`; safe to use from several threads, which take turns.

    Args:
        name_or_folder: a folder, an installed weights package, or a name on the hub.
        home: the folder where relative paths start.
        batch_size: texts that go through the model at once.
        threads: cores to use on a CPU; 0 means all of them.

    Raises:
        MissingExtraError: the extra `models` is not installed.
        ModelNotFoundError: there is no such model, or the hub cannot be reached.
        EncoderError: sentence-transformers cannot load it.
    """

    def __init__(
        self, name_or_folder: str, *, home: Path | None = None, batch_size: int = 32, threads: int = 0
    ) -> None:
        require_extra()
        self._original = find_original(name_or_folder, home)
        self._model = load_original(self._original.folder, device=None, threads=threads)
        self._tokenizer = bare_tokenizer(self._model)
        self._query_prefix, self._passage_prefix = prompts_of(self._model)
        self._batch_size = batch_size
        # The library sets cutting and padding on the one tokenizer at each call, which threads must not share.
        self._turn = threading.Lock()
        self._dimensions = int(self._encode_batch([""]).shape[1])

    @property
    def name(self) -> str:
        return self._original.name

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest over the model's files: about a second for each gigabyte, once."""
        digest = hashlib.sha256(b"sentence-transformers")
        folder = self._original.folder
        for path in sorted(folder.rglob("*")):
            if path.suffix in _DECISIVE and path.is_file():
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                digest.update(f"\x1f{path.relative_to(folder).as_posix()}\x1f{content}".encode())
        return digest.hexdigest()

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def languages(self) -> frozenset[str]:
        """What the model's README says; all languages where it says nothing."""
        return frozenset(self._original.languages)

    @property
    def max_tokens(self) -> int:
        return max_tokens_of(self._model) - self.count_tokens([self._passage_prefix])[0]

    @property
    def counter(self) -> None:
        """None: torch is too heavy for every process that splits articles."""

    def encode_passages(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Vectors of `texts` in their order, shape (n, dimensions); longer ones are cut at the model's limit."""
        return self._encode(texts, self._passage_prefix, advance)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts` in their order, shape (n, dimensions); longer ones are cut at the model's limit."""
        return self._encode(texts, self._query_prefix, None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens and without cutting."""
        clean = [well_formed(text) for text in texts]
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]

    def _encode(self, texts: Sequence[str], prefix: str, advance: Advance | None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), self._batch_size):
            rows = order[start : start + self._batch_size]
            vectors[rows] = self._encode_batch([well_formed(prefix + texts[row]) for row in rows])
            if advance is not None:
                advance(len(rows))
        return vectors

    def _encode_batch(self, texts: list[str]) -> Vectors:
        with self._turn:
            vectors: Vectors = self._model.encode(
                texts, prompt="", batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return vectors
