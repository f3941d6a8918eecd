"""The dense arm: passage vectors in FAISS, searched exactly by inner product."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# Threads of OpenMP wait by sleeping: spinning ones take the cores from the encoder's threads.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import faiss
import numpy as np
from numpy.typing import NDArray

from qabot.encoders.encoder import Vectors
from qabot.errors import DamagedIndexError, WriteError
from qabot.index.terms import Hits

Block = tuple[NDArray[np.int64], Vectors]
"""Passage keys, ascending, and their vectors."""


def save_vectors(path: Path, dimensions: int, blocks: Iterable[Block]) -> int:
    """Writes the vectors of `blocks`, whose keys ascend throughout, and gives their number."""
    index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dimensions))
    for keys, vectors in blocks:
        index.add_with_ids(vectors, keys)
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise WriteError(f"{path} cannot be written: {error}", "Make room; then: qabot index") from error
    return int(index.ntotal)


class PassageVectors:
    """The vectors of one generation, mapped into memory. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._index: Any
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise DamagedIndexError(f"{path} cannot be read: {error}", "Build it again: qabot index") from error
        faiss.omp_set_num_threads(1)
        self._rows = faiss.downcast_index(self._index.index)
        self.keys: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        return int(self._index.d)

    def search(self, question: Vectors, limit: int, passages: Sequence[int] | None = None) -> Hits:
        """The `limit` passages nearest to `question`, shape (1, dimensions), by cosine; among `passages` if given."""
        limit = min(limit, len(self))
        if limit == 0:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        parameters = None
        if passages is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.asarray(passages, np.int64)))  # type: ignore[call-arg]
        scores, keys = self._index.search(question, limit, params=parameters)
        found = keys[0] >= 0
        return keys[0][found], scores[0][found].astype(np.float64)

    def get(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of `keys` have a vector, shape (n,), and those vectors, shape (number of True, dimensions)."""
        if len(self) == 0:
            return np.zeros(len(keys), np.bool_), np.empty((0, self.dimensions), np.float32)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        present = self.keys[rows] == keys
        return present, self._rows.reconstruct_batch(rows[present])
