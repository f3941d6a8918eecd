"""Articles -> a published generation. Pure: the same articles and settings give the same content."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
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
from qabot.index.recipe import recipe_of
from qabot.index.stages import write_articles, write_stories, write_terms, write_vectors
from qabot.index.store import Store
from qabot.settings import Settings


@dataclass(frozen=True, slots=True)
class Build:
    """What a build did. `reused` counts passages whose vectors were taken from the generation before."""

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


def build(
    settings: Settings, encoder: Encoder, *, strict: bool = False, full: bool = False, progress: Progress | None = None
) -> Build:
    """Reads the seeds and publishes a generation of them, unless the one in service is the same already.

    Args:
        settings: where the seeds and generations are, and how passages are made.
        encoder: embeds the passages; those whose text stands in the generation before keep their vectors.
        strict: make an error of the first file or record that cannot be read.
        full: take nothing from the generation before, and publish even if nothing changed.
        progress: hears how far the build is.

    Raises:
        SeedsError: no article was found, or strict mode met a bad file.
        BuildInProgressError: another process is building.
        WriteError: the generation could not be written; the one in service stays.
    """
    started = time.monotonic()
    progress = progress or Silent()
    generations = settings.generations_folder
    recipe = recipe_of(settings, encoder)
    try:
        with building(generations) as folder:
            before, note = (None, None) if full else _reusable(settings, recipe)
            skipped = write_articles(folder, settings, encoder, before, strict, progress)
            store = Store(folder / ARTICLES)
            counts = store.counts()
            if before and before.manifest.recipe == recipe and _same_articles(before.store, store):
                done = before.folder
                vectors = reused = before.manifest.passages
            else:
                store.close()
                write_stories(folder, progress)
                store = Store(folder / ARTICLES)
                reused, vectors = write_vectors(folder, store, encoder, before, progress)
                write_terms(folder, store, counts.passages, progress)
                progress.stage("Publishing", None)
                manifest = Manifest(
                    schema_version=SCHEMA,
                    generation=generation_id(folder),
                    created=datetime.now(UTC).isoformat(timespec="seconds"),
                    version=__version__,
                    recipe=recipe,
                    articles=counts.articles,
                    passages=counts.passages,
                    vectors=vectors,
                    newest=counts.newest,
                    files=entries(folder),
                )
                write_manifest(folder, manifest)
                open_generation(folder, settings.cache_folder).close()
                done = publish(folder, settings.keep_generations)
            store.close()
    except (OSError, sqlite3.Error) as error:
        cause = f"The index cannot be written in {generations}: {error}"
        raise WriteError(
            cause, "The index in service is untouched. Make room or give access; then: qabot index"
        ) from error
    return Build(
        generation=done.name,
        folder=done,
        changed=before is None or done != before.folder,
        articles=counts.articles,
        passages=counts.passages,
        reused=reused,
        skipped=tuple(skipped),
        seconds=time.monotonic() - started,
        size=sum(path.stat().st_size for path in done.rglob("*") if path.is_file()),
        note=note,
    )


def _reusable(settings: Settings, recipe: Recipe) -> tuple[Generation | None, str | None]:
    """The generation in service, if its passages and vectors can be used again; and why not, if not."""
    try:
        before = open_current(settings.generations_folder, settings.cache_folder)
    except NoIndexError:
        return None, None
    except (DamagedIndexError, StaleIndexError) as error:
        return None, f"Nothing was reused. {error.cause}"
    if before.manifest.recipe.model_copy(update={"analysis": recipe.analysis}) != recipe:
        before.close()
        return None, "Nothing was reused: the model, the size of passages or the version of qabot has changed"
    return before, None


def _same_articles(before: Store, now: Store) -> bool:
    return list(before.record_hashes().items()) == list(now.record_hashes().items())
