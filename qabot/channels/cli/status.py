"""`qabot status`: what is indexed, and whether it fits the settings."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import typer

from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName
from qabot.channels.cli.terminal import print_json, safe
from qabot.channels.cli.words import day, size
from qabot.errors import EncoderError, StaleIndexError

if TYPE_CHECKING:
    from qabot.index.generation import Generation
    from qabot.settings import Settings

_MOST_NAMED = 5
"""Outlets and languages that are named; the others are counted."""


def status(
    ctx: typer.Context,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Show what is indexed: articles, dates, languages, outlets, model, size.

    \b
    Example:
      qabot status
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model)

    from qabot.channels.cli.screen import Screen
    from qabot.index.generation import open_current

    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        figures = _figures(generation, settings)
    if as_json:
        print_json(figures)
        return
    console = Screen()
    for name, value in _rows(figures):
        console.print(f"{name:<11}{safe(value, one_line=True)}")


def _figures(generation: Generation, settings: Settings) -> dict[str, Any]:
    manifest, counts = generation.manifest, generation.store.counts()
    return {
        "generation": generation.id,
        "created": manifest.created,
        "version": manifest.version,
        "articles": counts.articles,
        "passages": counts.passages,
        "vectors": manifest.vectors,
        "oldest": counts.oldest,
        "newest": counts.newest,
        "languages": counts.languages,
        "sources": counts.sources,
        "model": manifest.recipe.model,
        "dimensions": manifest.recipe.dimensions,
        "clusters": manifest.clusters.model_dump() if manifest.clusters else None,
        "notice": generation.notice,
        "warning": _warning(generation, settings),
        "size": sum(path.stat().st_size for path in generation.folder.rglob("*") if path.is_file()),
        "folder": str(generation.folder),
        "seeds": str(settings.seeds_folder),
    }


def _warning(generation: Generation, settings: Settings) -> str | None:
    """Why questions would be refused with the settings as they are; None if they would not. Loads no model."""
    from qabot.encoders.card import read_card
    from qabot.encoders.models import find_model
    from qabot.encoders.onnx import card_fingerprint
    from qabot.index.generation import check_recipe

    if settings.encoder != "onnx":
        return None
    try:
        card = read_card(find_model(settings))
        now = {"model": card.name, "fingerprint": card_fingerprint(card), "passage_tokens": settings.passage_tokens}
        check_recipe(generation, generation.manifest.recipe.model_copy(update=now))
    except (EncoderError, StaleIndexError) as error:
        return str(error)
    return None


def _rows(figures: dict[str, Any]) -> list[tuple[str, str]]:
    oldest, newest = day(figures["oldest"]), day(figures["newest"])
    dates = "none has a date" if not newest else newest if oldest == newest else f"{oldest} to {newest}"
    created = figures["created"].replace("T", " ").replace("+00:00", " UTC")
    embedded = "all" if figures["vectors"] == figures["passages"] else f"{figures['vectors']:,}"
    rows = [
        ("Index", f"{figures['generation']}, made {created} by qabot {figures['version']}"),
        ("Articles", f"{figures['articles']:,}"),
        ("Dates", dates),
        ("Passages", f"{figures['passages']:,}, {embedded} embedded"),
        ("Languages", _most(figures["languages"])),
        ("Outlets", _most(figures["sources"]) or "none is named"),
        ("Model", f"{figures['model']}, {figures['dimensions']} dimensions"),
        ("Search", _search(figures["clusters"])),
        ("Size", size(figures["size"])),
        ("Folder", figures["folder"]),
        ("Seeds", figures["seeds"]),
    ]
    if figures["notice"]:
        rows.append(("Notice", figures["notice"]))
    if figures["warning"]:
        rows.append(("Warning", figures["warning"]))
    return rows


def _search(clusters: dict[str, Any] | None) -> str:
    if clusters is None:
        return "exact"
    measured = f"recall@10 {clusters['recall']:.3f} measured on {clusters['questions']:,} questions"
    return f"clustered (IVF), {clusters['lists']:,} lists, {clusters['probed']:,} probed, {measured}"


def _most(counted: dict[str, int]) -> str:
    """`en 4,800, ru 72`; beyond a few, `and 12 more`."""
    named = ", ".join(f"{name} {number:,}" for name, number in list(counted.items())[:_MOST_NAMED])
    left = len(counted) - _MOST_NAMED
    return f"{named} and {left:,} more" if left > 0 else named
