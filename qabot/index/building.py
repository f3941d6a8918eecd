"""Articles -> a published generation, anew or by adding to a copy of the one before. Pure: the same articles and
settings give the same answers either way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from qabot import __version__
from qabot.articles.skipped import Skipped
from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, NoIndexError, StaleIndexError, WriteError
from qabot.index.checksums import entries
from qabot.index.generation import ARTICLES, Generation, open_current, open_generation
from qabot.index.manifest import SCHEMA, Manifest, Recipe, write_manifest
from qabot.index.progress import Progress, Silent
from qabot.index.publishing import building, generation_id, publish
from qabot.index.reading import Omissions, read_articles, reading_digest
from qabot.index.recipe import recipe_of
from qabot.index.stages import searched_exactly, write_terms, write_vectors
from qabot.index.store import Store
from qabot.index.store_writer import StoreWriter
from qabot.index.stories import write_stories
from qabot.settings import Settings

_DRIFT = 0.2
"""Share of the passages that may be added or removed before all is written anew."""

_PROCESS_MB = 250
"""Of the allowed memory, for a process that reads and one that splits."""

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did.

    reused: passages whose vectors were taken from the generation before.
    skipped: what was left out, as far as it is listed; `skipped_beyond` counts the rest.
    added_to: whether a copy of the generation before was added to, rather than all written anew.
    """

    generation: str
    folder: Path
    changed: bool
    articles: int
    passages: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    size: int
    note: str | None = None
    skipped_beyond: int = 0
    added_to: bool = False


def build(
    settings: Settings,
    encoder: Encoder,
    *,
    strict: bool = False,
    full: bool = False,
    compact: bool = False,
    progress: Progress | None = None,
) -> Build:
    """Reads the seeds and publishes a generation of them, unless the one in service is the same already.

    Args:
        settings: where the seeds and generations are, and how passages are made.
        encoder: embeds the passages; those whose text stands in the generation before keep their vectors.
        strict: make an error of the first file or record that cannot be read.
        full: take nothing from the generation before, and publish even if nothing changed.
        compact: write all anew but for the vectors, and publish even if nothing changed.
        progress: hears how far the build is.

    Raises:
        SeedsError: no article was found, or strict mode met a bad file.
        BuildInProgressError: another process is building.
        WriteError: the generation could not be written; the one in service stays.
    """
    started = time.monotonic()
    generations = settings.generations_folder
    recipe = recipe_of(settings, encoder)
    how = _How(settings, encoder, recipe, strict, compact, progress or Silent())
    try:
        with building(generations) as folder:
            before, note = (None, None) if full else _reusable(settings, recipe)
            done, made = _made(folder, before, how)
            if made.damage:
                note = f"Nothing was reused. {made.damage}"
            if made.changed:
                # Nothing is held open any more: the generation before may be among those that are removed now.
                done = publish(folder, settings.keep_generations)
    except (OSError, sqlite3.Error) as error:
        cause = f"The index cannot be written in {generations}: {error}"
        raise WriteError(
            cause, "The index in service is untouched. Make room or give access; then: qabot index"
        ) from error
    return Build(
        generation=done.name,
        folder=done,
        changed=made.changed,
        articles=made.articles,
        passages=made.passages,
        reused=made.reused,
        skipped=tuple(made.omissions.listed),
        seconds=time.monotonic() - started,
        size=sum(path.stat().st_size for path in done.rglob("*") if path.is_file()),
        note=note,
        skipped_beyond=made.omissions.more,
        added_to=made.added_to,
    )


