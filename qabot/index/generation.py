"""Generation: one immutable index, opened for searching."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qabot.encoders.encoder import Vectors
from qabot.errors import DamagedIndexError, StaleIndexError
from qabot.index.checksums import check_files
from qabot.index.manifest import Manifest, Recipe, read_manifest
from qabot.index.publishing import current_generation
from qabot.index.store import Store
from qabot.index.terms import Hits, Terms
from qabot.index.vectors import PassageVectors

ARTICLES, VECTORS, TERMS = "articles.sqlite", "vectors.faiss", "terms"
"""The parts of a generation, in its folder."""

_CHECKED = "checked.json"
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Generation:
    """An index in service: articles and passages, vectors, terms. Safe to use from several threads."""

    folder: Path
    manifest: Manifest
    store: Store
    vectors: PassageVectors
    terms: Terms

    @property
    def id(self) -> str:
        return self.manifest.generation

    def dense(self, question: Vectors, limit: int, passages: Sequence[int] | None = None) -> Hits:
        """The passages nearest to the question's vector, shape (1, dimensions); among `passages` if given."""
        return self.vectors.search(question, limit, passages)

    def lexical(self, question: str, limit: int, articles: Sequence[int] | None = None) -> Hits:
        """The best passages by BM25; in `articles` if given."""
        return self.terms.search(question, limit, articles)

    def close(self) -> None:
        self.store.close()


def open_generation(folder: Path, cache: Path) -> Generation:
    """Checks every file of the generation in `folder` against its manifest, then opens it.

    Args:
        folder: a published generation.
        cache: a folder for the memory of which big files were checked before; need not be writable.

    Raises:
        DamagedIndexError: a file or count is not as the manifest says.
        StaleIndexError: written by another schema.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest.files, cache / _CHECKED)
    store = Store(folder / ARTICLES)
    counts = store.counts()
    vectors, terms = PassageVectors(folder / VECTORS), Terms(folder / TERMS, counts.languages)
    generation = Generation(folder, manifest, store, vectors, terms)
    found = (counts.articles, counts.passages, len(generation.vectors), len(generation.terms))
    if found != (manifest.articles, manifest.passages, manifest.vectors, manifest.passages):
        generation.close()
        raise DamagedIndexError(
            f"{folder} holds {found} articles, passages, vectors and term entries, not what its manifest says",
            "Build it again: qabot index",
        )
    return generation


def open_current(generations: Path, cache: Path) -> Generation:
    """Opens the generation in service; raises as `open_generation` does, and NoIndexError if there is none."""
    for _ in range(_ATTEMPTS):
        # A build may publish a generation and remove older ones while they are being opened: then look again.
        with suppress(DamagedIndexError):
            return open_generation(current_generation(generations), cache)
    return open_generation(current_generation(generations), cache)


def check_recipe(generation: Generation, recipe: Recipe) -> None:
    """Compares what the generation was made by with what would be used now.

    Raises:
        StaleIndexError: they differ; vectors of one cannot be compared with questions of the other.
    """
    made, wanted = generation.manifest.recipe, recipe
    if made == wanted:
        return
    if made.fingerprint != wanted.fingerprint:
        cause = f"The index was made by the model {made.model!r}, which differs from {wanted.model!r} as set now"
    elif made.passage_tokens != wanted.passage_tokens:
        cause = f"The index has passages of {made.passage_tokens} word pieces; set now are {wanted.passage_tokens}"
    else:
        cause = "The index was made by another version of qabot"
    raise StaleIndexError(cause, "Build it again: qabot index")
