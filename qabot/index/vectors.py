"""The dense arm: passage vectors in FAISS, searched by inner product: exactly, or in clusters where there are many.

Clustered vectors are kept twice: in 8 bits each number for the search (vectors.faiss), and as they were encoded, for
the scores and for the next generation (vectors.f16, vectors.keys).
"""

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
from qabot.index.keys import MOST_PASSAGES, ORDINAL_BITS
from qabot.index.terms import Hits

Keys = NDArray[np.int64]
Block = tuple[Keys, Vectors]
"""Passage keys, ascending, and their vectors."""

ORIGINALS, KEYS = ".f16", ".keys"
"""Suffixes of the files beside a clustered index: rows of float16 and int64, both little-endian, by ascending key."""

_SPARE, _SPARE_SHARE = 10, 4
"""Clustered search takes so many more than asked for, and one more for so many, before exact scores put them in order:
8 bits leave the order of near ones open."""

_EXACTLY_AMONG = 20_000
"""Among so few passages all clustered vectors are compared, which takes some milliseconds."""

_MOST_FACTOR = 8
"""Among a part of the passages more clusters are searched, up to so many times as many."""


def canonical(vectors: Vectors) -> Vectors:
    """`vectors` in the precision in which indexes keep them, whichever kind they are, so that one can be made of
    another: float16 costs 0.0002 of a cosine."""
    return vectors.astype(np.float16).astype(np.float32)


def save_vectors(path: Path, dimensions: int, blocks: Iterable[Block], total: int) -> int:
    """Writes the vectors of `blocks`, whose keys ascend throughout, for exact search, and gives their number.

    Args:
        path: the file.
        dimensions: of a vector.
        blocks: together `total` vectors.
        total: all of them are held in memory, four bytes a number.
    """
    index: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dimensions))
    # Room for all at once: growing step by step would take up to twice as much.
    index.add_with_ids(np.zeros((total, dimensions), np.float32), np.zeros(total, np.int64))
    flat: Any = faiss.downcast_index(index.index)
    rows = faiss.rev_swig_ptr(flat.get_xb(), total * dimensions).reshape(total, dimensions)
    ids = faiss.rev_swig_ptr(index.id_map.data(), total)
    done = 0
    for keys, vectors in blocks:
        rows[done : done + len(keys)], ids[done : done + len(keys)] = canonical(vectors), keys
        done += len(keys)
    write_index(index, path)
    return done


def write_index(index: Any, path: Path) -> None:
    """Writes a FAISS index.

    Raises:
        WriteError: the disk is full, or the folder cannot be written.
    """
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise WriteError(f"{path} cannot be written: {error}", "Make room; then: qabot index") from error


class PassageVectors:
    """The vectors of one generation, mapped into memory. Safe to use from several threads.

    Args:
        path: the FAISS file; its originals, if it is clustered, are beside it.
        probed: clusters to search, instead of those that the file says.
    """

    def __init__(self, path: Path, probed: int | None = None) -> None:
        self._index: Any
        try:
            self._index = read_mapped(path)
        except RuntimeError as error:
            raise _damaged(path, error) from error
        faiss.omp_set_num_threads(1)
        self.clustered = isinstance(self._index, faiss.IndexIVF)
        self.probed = 0
        self._originals: NDArray[np.float16] | None = None
        self._rows: Any = None
        self.keys: Keys
        if self.clustered:
            self.probed = probed or int(self._index.nprobe)
            try:
                self.keys, self._originals = open_originals(path, self.dimensions)
            except (OSError, ValueError) as error:
                raise _damaged(path, error) from error
            if len(self.keys) != len(self):
                raise _damaged(path, ValueError(f"{len(self):,} clustered vectors of {len(self.keys):,}"))
        else:
            self._rows = faiss.downcast_index(self._index.index)
            self.keys = faiss.vector_to_array(self._index.id_map)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        return int(self._index.d)

    def search(self, question: Vectors, limit: int, passages: Sequence[int] | Keys | None = None) -> Hits:
        """The `limit` passages nearest to `question`, shape (1, dimensions), by cosine; among `passages` if given."""
        limit = min(limit, len(self))
        if limit == 0:
            return np.empty(0, np.int64), np.empty(0, np.float64)
        chosen = None if passages is None else np.asarray(passages, np.int64)
        if self.clustered:
            return self._best(question, self._near(question, limit, chosen), limit)
        parameters = None
        if chosen is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(chosen))  # type: ignore[call-arg]
        scores, keys = self._index.search(question, limit, params=parameters)
        found = keys[0] >= 0
        return keys[0][found], scores[0][found].astype(np.float64)

    def get(self, keys: Keys) -> tuple[NDArray[np.bool_], Vectors]:
        """Which of `keys` have a vector, shape (n,), and those vectors, shape (number of True, dimensions)."""
        if len(self) == 0:
            return np.zeros(len(keys), np.bool_), np.empty((0, self.dimensions), np.float32)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        present = self.keys[rows] == keys
        if self._originals is not None:
            return present, self._originals[rows[present]].astype(np.float32)
        return present, self._rows.reconstruct_batch(rows[present])

    def passages_of(self, articles: Sequence[int]) -> Keys:
        """Keys, ascending, of the passages of those articles that have a vector."""
        chosen = np.unique(np.asarray(articles, np.int64)) << ORDINAL_BITS
        first = np.searchsorted(self.keys, chosen)
        count = np.searchsorted(self.keys, chosen + (MOST_PASSAGES - 1), "right") - first
        rows = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
        found: Keys = self.keys[rows]
        return found

    def _near(self, question: Vectors, limit: int, chosen: Keys | None) -> Keys:
        """Keys of clustered vectors among which the nearest are."""
        wanted = limit + limit // _SPARE_SHARE + _SPARE
        probed = self.probed
        selector = None
        if chosen is not None:
            if len(chosen) <= _EXACTLY_AMONG:
                return chosen
            selector = faiss.IDSelectorBatch(chosen)
            probed = min(probed * min(_MOST_FACTOR, len(self) // len(chosen) + 1), int(self._index.nlist))
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
        _, keys = self._index.search(question, wanted, params=parameters)
        found: Keys = keys[0][keys[0] >= 0]
        return found

    def _best(self, question: Vectors, keys: Keys, limit: int) -> Hits:
        keys = np.sort(keys)
        present, vectors = self.get(keys)
        keys = keys[present]
        scores = (vectors @ question[0]).astype(np.float64)
        order = np.lexsort((keys, -scores))[:limit]
        return keys[order], scores[order]


def read_mapped(path: Path) -> Any:
    """The FAISS index at `path`, mapped and not to be changed; raises RuntimeError."""
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def open_originals(path: Path, dimensions: int) -> tuple[Keys, NDArray[np.float16]]:
    """The keys and the vectors beside the clustered index at `path`; the vectors are mapped, shape (n, dimensions)."""
    keys: Keys = np.fromfile(path.with_suffix(KEYS), "<i8")
    return keys, np.memmap(path.with_suffix(ORIGINALS), "<f2", "r", shape=(len(keys), dimensions))


def _damaged(path: Path, error: Exception) -> DamagedIndexError:
    return DamagedIndexError(f"{path} cannot be read: {error}", "Build it again: qabot index")
