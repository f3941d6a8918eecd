"""The stages of a build after the store: vectors and terms, made anew or by adding to those of another generation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qabot.encoders.encoder import Encoder, Vectors, knows
from qabot.errors import WriteError
from qabot.index.clustered import (
    add_to_clusters,
    cluster,
    measured,
    save_originals,
    shape_of,
    still_fits,
)
from qabot.index.copying import copy_checked
from qabot.index.generation import ARTICLES, TERMS, VECTORS, Generation
from qabot.index.manifest import Clusters
from qabot.index.progress import Progress
from qabot.index.store import Store
from qabot.index.terms import TermsWriter
from qabot.index.vectors import Block, canonical, save_vectors
from qabot.passages.context import embedded_text, indexed_text
from qabot.settings import Settings

_ENCODED_AT_ONCE = 1024
"""Passages handed to the encoder together: enough to sort them by length, few enough to bound memory."""

_MEGABYTE = 1_000_000

_QUESTIONS = 200
"""Sentences that the recall of clustered vectors is measured with."""

_EXACT_TERMS = 100_000
"""Up to so many passages, terms are written anew when some have gone, so that no trace of these is left in the scores.
It takes half a minute."""


@dataclass(frozen=True, slots=True)
class Vectored:
    """What the stage of vectors did."""

    vectors: int
    reused: int
    clusters: Clusters | None


def write_vectors(
    folder: Path,
    store: Store,
    encoder: Encoder,
    before: Generation | None,
    settings: Settings,
    progress: Progress,
    *,
    whole: bool,
    threads: int,
) -> Vectored:
    """Writes the vectors of all passages in languages that the model knows.

    Args:
        folder: of the generation to make; its store is written.
        store: that store, opened.
        encoder: embeds the passages that have no vector in `before`.
        before: the generation before, made by the same recipe.
        settings: what is exact, what is clustered, and how well.
        progress: hears of each passage.
        whole: make new clusters.
        threads: for that.
    """
    by_language = store.passages_by_language()
    spoken = [language for language in by_language if knows(encoder, language)]
    total = sum(by_language[language] for language in spoken)
    reused = 0

    def blocks() -> Iterator[Block]:
        nonlocal reused
        older = before.folder / ARTICLES if before else None
        for pairs in store.matched_passages(older, spoken):
            keys, there = np.array(pairs, np.int64).T
            vectors = np.empty((len(keys), encoder.dimensions), np.float32)
            present = np.zeros(len(keys), np.bool_)
            if before:
                present, vectors[present] = before.vectors.get(there)
            reused += int(present.sum())
            progress.advance(int(present.sum()))
            new = np.flatnonzero(~present)
            for start in range(0, len(new), _ENCODED_AT_ONCE):
                rows = new[start : start + _ENCODED_AT_ONCE]
                texts = [embedded_text(article, passage) for passage, article in store.passages(keys[rows].tolist())]
                vectors[rows] = canonical(encoder.encode_passages(texts, progress.advance))
            yield keys, vectors

    path = folder / VECTORS
    memory = settings.max_memory_mb * _MEGABYTE
    progress.stage("Embedding passages", total)
    if searched_exactly(total, encoder.dimensions, settings):
        _require_room(folder, total * encoder.dimensions * 4)
        return Vectored(save_vectors(path, encoder.dimensions, blocks(), total), reused, None)
    _require_room(folder, total * encoder.dimensions * 3)
    save_originals(path, blocks())
    progress.stage("Clustering vectors", None)
    kept = before.manifest.clusters if before and not whole else None
    if before and kept and still_fits(kept, total):
        fits = add_to_clusters(before.folder / VECTORS, path, encoder.dimensions, memory, kept.imbalance)
        kept = kept if fits else None
    else:
        kept = None
    if kept is None:
        cluster(path, encoder.dimensions, memory, threads)
    lists, imbalance = shape_of(path)
    questions = _questions(store, encoder, spoken)
    probed, recall = measured(path, encoder.dimensions, questions, settings.least_recall)
    made = Clusters(
        lists=lists,
        probed=probed,
        recall=round(recall, 4),
        questions=len(questions),
        trained_on=kept.trained_on if kept else total,
        imbalance=kept.imbalance if kept else round(imbalance, 4),
    )
    return Vectored(total, reused, made)


def searched_exactly(vectors: int, dimensions: int, settings: Settings) -> bool:
    """Whether a question is compared with all vectors: there are not too many, and they fill half of the memory."""
    return vectors <= settings.exact_vectors and vectors * dimensions * 4 <= settings.max_memory_mb * _MEGABYTE // 2


def write_terms(
    folder: Path,
    store: Store,
    before: Generation | None,
    passages: int,
    changed: tuple[list[int], list[int]],
    progress: Progress,
) -> None:
    """Writes the terms of all passages.

    Args:
        folder: of the generation to make; its store is written.
        store: that store, opened.
        before: the generation whose terms are added to; None to write all.
        passages: how many there are.
        changed: keys of the articles that have gone since `before`, and of the new ones.
        progress: hears of each passage.
    """
    dropped, added = changed
    if before is None or (dropped and passages <= _EXACT_TERMS):
        progress.stage("Indexing terms", passages)
        writer = TermsWriter(folder / TERMS)
        rows = store.every_passage()
    else:
        progress.stage("Indexing terms", None)
        _copy_terms(before, folder)
        writer = TermsWriter(folder / TERMS)
        if dropped:
            writer.remove(dropped)
        rows = store.every_passage(added)
    for row in rows:
        writer.add(row.key, row.article_key, indexed_text(row.article, row.passage), row.article.language)
        progress.advance(1)
    writer.close()


def _copy_terms(before: Generation, folder: Path) -> None:
    (folder / TERMS).mkdir()
    for name, entry in before.manifest.files.items():
        if name.startswith(f"{TERMS}/"):
            copy_checked(before.folder / name, folder / name, entry)


def _questions(store: Store, encoder: Encoder, languages: list[str]) -> Vectors:
    """The vectors of sentences as if they were asked: one of the middle of each of some passages, spread over all."""
    texts = []
    for row in store.sample(_QUESTIONS, languages):
        start, end = row.passage.sentences[len(row.passage.sentences) // 2]
        texts.append(row.article.text[start:end])
    return encoder.encode_questions(texts)


def _require_room(folder: Path, needed: int) -> None:
    """Raises WriteError if so many bytes surely do not fit on the disk: better now than after an hour."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        cause = f"{folder.parent} has room for {free / 1e6:,.1f} MB, but the vectors alone need {needed / 1e6:,.1f} MB"
        raise WriteError(cause, "The index in service is untouched. Make room; then: qabot index")