@dataclass(frozen=True, slots=True)
class _How:
    settings: Settings
    encoder: Encoder
    recipe: Recipe
    strict: bool
    compact: bool
    progress: Progress

    @property
    def cores(self) -> int:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    @property
    def jobs(self) -> int:
        """Processes that read, and as many that split; fewer where memory is short."""
        most = max(1, self.settings.max_memory_mb // _PROCESS_MB)
        return min(self.settings.jobs or self.cores, most)

    @property
    def threads(self) -> int:
        return self.settings.threads or self.cores


@dataclass(frozen=True, slots=True)
class _Made:
    """What was written into the folder of a generation; nothing, if `changed` is false."""

    changed: bool
    articles: int
    passages: int
    reused: int
    added_to: bool
    omissions: Omissions
    damage: str | None = None


def _made(folder: Path, before: Generation | None, how: _How) -> tuple[Path, _Made]:
    """Writes a generation into `folder`; gives the folder of the one before if that is the same."""
    if before is None:
        return folder, _write(folder, None, how)
    try:
        with closing(before):
            return before.folder, _write(folder, before, how)
    except DamagedIndexError as error:
        # It was damaged since it was opened, or where opening does not look.
        damage = error.cause
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder, replace(_write(folder, None, how), damage=damage)


def _write(folder: Path, before: Generation | None, how: _How) -> _Made:
    settings, progress = how.settings, how.progress
    # Of one that was split in another way only the vectors of passages that are still there are of use.
    kept = before if before and _split_alike(before.manifest.recipe, how.recipe) else None
    writer, omissions = read_articles(
        folder, settings, how.encoder, kept, strict=how.strict, jobs=how.jobs, progress=progress
    )
    with closing(writer):
        if before and not writer.changed and _as_good(before, how):
            return _Made(
                changed=False,
                articles=before.manifest.articles,
                passages=before.manifest.passages,
                reused=before.manifest.passages,
                added_to=False,
                omissions=omissions,
            )
        writer.make_own()
        progress.stage("Counting changes", None)
        plan = _plan(writer, before, how)
        write_stories(writer, folder, settings.max_memory_mb * _MEGABYTE, progress)
        writer.finish(whole=plan.whole)
    with closing(Store(folder / ARTICLES)) as store:
        counts = store.counts()
        vectored = write_vectors(
            folder, store, how.encoder, before, settings, progress, whole=plan.whole, threads=how.threads
        )
        write_terms(folder, store, None if plan.whole else before, counts.passages, plan.articles, progress)
    progress.stage("Publishing", None)
    manifest = Manifest(
        schema_version=SCHEMA,
        generation=generation_id(folder),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        recipe=how.recipe,
        articles=counts.articles,
        passages=counts.passages,
        vectors=vectored.vectors,
        newest=counts.newest,
        reading=reading_digest(settings),
        added=plan.added,
        removed=plan.removed,
        clusters=vectored.clusters,
        files=entries(folder),
    )
    write_manifest(folder, manifest)
    open_generation(folder, settings.cache_folder).close()
    return _Made(
        changed=True,
        articles=counts.articles,
        passages=counts.passages,
        reused=vectored.reused,
        added_to=before is not None and not plan.whole,
        omissions=omissions,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """Whether all is written anew; if not, the passages added and removed since that was done, and the keys of the
    articles that have gone and that are new."""

    whole: bool
    added: int
    removed: int
    articles: tuple[list[int], list[int]]


def _plan(writer: StoreWriter, before: Generation | None, how: _How) -> _Plan:
    anew = _Plan(whole=True, added=0, removed=0, articles=([], []))
    if before is None or how.compact or before.manifest.recipe != how.recipe:
        return anew
    added, removed = writer.differences()
    passages = max(1, before.manifest.passages)
    plan = _Plan(False, before.manifest.added + added, before.manifest.removed + removed, writer.changed_articles())
    few = added + removed <= how.settings.added_share * passages
    return plan if few and plan.added + plan.removed <= _DRIFT * passages else anew


def _as_good(before: Generation, how: _How) -> bool:
    """Whether a generation of the same articles need not be written again."""
    manifest, settings = before.manifest, how.settings
    if before.notice or how.compact or manifest.recipe != how.recipe:
        return False
    return (manifest.clusters is None) == searched_exactly(manifest.vectors, manifest.recipe.dimensions, settings)


def _reusable(settings: Settings, recipe: Recipe) -> tuple[Generation | None, str | None]:
    """The generation in service, if its vectors can be used again; and what cannot, if anything."""
    try:
        before = open_current(settings.generations_folder, settings.cache_folder)
    except NoIndexError:
        return None, None
    except (DamagedIndexError, StaleIndexError) as error:
        return None, f"Nothing was reused. {error.cause}"
    made = before.manifest.recipe
    if made.fingerprint != recipe.fingerprint:
        before.close()
        return None, "Nothing was reused: the model has changed"
    if not _split_alike(made, recipe):
        return before, "All was read again: the size of passages or the version of qabot has changed"
    return before, before.notice


def _split_alike(one: Recipe, other: Recipe) -> bool:
    return (one.splitting, one.passage_tokens) == (other.splitting, other.passage_tokens)
