"""`qabot index`: the articles are read and made searchable."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, EncoderName, Home, ModelName, Seeds
from qabot.channels.cli.words import count, duration, size

if TYPE_CHECKING:
    from qabot.index.building import Build
    from qabot.settings import Settings


def index(
    ctx: typer.Context,
    seeds: Seeds = None,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    threads: Annotated[int | None, typer.Option("--threads", metavar="N", help="0: all cores.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", help="Processes that read and split; 0: as many as cores.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first file or record that cannot be read.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Read all again, reuse nothing of the index in service.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="List each file that was left out.")] = False,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Read the articles in seeds/ and build the index. Only files that have changed are read and embedded again.

    The index in service answers until the new one is complete; an interrupted build changes nothing. With another
    --model than before all passages are embedded again, and questions need the same model.

    \b
    Examples:
      qabot index
      qabot index --seeds ~/news --threads 2
      qabot index --model NAME
    """
    common = Common.of(ctx, home, debug)
    settings = common.settings(
        seeds=seeds, embeddings=embeddings, encoder=encoder, model=model, threads=threads, jobs=jobs
    )

    from qabot.channels.cli.progress import drawn
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.skipped import print_skipped
    from qabot.channels.model_change import model_change
    from qabot.encoders.models import load_encoder
    from qabot.index.building import build

    encoding = load_encoder(settings)
    if change := model_change(settings, encoding):
        say_line(change)
    with drawn() as progress:
        done = build(settings, encoding, strict=strict, full=full, progress=progress)
    print_skipped(done.skipped, beyond=done.skipped_beyond, every=verbose)
    if done.note:
        say_line(done.note)
    Screen().print(summary(done))
    if (model or encoder) and (own := _own_model(settings, common.settings())):
        say_line(own)


def _own_model(built: Settings, later: Settings) -> str | None:
    """How to ask an index that was built with flags that later commands will not have; None where they need none."""
    flags, lines = [], []
    for name in ("encoder", "model"):
        value = getattr(built, name)
        if value != getattr(later, name):
            flags.append(f"--{name} {shlex.quote(value)}")
            lines.append(f'{name} = "{value}"')
    if not flags:
        return None
    return f"Ask it with {' '.join(flags)}, or for good with {' and '.join(lines)} in config/qabot.toml"


def summary(done: Build) -> str:
    """`1 article, 3 passages (0 reused) in 0.4 s, 52 kB: generation 000001-20260704T1015Z`."""
    skipped = sum(not item.harmless for item in done.skipped) + done.skipped_beyond
    left_out = f"{skipped:,} skipped, " if skipped else ""
    made = f"{count(done.articles, 'article')}, {count(done.passages, 'passage')}"
    spent = f"{left_out}{size(done.size)}: generation {done.generation}"
    if done.changed:
        return f"{made} ({done.reused:,} reused) in {duration(done.seconds)}, {spent}"
    return f"Nothing has changed: {made}, {spent}"
