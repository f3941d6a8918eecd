"""Vectors in clusters (IVF, 8 bits a number): trained, filled and measured in bounded memory.

Only some clusters are searched for a question. How many is found out by measuring: the share of the ten nearest that
the search finds, against comparing all, for sentences of the articles as questions.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from qabot.encoders.encoder import Vectors
from qabot.index.manifest import Clusters
from qabot.index.vectors import (
    KEYS,
    ORIGINALS,
    Block,
    Keys,
    PassageVectors,
    open_originals,
    read_mapped,
    write_index,
)

DEPTH = 10
"""Recall is measured among so many nearest."""

_VECTORS_PER_LIST = 39
"""Fewest for training, by FAISS's advice."""

_TRAINED_PER_LIST = 40
_FIRST_PROBED = 4
_REFINED = 4
"""Halvings between a number of clusters that is not enough and its double, which is."""

_AT_ONCE = 16_384
"""Vectors held as float32."""

_GROWTH = 1.5
"""Lists in memory take so much more than they hold, since they grow by doubling."""

_MEMORY_SHARE = 0.6
"""Of the allowed memory, for lists."""

_FEWEST, _MOST, _UNBALANCED = 0.5, 1.5, 1.5
"""Clusters are kept while the vectors are so many times those that they were made for, and while they are not so many
times as unbalanced."""

_PART = ".part"
_LISTS, _ALL_SIZES = b"ilar", b"full"
"""What FAISS writes before lists, and before the sizes of all of them."""


