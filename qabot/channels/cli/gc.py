"""`qabot gc`: old generations make room."""

from __future__ import annotations

from typing import Annotated

import typer

from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, Home
from qabot.channels.cli.terminal import print_json
from qabot.channels.cli.words import count, size


def gc(
    ctx: typer.Context,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, metavar="N", help="Keep the newest N instead of the setting.")
    ] = None,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Remove old generations of the index that no process reads, and what killed builds left.

    The one in service always stays, and so do the newest ones.

    \b
    Examples:
      qabot gc
      qabot gc --keep 1
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from dataclasses import asdict

    from qabot.channels.cli.screen import Screen
    from qabot.index.collecting import collect

    done = collect(settings, keep)
    if as_json:
        print_json(asdict(done))
        return
    console = Screen()
    for name in done.held:
        console.print(f"{name} stays: a process reads it, or its folder cannot be changed")
    left = f" and {count(done.leftovers, 'unfinished one')}" if done.leftovers else ""
    console.print(f"{count(len(done.removed), 'generation')}{left} removed, {size(max(done.freed, 0))} freed")
