"""Vectors: exact search by cosine, whole or among some passages, and reading them back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qabot.encoders.encoder import Vectors
from qabot.errors import DamagedIndexError
from qabot.index.vectors import PassageVectors, canonical, save_vectors

DIMENSIONS = 8


@pytest.fixture
def rows() -> Vectors:
    rows = np.random.default_rng(1).normal(size=(50, DIMENSIONS)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return canonical(unit)


@pytest.fixture
def vectors(tmp_path: Path, rows: Vectors) -> PassageVectors:
    keys = np.arange(50, dtype=np.int64) * 3 + 1
    blocks = [(keys[:20], rows[:20]), (keys[20:], rows[20:])]
    assert save_vectors(tmp_path / "v.faiss", DIMENSIONS, blocks, 50) == 50
    return PassageVectors(tmp_path / "v.faiss")


def test_search_gives_the_nearest_by_cosine(vectors: PassageVectors, rows: Vectors) -> None:
    keys, scores = vectors.search(rows[7:8], 5)
    exact = np.argsort(-(rows @ rows[7]))[:5]
    assert keys.tolist() == (exact * 3 + 1).tolist()
    assert scores[0] == pytest.approx(1, abs=0.001)


def test_search_among_some_passages_gives_only_those(vectors: PassageVectors, rows: Vectors) -> None:
    keys, _ = vectors.search(rows[7:8], 5, passages=[4, 22, 100])
    assert set(keys.tolist()) == {4, 22, 100}
    assert keys[0] == 22


def test_more_are_asked_for_than_there_are(vectors: PassageVectors, rows: Vectors) -> None:
    assert len(vectors.search(rows[:1], 1000)[0]) == 50


def test_vectors_are_read_back_by_key_and_missing_keys_told(vectors: PassageVectors, rows: Vectors) -> None:
    present, found = vectors.get(np.array([1, 2, 148, 999]))
    assert present.tolist() == [True, False, True, False]
    assert np.array_equal(found, rows[[0, 49]])


def test_an_index_without_vectors_finds_nothing(tmp_path: Path) -> None:
    assert save_vectors(tmp_path / "v.faiss", DIMENSIONS, [], 0) == 0
    empty = PassageVectors(tmp_path / "v.faiss")
    assert empty.search(np.ones((1, DIMENSIONS), np.float32), 5)[0].size == 0
    assert empty.get(np.array([1]))[0].tolist() == [False]


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.faiss").write_bytes(b"not an index")
    with pytest.raises(DamagedIndexError):
        PassageVectors(tmp_path / "v.faiss")


def test_the_passages_of_articles_are_a_range_of_keys(tmp_path: Path, rows: Vectors) -> None:
    keys = np.array([key for article in (3, 5, 8) for key in range(article << 20, (article << 20) + 4)])
    save_vectors(tmp_path / "v.faiss", DIMENSIONS, [(keys, rows[:12])], 12)
    vectors = PassageVectors(tmp_path / "v.faiss")
    assert vectors.passages_of([8, 3, 4, 3]).tolist() == [*keys[:4].tolist(), *keys[8:].tolist()]
    assert vectors.passages_of([]).tolist() == []
    assert vectors.search(rows[:1], 5, vectors.passages_of([]))[0].tolist() == []
