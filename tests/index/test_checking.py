"""Checking: what is wrong inside a generation whose checksums are right is found and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qabot.encoders.encoder import Encoder, Vectors
from qabot.index.building import build
from qabot.index.checking import check_generation
from qabot.index.checksums import entries
from qabot.index.generation import Generation, open_generation
from qabot.index.manifest import read_manifest, write_manifest
from qabot.index.progress import Silent
from qabot.index.vectors import PassageVectors, save_vectors
from qabot.settings import Settings


@pytest.fixture
def folder(settings: Settings, encoder: Encoder) -> Path:
    text = "Die Imker in Slowenien zählten in diesem Frühjahr mehr als elftausend Bienenstöcke."
    (settings.seeds_folder / "de.txt").write_text(text, encoding="utf-8")
    return build(settings, encoder).folder


def found(folder: Path, settings: Settings, encoder: Encoder) -> dict[str, str]:
    """The problems, by the name of the check, of a generation whose manifest is made to fit its files."""
    manifest = read_manifest(folder)
    write_manifest(folder, manifest.model_copy(update={"files": entries(folder)}))
    with closing(open_generation(folder, settings.cache_folder)) as generation:
        return {item.name: item.text for item in check_generation(generation, encoder, Silent()) if item.problem}


def change(folder: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(folder / "articles.sqlite")) as db, db:
        db.execute(statement, values)


def test_a_good_generation_has_no_problem(folder: Path, settings: Settings, encoder: Encoder) -> None:
    with closing(open_generation(folder, settings.cache_folder)) as generation:
        findings = check_generation(generation, encoder, Silent())
    assert [item.name for item in findings] == ["articles", "passages", "vectors", "terms"]
    assert not any(item.problem for item in findings)
    assert [item.text.split()[0].rstrip(",") for item in findings] == ["4", "4", "3", "4"]


@pytest.mark.parametrize(
    "spans", ["[0,9999]", "[10,5]", "[0,20,10,30]", "[]", "[-5,10]", "[1,2,3]", "nonsense", '{"a": 1}']
)
def test_a_sentence_out_of_its_article_or_out_of_order_is_found(
    folder: Path, settings: Settings, encoder: Encoder, spans: str
) -> None:
    change(folder, "UPDATE passages SET sentences = ? WHERE key = (SELECT min(key) FROM passages)", spans)
    assert list(found(folder, settings, encoder)) == ["passages"]


def test_a_text_that_is_not_the_one_that_was_hashed_is_found(
    folder: Path, settings: Settings, encoder: Encoder
) -> None:
    change(folder, "UPDATE articles SET text = replace(text, '12 million', '13 million')")
    problems = found(folder, settings, encoder)
    assert problems["articles"] == "article dam is not the one that was hashed"
    assert "of article dam has another text than was hashed" in problems["passages"]


def saved(folder: Path, alter: Callable[[Sequence[int], Vectors], tuple[Sequence[int], Vectors]]) -> None:
    path = folder / "vectors.faiss"
    before = PassageVectors(path)
    _, vectors = before.get(before.keys)
    keys, vectors = alter(before.keys.tolist(), vectors.copy())
    path.unlink()
    save_vectors(path, before.dimensions, [(np.array(keys, np.int64), vectors)], len(keys))


def test_a_vector_of_no_passage_is_found(folder: Path, settings: Settings, encoder: Encoder) -> None:
    saved(folder, lambda keys, vectors: ([*keys[:-1], keys[-1] + 9], vectors))
    assert found(folder, settings, encoder)["vectors"].endswith("has none, and 1 more")


@pytest.mark.parametrize("value", [np.nan, 0.0, 5.0])
def test_a_vector_of_another_length_is_found(folder: Path, settings: Settings, encoder: Encoder, value: float) -> None:
    def alter(keys: Sequence[int], vectors: Vectors) -> tuple[Sequence[int], Vectors]:
        vectors[1] = value
        return keys, vectors

    saved(folder, alter)
    assert "has length" in found(folder, settings, encoder)["vectors"]


def test_terms_of_other_passages_are_found(folder: Path, settings: Settings, encoder: Encoder) -> None:
    with closing(open_generation(folder, settings.cache_folder)) as generation:
        keys = [row.key for row in generation.store.every_passage()]
        assert generation.terms.count_passages(keys[0], keys[-1]) == len(keys)
        assert generation.terms.count_passages(keys[0] + 1, keys[-1] - 1) == len(keys) - 2
        (settings.seeds_folder / "zoo.txt").write_text("A zoo.", encoding="utf-8")
        with closing(open_generation(build(settings, encoder).folder, settings.cache_folder)) as other:
            mixed: Generation = replace(generation, terms=other.terms)
            findings = {item.name: item for item in check_generation(mixed, encoder, Silent())}
    assert findings["terms"].problem
