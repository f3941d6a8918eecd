"""Clustered vectors: what a search in some clusters finds of what comparing all would find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qabot.encoders.encoder import Vectors
from qabot.errors import DamagedIndexError
from qabot.index.clustered import (
    add_to_clusters,
    cluster,
    measured,
    number_of_lists,
    save_originals,
    shape_of,
)
from qabot.index.vectors import Block, PassageVectors, canonical

DIMENSIONS = 16
MEMORY = 100_000_000


def unit(rows: Vectors) -> Vectors:
    normal: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return canonical(normal)


def drawn(count: int, seed: int = 0) -> Block:
    """Keys, ascending, and vectors that lie in heaps."""
    chance = np.random.default_rng(seed)
    heaps = chance.normal(size=(40, DIMENSIONS))
    rows = heaps[chance.integers(0, 40, count)] + 0.4 * chance.normal(size=(count, DIMENSIONS))
    keys = np.unique(chance.integers(0, 2**62, count * 2))[:count]
    return keys, unit(rows.astype(np.float32))


def questions(count: int, seed: int = 9) -> Vectors:
    return unit(drawn(count, seed)[1] + 0.1)


def exact(block: Block, question: Vectors, limit: int) -> list[int]:
    order = np.argsort(-(block[1] @ question), kind="stable")[:limit]
    found: list[int] = block[0][order].tolist()
    return found


def saved(path: Path, block: Block) -> Path:
    keys, vectors = block
    half = len(keys) // 2
    assert save_originals(path, [(keys[:half], vectors[:half]), (keys[half:], vectors[half:])]) == len(keys)
    return path


@pytest.fixture(scope="module")
def block() -> Block:
    return drawn(4000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, block: Block) -> Path:
    path = saved(tmp_path_factory.mktemp("clustered") / "vectors.faiss", block)
    cluster(path, DIMENSIONS, MEMORY, threads=1)
    measured(path, DIMENSIONS, questions(50), 0.99)
    return path


def test_lists_are_about_four_roots_and_never_too_many_to_train() -> None:
    assert [number_of_lists(count) for count in (1, 50, 500, 200_000, 1_000_000)] == [1, 1, 8, 2048, 4096]


def test_the_measured_recall_holds_for_other_questions(path: Path, block: Block) -> None:
    vectors = PassageVectors(path)
    lists, _ = shape_of(path)
    assert 1 <= vectors.probed < lists
    found = [set(vectors.search(q[None], 10)[0].tolist()) & set(exact(block, q, 10)) for q in questions(200, seed=3)]
    assert sum(map(len, found)) / 2000 >= 0.97


def test_more_clusters_are_searched_where_less_recall_is_not_enough(tmp_path: Path, block: Block) -> None:
    path = saved(tmp_path / "vectors.faiss", block)
    cluster(path, DIMENSIONS, MEMORY, threads=1)
    few, low = measured(path, DIMENSIONS, questions(50), 0.1)
    all_of_them, high = measured(path, DIMENSIONS, questions(50), 1.0)
    assert few < all_of_them <= shape_of(path)[0]
    assert low < high == 1.0
    assert PassageVectors(path).probed == all_of_them


def test_scores_are_those_of_the_vectors_as_they_were(path: Path, block: Block) -> None:
    vectors = PassageVectors(path)
    question = questions(1)
    keys, scores = vectors.search(question, 20)
    present, rows = vectors.get(keys)
    assert present.all()
    assert scores == pytest.approx(rows @ question[0])
    assert (np.diff(scores) <= 0).all()
    assert np.array_equal(vectors.get(block[0])[1], block[1])


@pytest.mark.parametrize("among", [7, 3000])
def test_search_among_some_passages_gives_only_those(
    path: Path, block: Block, among: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qabot.index.vectors._EXACTLY_AMONG", 1000)
    chosen = block[0][:among]
    vectors = PassageVectors(path)
    part = (chosen, block[1][:among])
    found = [vectors.search(q[None], 10, chosen.tolist())[0].tolist() for q in questions(40)]
    assert all(set(keys) <= set(chosen.tolist()) for keys in found)
    hits = sum(len(set(keys) & set(exact(part, q, 10))) for keys, q in zip(found, questions(40), strict=True))
    assert hits >= 0.97 * 40 * min(among, 10)


def test_added_and_removed_vectors_are_found_and_not_found(tmp_path: Path, path: Path, block: Block) -> None:
    keys, rows = block
    new_keys, new_rows = drawn(200, seed=5)
    kept = np.arange(len(keys)) % 20 != 0
    changed = rows.copy()
    changed[1] = rows[2]  # the same key with another vector
    order = np.argsort(np.concatenate([keys[kept], new_keys]))
    now = np.concatenate([keys[kept], new_keys])[order], np.concatenate([changed[kept], new_rows])[order]
    added = saved(tmp_path / "vectors.faiss", now)
    assert add_to_clusters(path, added, DIMENSIONS, MEMORY, shape_of(path)[1])
    measured(added, DIMENSIONS, questions(50), 0.99)
    vectors = PassageVectors(added)
    assert len(vectors) == len(now[0])
    assert vectors.search(rows[2:3], 2)[0].tolist() == sorted(keys[1:3].tolist())
    assert keys[0] not in vectors.search(rows[:1], 50)[0]
    found = [len(set(vectors.search(q[None], 10)[0].tolist()) & set(exact(now, q, 10))) for q in questions(100, seed=3)]
    assert sum(found) >= 970
    assert len(PassageVectors(path)) == 4000


def test_clusters_that_have_become_unbalanced_are_not_kept(tmp_path: Path, path: Path, block: Block) -> None:
    keys, rows = block
    one_heap = unit(rows[:1] + 0.01 * np.random.default_rng(1).normal(size=(1500, DIMENSIONS)).astype(np.float32))
    new_keys = np.setdiff1d(np.arange(1500, dtype=np.int64), keys)
    now = np.concatenate([new_keys, keys]), np.concatenate([one_heap, rows])
    added = saved(tmp_path / "vectors.faiss", now)
    assert not add_to_clusters(path, added, DIMENSIONS, MEMORY, shape_of(path)[1])


def test_lists_that_do_not_fit_in_memory_are_put_together_on_the_disk(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    block = drawn(40_000)
    small, large = tmp_path / "small", tmp_path / "large"
    for folder, memory in ((small, 1000), (large, MEMORY)):
        folder.mkdir()
        path = saved(folder / "vectors.faiss", block)
        cluster(path, DIMENSIONS, memory, threads=1)
        measured(path, DIMENSIONS, questions(20), 0.99)
    assert {file.name for file in small.iterdir()} == {"vectors.faiss", "vectors.f16", "vectors.keys"}
    on_disk, in_memory = PassageVectors(small / "vectors.faiss"), PassageVectors(large / "vectors.faiss")
    sizes = [(path / "vectors.faiss").stat().st_size for path in (small, large)]
    assert sizes[0] == sizes[1]
    for question in questions(20, seed=4):
        assert on_disk.search(question[None], 10)[0].tolist() == in_memory.search(question[None], 10)[0].tolist()
    moved = small.rename(tmp_path / "moved")
    assert len(PassageVectors(moved / "vectors.faiss").search(questions(1), 10)[0]) == 10
    added = tmp_path / "added"
    added.mkdir()
    again = saved(added / "vectors.faiss", block)
    assert add_to_clusters(moved / "vectors.faiss", again, DIMENSIONS, 1000, 2.0)
    assert capfd.readouterr().out == ""
    assert PassageVectors(again).search(questions(1), 10)[0].tolist() == on_disk.search(questions(1), 10)[0].tolist()


def test_files_beside_that_do_not_fit_are_refused(tmp_path: Path, block: Block) -> None:
    path = saved(tmp_path / "vectors.faiss", block)
    cluster(path, DIMENSIONS, MEMORY, threads=1)
    originals = path.with_suffix(".f16").read_bytes()
    for name, damaged in ((".f16", originals[:-32]), (".keys", b"")):
        whole = path.with_suffix(name).read_bytes()
        path.with_suffix(name).write_bytes(damaged)
        with pytest.raises(DamagedIndexError):
            PassageVectors(path)
        path.with_suffix(name).write_bytes(whole)
    path.with_suffix(".f16").unlink()
    with pytest.raises(DamagedIndexError):
        PassageVectors(path)
