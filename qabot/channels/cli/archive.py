"""`qabot export` and `qabot import`: an index goes from one machine to another as one file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName
from qabot.channels.cli.terminal import print_json
from qabot.channels.cli.words import count, size

if TYPE_CHECKING:
    from qabot.index.archive import Archived

Archive = Annotated[Path, typer.Argument(metavar="FILE", help="The archive, a .tar.zst.")]


def export_index(
    ctx: typer.Context,
    file: Archive,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Pack the index in service into one file, to serve it on another machine.

    Equal indexes give equal files. The model is not packed; the other machine has to have it.

    \b
    Example:
      qabot export news.tar.zst
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.channels.cli.progress import drawn
    from qabot.index.archive import export_generation

    with drawn() as progress:
        done = export_generation(settings, file.absolute(), progress, force=force)
    if done.notice:
        say_line(f"Notice: {done.notice}")
    _tell(done, f"{file}, {size(done.size)}: generation", as_json)


def import_index(
    ctx: typer.Context,
    file: Archive,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="Refuse FILE if its SHA-256 is another.")
    ] = None,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Put an exported index into service here, after all of it has been checked.

    It needs the model that it was made by. The articles come with it, but not as seeds. A damaged file is refused; one
    that somebody made to do harm may still, so take files only from whom you trust.

    \b
    Example:
      qabot import news.tar.zst
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model)

    from qabot.channels.cli.progress import drawn
    from qabot.encoders.models import load_encoder
    from qabot.index.archive import import_generation

    encoding = load_encoder(settings)
    with drawn() as progress:
        done = import_generation(settings, encoding, file.absolute(), progress, sha256=sha256)
    _tell(done, "In service: generation", as_json)


def _tell(done: Archived, what: str, as_json: bool) -> None:
    if as_json:
        print_json(asdict(done))
        return

    from qabot.channels.cli.screen import Screen

    console = Screen()
    held = f"{count(done.articles, 'article')}, {count(done.passages, 'passage')}, model {done.model}"
    console.print(f"{what} {done.generation}, {held}")
    console.print(f"SHA-256 {done.sha256}")
