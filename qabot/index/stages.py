"""The stages of a build, in order: articles and passages, then stories, vectors and terms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from qabot.articles.article import Article
from qabot.articles.folder import read_folder
from qabot.articles.skipped import Skipped
from qabot.encoders.encoder import Encoder, knows
from qabot.errors import SeedsError
from qabot.index.clusters import find_stories
from qabot.index.generation import ARTICLES, TERMS, VECTORS, Generation
from qabot.index.progress import Progress
from qabot.index.repeats import sentence_hashes
from qabot.index.store import HashedPassage, Store
from qabot.index.store_writer import StoreWriter, save_stories
from qabot.index.terms import TermsWriter
from qabot.index.vectors import Block, save_vectors
from qabot.passages.context import embedded_text, indexed_text
from qabot.passages.passage import Passage
from qabot.passages.windows import count_by_words, split_passages
from qabot.settings import Settings

_ENCODED_AT_ONCE = 1024
"""Passages handed to the encoder together: enough to sort them by length, few enough to bound memory."""


def write_articles(
    folder: Path, settings: Settings, encoder: Encoder, before: Generation | None, strict: bool, progress: Progress
) -> list[Skipped]:
    progress.stage("Reading articles", None)
    known = before.store.record_hashes() if before else {}
    skipped: list[Skipped] = []
    writer = StoreWriter(folder / ARTICLES)
    count = 0
    for item in read_folder(settings.seeds_folder, max_file_mb=settings.max_file_mb):
        if isinstance(item, Skipped):
            if strict and not item.harmless:
                raise SeedsError(f"{item.path}: {item.reason}", "Mend or remove it, or leave --strict out")
            skipped.append(item)
            continue
        if before and known.get(item.id) == item.record_hash:
            passages: Iterable[HashedPassage] = before.store.hashed_passages(item.id)
        else:
            count_tokens = encoder.count_tokens if knows(encoder, item.language) else count_by_words
            split = split_passages(item, count_tokens, settings.passage_tokens)
            passages = [_hashed(item, passage) for passage in split]
        writer.add(item, passages)
        count += 1
        progress.advance(1)
    writer.close()
    if not count:
        why = f" ({skipped[0].path}: {skipped[0].reason})" if skipped else ""
        raise SeedsError(f"There is no article in {settings.seeds_folder}{why}", "Put .txt, .md or .jsonl files there")
    return skipped


def write_stories(folder: Path, progress: Progress) -> None:
    """Finds the articles that tell one story. The store must not be open: who opens it takes it for immutable."""
    with closing(Store(folder / ARTICLES)) as store:
        keys = store.article_keys()
        progress.stage("Finding repeated stories", len(keys))
        stories = find_stories(keys, store.article, progress.advance)
    save_stories(folder / ARTICLES, stories)


def write_vectors(
    folder: Path, store: Store, encoder: Encoder, before: Generation | None, progress: Progress
) -> tuple[int, int]:
    """Writes the vectors; gives how many were reused and how many there are."""
    same = store.same_texts(before.folder / ARTICLES) if before else {}
    reused = 0

    def blocks() -> Iterator[Block]:
        nonlocal reused
        known = (row for row in store.every_passage() if knows(encoder, row.article.language))
        while rows := list(islice(known, _ENCODED_AT_ONCE)):
            vectors = np.empty((len(rows), encoder.dimensions), np.float32)
            present = np.zeros(len(rows), np.bool_)
            if before:
                present, found = before.vectors.get(np.array([same.get(row.key, 0) for row in rows], np.int64))
                vectors[present] = found
                reused += len(found)
                progress.advance(len(found))
            new = [embedded_text(row.article, row.passage) for row, old in zip(rows, present, strict=True) if not old]
            vectors[~present] = encoder.encode_passages(new, progress.advance)
            yield np.array([row.key for row in rows], np.int64), vectors

    languages = store.passages_by_language().items()
    progress.stage("Embedding passages", sum(count for language, count in languages if knows(encoder, language)))
    count = save_vectors(folder / VECTORS, encoder.dimensions, blocks())
    return reused, count


def write_terms(folder: Path, store: Store, passages: int, progress: Progress) -> None:
    progress.stage("Indexing terms", passages)
    writer = TermsWriter(folder / TERMS)
    for row in store.every_passage():
        writer.add(row.key, row.article_key, indexed_text(row.article, row.passage), row.article.language)
        progress.advance(1)
    writer.close()


def _hashed(article: Article, passage: Passage) -> HashedPassage:
    text_hash = hashlib.sha256(embedded_text(article, passage).encode()).digest()[:16]
    return HashedPassage(passage, text_hash, sentence_hashes(article, passage))
