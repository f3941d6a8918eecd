"""`qabot model`: the models that turn texts into vectors, and those that read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qabot.channels.cli.exits import report, say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, Home
from qabot.channels.cli.words import size
from qabot.errors import DamagedModelError, EncoderError

model = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="List the models that embed and read, or prepare one."
)


@model.command("list")
def list_models(ctx: typer.Context, embeddings: Embeddings = None, home: Home = None, debug: Debug = False) -> None:
    """List the models that are ready to use; those set now have a star.

    \b
    Example:
      qabot model list
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.table import print_table
    from qabot.encoders.card import read_card
    from qabot.encoders.card_file import MODEL
    from qabot.encoders.folders import KINDS, folders_of
    from qabot.reader.card import read_card as read_reader_card

    chosen = {"encoder": settings.model if settings.encoder == "onnx" else None, "reader": settings.reader}
    rows = []
    found = [(kind, name, folder) for kind in KINDS for name, folder in sorted(folders_of(settings, kind).items())]
    for of, name, folder in found:
        try:
            card = read_card(folder) if of == "encoder" else read_reader_card(folder)
            weight = size((folder / MODEL).stat().st_size) if (folder / MODEL).is_file() else "missing"
        except DamagedModelError as error:
            report(error, debug=debug)
            continue
        languages = "all" if "*" in card.languages else " ".join(card.languages)
        star = "*" if name == chosen[of] else ""
        rows.append((star, name, of, languages, weight, card.licence, card.source))
    console = Screen()
    print_table(console, ("", "name", "kind", "languages", "size", "licence", "source"), rows)
    if settings.encoder != "onnx":
        console.print(f"Set now: {settings.model}, run by {settings.encoder}.")


@model.command("prepare")
def prepare_model(
    ctx: typer.Context,
    name_or_folder: Annotated[
        str,
        typer.Argument(metavar="NAME_OR_FOLDER", help="A sentence-transformers model: folder, package or hub."),
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call it. [default: its own name]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a model of that name.")] = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Make a small, fast model folder of any sentence-transformers model, and check it against the original.

    Needs the extra: pip install "qabot[models]"

    \b
    Example:
      qabot model prepare ./my-finetuned-model --name mine
      qabot index --model mine
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.channels.cli.screen import Screen
    from qabot.encoders.originals import find_original
    from qabot.encoders.prepare import prepare

    name = name or find_original(name_or_folder).name.lower()
    if (settings.models_folder / name).exists() and not force:
        cause = f"There is a model {name!r} in {settings.models_folder} already"
        raise EncoderError(cause, "Replace it: --force, or call the new one otherwise: --name NAME")
    card = prepare(
        name_or_folder,
        settings.models_folder,
        name=name,
        report=lambda step: say_line(f"{step[:1].upper()}{step[1:]} …"),
    )
    languages = "all languages" if "*" in card.languages else "languages: " + " ".join(card.languages)
    where = Path(settings.models_folder) / name
    console = Screen()
    console.print(f"Ready: {where} ({card.dimensions} dimensions, {languages})")
    console.print(f"Use it: qabot index --model {name}, or set model = {name!r} in config/qabot.toml")
