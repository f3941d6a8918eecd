"""`qabot model`: the models that turn texts into vectors, and those that read."""

from __future__ import annotations

import re
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
    """List the models that are ready to use, with the languages that they know; those set now have a star.

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
    from qabot.settings import Settings

    chosen = {"encoder": (settings.model,) if settings.encoder == "onnx" else (), "reader": settings.reader}
    rows, sizes = [], {}
    found = [(kind, name, folder) for kind in KINDS for name, folder in sorted(folders_of(settings, kind).items())]
    for of, name, folder in found:
        try:
            card = read_card(folder) if of == "encoder" else read_reader_card(folder)
            weight = (folder / MODEL).stat().st_size if (folder / MODEL).is_file() else None
        except DamagedModelError as error:
            report(error, debug=debug)
            continue
        languages = "all" if "*" in card.languages else " ".join(card.languages)
        star = "*" if name in chosen[of] else ""
        if of == "encoder" and weight:
            sizes[name] = weight
        rows.append((star, name, of, languages, size(weight) if weight else "missing", card.licence, card.source))
    console = Screen()
    print_table(console, ("", "name", "kind", "languages", "size", "licence", "source"), rows)
    if settings.encoder != "onnx":
        console.print(f"Set now: {settings.model}, run by {settings.encoder}.")
    lightest = f" The lightest that embeds is {min(sizes, key=sizes.__getitem__)}." if len(sizes) > 1 else ""
    console.print(f"Where nothing is set, {Settings.model_fields['model'].default} embeds.{lightest}")


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
    query_prefix: Annotated[
        str | None,
        typer.Option(
            "--query-prefix", metavar="TEXT", help="Put before questions, its space too. [default: what the model says]"
        ),
    ] = None,
    passage_prefix: Annotated[
        str | None,
        typer.Option("--passage-prefix", metavar="TEXT", help="Put before passages. [default: what the model says]"),
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(
            "--languages",
            metavar="CODES",
            help='Those it knows, "kk ru en", or "*". [default: what the model says]',
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full-precision", help="Keep 32-bit weights: four times the size, and slower.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a model of that name.")] = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Make a small, fast model folder of any sentence-transformers model, and check it against the original.

    Needs the extra: pip install "qabot[models]". A model of the E5 family wants prefixes, which few of them say.

    \b
    Examples:
      qabot model prepare ./my-finetuned-model --name mine
      qabot index --model mine
      qabot model prepare OWNER/NAME --query-prefix "query: " --passage-prefix "passage: "
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.channels.cli.screen import Screen
    from qabot.encoders.originals import find_original
    from qabot.encoders.prepare import prepare

    codes = _codes(languages)
    name = name or find_original(name_or_folder).name.lower()
    if (settings.models_folder / name).exists() and not force:
        cause = f"There is a model {name!r} in {settings.models_folder} already"
        raise EncoderError(cause, "Replace it: --force, or call the new one otherwise: --name NAME")
    card = prepare(
        name_or_folder,
        settings.models_folder,
        name=name,
        languages=codes,
        prefixes=(query_prefix, passage_prefix),
        int8=not full,
        report=lambda step: say_line(f"{step[:1].upper()}{step[1:]} …"),
    )
    known = "all languages" if "*" in card.languages else "languages: " + " ".join(card.languages)
    where = Path(settings.models_folder) / name
    console = Screen()
    console.print(f"Ready: {where} ({card.dimensions} dimensions, {known})")
    console.print(f"Use it: qabot index --model {name}, or set model = {name!r} in config/qabot.toml")


def _codes(languages: str | None) -> list[str] | None:
    """The ISO 639-1 codes in `languages`, apart by spaces or commas; None where nothing was given.

    Raises:
        EncoderError: one of them is none, and is named.
    """
    if languages is None:
        return None
    codes = languages.replace(",", " ").split()
    for code in codes:
        if code != "*" and not re.fullmatch("[a-z]{2}", code):
            raise EncoderError(f"{code!r} is no code of a language", 'Write two letters each: --languages "kk ru en"')
    return codes or None
