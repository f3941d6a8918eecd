"""`qabot init`: a folder to begin with."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from qabot.bundled import bundled
from qabot.channels.cli.options import Common, Debug, Home
from qabot.errors import WriteError


def init(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Made if missing. [default: here]")] = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Make a folder for articles, settings and the index. What is there already stays as it is.

    \b
    Example:
      qabot init news
    """
    where = folder or Common.of(ctx, home, debug).home or Path()

    from qabot.channels.cli.screen import Screen
    from qabot.settings import CONFIG

    console = Screen()
    config = where / CONFIG
    try:
        for name in ("seeds", "embeddings", CONFIG.parent):
            (where / name).mkdir(parents=True, exist_ok=True)
        original = bundled(CONFIG.as_posix()).read_bytes()
        try:
            with config.open("xb") as file:
                file.write(original)
        except FileExistsError:
            console.print(f"{config} is there already and stays as it is.")
    except OSError as error:
        cause = f"{error.filename or where} cannot be made: {error.strerror}"
        raise WriteError(cause, "Give access or make room, or name another folder") from error
    console.print(f"Ready: {where / 'seeds'}, {config} and {where / 'embeddings'}.")
    console.print(f"Put articles (.txt, .html, .pdf, .jsonl and more) into {where / 'seeds'}, then:\n")
    if where.resolve() != Path.cwd():
        console.print(f"  cd {shlex.quote(str(where))}")
    console.print("  qabot index")
    console.print('  qabot ask "What …?"')