def number_of_lists(vectors: int) -> int:
    """The power of two nearest to four times the root of the number of vectors, if there are enough to train it."""
    wanted = round(math.log2(4 * math.sqrt(vectors)))
    most = int(math.log2(max(1, vectors // _VECTORS_PER_LIST)))
    return 1 << min(wanted, most)


def save_originals(path: Path, blocks: Iterable[Block]) -> int:
    """Writes vectors as they are, for the index at `path`; gives their number."""
    count = 0
    with path.with_suffix(ORIGINALS).open("xb") as rows, path.with_suffix(KEYS).open("xb") as ids:
        for keys, vectors in blocks:
            rows.write(np.ascontiguousarray(vectors, "<f2").data)
            ids.write(np.ascontiguousarray(keys, "<i8").data)
            count += len(keys)
    return count


def still_fits(clusters: Clusters, vectors: int) -> bool:
    """Whether the clusters that were made for other vectors do for so many."""
    return _FEWEST * clusters.trained_on <= vectors <= _MOST * clusters.trained_on


def cluster(path: Path, dimensions: int, memory: int, threads: int) -> None:
    """Makes clusters of the originals beside `path` and writes the index there.

    Args:
        path: the FAISS file.
        dimensions: of a vector.
        memory: bytes that may be used; where the lists do not fit, they are filled part by part and put together on
            the disk.
        threads: for training.
    """
    keys, originals = open_originals(path, dimensions)
    faiss.omp_set_num_threads(threads)
    try:
        empty = _trained(originals)
        _fill_parts(empty, keys, originals, path, _per_part(memory, dimensions))
    finally:
        faiss.omp_set_num_threads(1)


def add_to_clusters(before: Path, path: Path, dimensions: int, memory: int, imbalance: float) -> bool:
    """Writes an index of the originals beside `path` with the clusters of the one at `before`.

    Args:
        before: another generation's FAISS file; most of the vectors stand in it.
        path: the FAISS file to write.
        dimensions: of a vector.
        memory: bytes that may be used.
        imbalance: of the clusters when they were made.

    Returns:
        False if the clusters have become too unbalanced.
    """
    keys, originals = open_originals(path, dimensions)
    per_part = _per_part(memory, dimensions)
    index: Any
    if len(keys) <= per_part:
        index = faiss.read_index(str(before))
        old_keys, old_originals = open_originals(before, dimensions)
        same = _same_rows(old_keys, old_originals, keys, originals)
        gone = old_keys[~np.isin(old_keys, keys[same], assume_unique=True)]
        index.remove_ids(faiss.IDSelectorBatch(gone))
        new = np.flatnonzero(~same)
        for start in range(0, len(new), _AT_ONCE):
            rows = new[start : start + _AT_ONCE]
            index.add_with_ids(originals[rows].astype(np.float32), keys[rows])
        if index.invlists.imbalance_factor() > imbalance * _UNBALANCED:
            return False
        write_index(index, path)
        return True
    # Too many to hold: new lists are filled, with the clusters as they were.
    index = read_mapped(before)
    _replace_lists(index, faiss.ArrayInvertedLists(index.nlist, index.code_size))
    index.ntotal = 0
    _fill_parts(index, keys, originals, path, per_part)
    return shape_of(path)[1] <= imbalance * _UNBALANCED


def measured(path: Path, dimensions: int, questions: Vectors, least: float) -> tuple[int, float]:
    """How many clusters have to be searched for a recall of `least`, and the recall with them.

    The index at `path` remembers the number.
    """
    keys, originals = open_originals(path, dimensions)
    nearest = _nearest(questions, keys, originals)
    index = read_mapped(path)
    lists = int(index.nlist)

    def recall(probed: int) -> float:
        vectors = PassageVectors(path, probed)
        found = (vectors.search(question[None], DEPTH)[0] for question in questions)
        hits = sum(len(np.intersect1d(one, other)) for one, other in zip(found, nearest, strict=True))
        return hits / nearest.size if nearest.size else 1.0

    too_few, probed = 0, min(_FIRST_PROBED, lists)
    while (reached := recall(probed)) < least and probed < lists:
        too_few, probed = probed, min(probed * 2, lists)
    for _ in range(_REFINED):
        middle = (too_few + probed) // 2
        if middle in (too_few, probed):
            break
        if (at_middle := recall(middle)) >= least:
            probed, reached = middle, at_middle
        else:
            too_few = middle
    index.nprobe = probed
    aside = path.with_suffix(".probed")
    write_index(index, aside)
    aside.replace(path)
    return probed, reached


def shape_of(path: Path) -> tuple[int, float]:
    """The number of clusters of the index at `path`, and how unbalanced they are: 1 if all are of one size."""
    index: Any = read_mapped(path)
    return int(index.nlist), float(index.invlists.imbalance_factor())


def _trained(originals: NDArray[np.float16]) -> Any:
    """An empty index whose clusters fit a sample of `originals`. Their keys are hashes, so the first are a sample."""
    count, dimensions = originals.shape
    lists = number_of_lists(count)
    quantizer = faiss.IndexFlatIP(dimensions)
    index: Any = faiss.IndexIVFScalarQuantizer(
        quantizer, dimensions, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.min_points_per_centroid = 1  # a warning on stderr otherwise, in an index of few vectors
    sample = originals[: min(count, max(lists * _TRAINED_PER_LIST, _AT_ONCE))].astype(np.float32)
    index.train(sample)
    return index


def _fill(index: Any, keys: Keys, originals: NDArray[np.float16]) -> None:
    for start in range(0, len(keys), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        index.add_with_ids(originals[rows].astype(np.float32), keys[rows])


def _per_part(memory: int, dimensions: int) -> int:
    """How many vectors of 8 bits a number, with their keys, lists in memory may hold."""
    return max(_AT_ONCE, int(memory * _MEMORY_SHARE / _GROWTH / (dimensions + np.dtype(np.int64).itemsize)))


def _fill_parts(empty: Any, keys: Keys, originals: NDArray[np.float16], path: Path, per_part: int) -> None:
    """Fills the index; where it has more than one part, one by one, which are then put together on the disk."""
    if len(keys) <= per_part:
        _fill(empty, keys, originals)
        write_index(empty, path)
        return
    parts: list[Path] = []
    for start in range(0, len(keys), per_part):
        part = faiss.clone_index(empty)
        _fill(part, keys[start : start + per_part], originals[start : start + per_part])
        parts.append(path.with_suffix(f"{_PART}{len(parts)}"))
        write_index(part, parts[-1])
        del part
    _join(empty, [read_mapped(part) for part in parts], path)
    for name in parts:
        name.unlink()


def _join(empty: Any, parts: list[Any], path: Path) -> None:
    """Writes the lists of `parts` as one index, list by list, as FAISS writes it (impl/index_write.cpp, "ilar"):
    after the index's own head the number of lists, bytes of a code, sizes of the lists, and each one's codes and keys.
    """
    sizes = np.array([[part.invlists.list_size(number) for number in range(empty.nlist)] for part in parts], "<u8")
    empty.ntotal = int(sizes.sum())
    written = faiss.serialize_index(empty).tobytes()
    head = written[: written.rindex(_LISTS)]
    with path.open("xb") as file:
        file.write(head + _LISTS + struct.pack("<QQ", empty.nlist, empty.code_size) + _ALL_SIZES)
        file.write(struct.pack("<Q", empty.nlist) + sizes.sum(axis=0).tobytes())
        for number in range(empty.nlist):
            filled = [part.invlists for part, size in zip(parts, sizes[:, number], strict=True) if size]
            for lists in filled:
                count = lists.list_size(number) * empty.code_size
                file.write(faiss.rev_swig_ptr(lists.get_codes(number), count).data)
            for lists in filled:
                file.write(faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).data)


def _replace_lists(index: Any, lists: Any) -> None:
    index.replace_invlists(lists, True)
    lists.this.disown()  # the index owns them now


def _same_rows(
    old_keys: Keys, old: NDArray[np.float16], keys: Keys, originals: NDArray[np.float16]
) -> NDArray[np.bool_]:
    """Which rows of `originals` stand in `old` under the same key with the same numbers."""
    if not len(old_keys):
        return np.zeros(len(keys), np.bool_)
    at = np.minimum(np.searchsorted(old_keys, keys), len(old_keys) - 1)
    same: NDArray[np.bool_] = old_keys[at] == keys
    for rows in _parts(np.flatnonzero(same)):
        same[rows] = (old[at[rows]] == originals[rows]).all(axis=1)
    return same


def _parts(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def _nearest(questions: Vectors, keys: Keys, originals: NDArray[np.float16]) -> Keys:
    """Keys of the `DEPTH` nearest to each question, by comparing all; shape (questions, DEPTH or fewer)."""
    depth = min(DEPTH, len(keys))
    scores = np.full((len(questions), 0), 0.0, np.float32)
    found = np.empty((len(questions), 0), np.int64)
    for start in range(0, len(keys), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        scores = np.hstack([scores, questions @ originals[rows].astype(np.float32).T])
        found = np.hstack([found, np.broadcast_to(keys[rows], (len(questions), len(keys[rows])))])
        best = np.argpartition(-scores, min(depth, scores.shape[1]) - 1, axis=1)[:, :depth]
        scores, found = np.take_along_axis(scores, best, 1), np.take_along_axis(found, best, 1)
    return found
