"""Generation: one immutable index, opened for searching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qabot.encoders.encoder import Vectors
from qabot.errors import DamagedIndexError, NoIndexError, StaleIndexError
from qabot.index.checksums import check_files
from qabot.index.language_means import LanguageMeans, read_language_means
from qabot.index.lease import Lease
from qabot.index.manifest import MANIFEST, Manifest, Recipe, read_manifest
from qabot.index.publishing import current_generation, generation_id, generations_before
from qabot.index.store import Store
from qabot.index.terms import Hits, Terms
from qabot.index.vectors import Keys, PassageVectors

ARTICLES, VECTORS, TERMS = "articles.sqlite", "vectors.faiss", "terms"
"""The parts of a generation, in its folder."""

_CHECKED = "checked.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """An index in service: articles and passages, vectors, terms. Safe to use from several threads.

    No process removes its folder before it is closed. `notice` says why it serves instead of a newer one that is
    damaged; None where it is the one that CURRENT names.
    """

    folder: Path
    manifest: Manifest
    store: Store
    vectors: PassageVectors
    terms: Terms
    means: LanguageMeans
    lease: Lease
    notice: str | None = None

    @property
    def id(self) -> str:
        return self.manifest.generation

    def dense(self, question: Vectors, limit: int, passages: Sequence[int] | Keys | None = None) -> Hits:
        """The passages nearest to the question's vector, shape (1, dimensions); among `passages` if given."""
        return self.vectors.search(question, limit, passages)

    def lexical(self, question: str, limit: int, articles: Sequence[int] | None = None) -> Hits:
        """The best passages by BM25; in `articles` if given."""
        return self.terms.search(question, limit, articles)

    def close(self) -> None:
        self.store.close()
        self.lease.close()


def open_generation(folder: Path, cache: Path | None) -> Generation:
    """Checks every file of the generation in `folder` against its manifest, then opens it.

    Args:
        folder: a published generation.
        cache: a folder for the memory of which big files were checked before; need not be writable. None: all files
            are hashed, whatever was checked before.

    Raises:
        DamagedIndexError: a file or count is not as the manifest says.
        StaleIndexError: written by another schema.
    """
    lease = Lease(folder)
    try:
        return _opened(folder, cache, lease)
    except BaseException:
        lease.close()
        raise


def open_current(generations: Path, cache: Path | None) -> Generation:
    """Opens the generation in service. If that one is damaged, opens the last good one before it, and `notice` says so.

    A generation that is newer than the one in service is never opened: its publication was not finished, or it was
    taken back. Only where CURRENT cannot be read is the newest good one of all taken.

    Raises:
        NoIndexError: none was published.
        DamagedIndexError: none is whole.
        StaleIndexError: the one in service was written by another schema.
    """
    while True:
        named: Path | None = None
        try:
            named = current_generation(generations)
            return open_generation(named, cache)
        except DamagedIndexError as error:
            if named and _named_now(generations) not in (named, None):
                continue  # a build has published another one, and removed this one, while it was being opened
            if good := _last_good(generations, named, cache):
                notice = f"{error.cause}. Generation {good.id}, the last good one, serves. Build a new one: qabot index"
                return replace(good, notice=notice)
            raise


def check_recipe(generation: Generation, recipe: Recipe) -> None:
    """Compares what the generation was made by with what would be used now, as `compare_recipes` does."""
    compare_recipes(generation.manifest.recipe, recipe)


def compare_recipes(made: Recipe, wanted: Recipe) -> None:
    """Compares what an index was made by with what would be used now.

    Raises:
        StaleIndexError: they differ; vectors of one cannot be compared with questions of the other.
    """
    if made == wanted:
        return
    mend = "Build it again: qabot index"
    if made.fingerprint != wanted.fingerprint:
        cause = f"The index was made by the model {made.model!r}, which differs from {wanted.model!r} as set now"
        if made.model != wanted.model:
            mend += f', or keep it: set model = "{made.model}" in config/qabot.toml'
    elif made.passage_tokens != wanted.passage_tokens:
        cause = f"The index has passages of {made.passage_tokens} word pieces; set now are {wanted.passage_tokens}"
    else:
        cause = "The index was made by another version of qabot"
    raise StaleIndexError(cause, mend)


def _opened(folder: Path, cache: Path | None, lease: Lease) -> Generation:
    manifest = read_manifest(folder)
    if manifest.generation != generation_id(folder):
        cause = f"{folder / MANIFEST} is that of generation {manifest.generation}"
        raise DamagedIndexError(cause, "Build it again: qabot index")
    check_files(folder, manifest.files, cache / _CHECKED if cache else None)
    store = Store(folder / ARTICLES)
    try:
        counts = store.counts()
        vectors, terms = PassageVectors(folder / VECTORS), Terms(folder / TERMS, counts.languages)
        _check_counts(folder, manifest, (counts.articles, counts.passages, len(vectors), len(terms)))
        means = read_language_means(store, vectors)
    except BaseException:
        store.close()
        raise
    return Generation(folder, manifest, store, vectors, terms, means, lease)


def _check_counts(folder: Path, manifest: Manifest, found: tuple[int, int, int, int]) -> None:
    if found != (manifest.articles, manifest.passages, manifest.vectors, manifest.passages):
        raise DamagedIndexError(
            f"{folder} holds {found} articles, passages, vectors and term entries, not what its manifest says",
            "Build it again: qabot index",
        )


def _named_now(generations: Path) -> Path | None:
    try:
        return current_generation(generations)
    except (DamagedIndexError, NoIndexError):
        return None


def _last_good(generations: Path, named: Path | None, cache: Path | None) -> Generation | None:
    """The newest generation that is whole, older than `named` if that is given."""
    for older in generations_before(generations, named):
        try:
            return open_generation(older, cache)
        except (DamagedIndexError, StaleIndexError):
            continue
    return None
