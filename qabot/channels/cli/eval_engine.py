"""The engine that `qabot eval` asks: of the home's index, of another one, or of one built for the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qabot.answering.engine import Engine
    from qabot.index.progress import Progress
    from qabot.settings import Settings


@contextmanager
def engine_for(
    settings: Settings, index: Path | None, seeds: Path | None, cache: Path | None, progress: Progress
) -> Iterator[Engine]:
    """The engine to ask: of the home's index, of the one in `index`, or of one built of `seeds`."""
    from qabot.answering.engine import Engine, open_engine
    from qabot.channels.cli.skipped import print_skipped
    from qabot.encoders.models import load_encoder
    from qabot.index.building import build
    from qabot.index.generation import check_recipe, open_current
    from qabot.index.recipe import recipe_of
    from qabot.reader.loading import load_readers

    if index is None and seeds is None:
        with open_engine(settings) as engine:
            yield engine
        return
    # The models are the home's; only the index lies elsewhere.
    encoding, readers = load_encoder(settings), load_readers(settings)
    with TemporaryDirectory(prefix="qabot-eval-") as aside:
        elsewhere = settings.model_copy(
            update={"embeddings": _embeddings(index) if index else (cache or Path(aside)).absolute()}
        )
        if seeds:
            elsewhere = elsewhere.model_copy(update={"seeds": seeds.absolute()})
            skipped = build(elsewhere, encoding, progress=progress).skipped
            print_skipped([item for item in skipped if not item.harmless])
        generation = open_current(elsewhere.generations_folder, elsewhere.cache_folder)
        with Engine(elsewhere, encoding, generation, readers) as engine:
            check_recipe(generation, recipe_of(elsewhere, encoding))
            yield engine


def _embeddings(index: Path) -> Path:
    """The folder above generations/, if `index` is that, the generations themselves, or a home folder."""
    index = index.absolute()
    if (index / "embeddings/generations").is_dir():
        return index / "embeddings"
    return index.parent if index.name == "generations" else index
