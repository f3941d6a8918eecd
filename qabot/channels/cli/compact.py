"""`qabot compact`: the index is built anew in one go, as if it had never been added to."""

from __future__ import annotations

import typer

from qabot.channels.cli.exits import say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, EncoderName, Home, ModelName, Seeds


def compact(
    ctx: typer.Context,
    seeds: Seeds = None,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Build the index anew in one go. Small changes are added to a copy of it; this takes out what they leave behind.

    Nothing that stands in the index is embedded again. It answers until the new one is complete.

    \b
    Example:
      qabot compact
    """
    settings = Common.of(ctx, home, debug).settings(seeds=seeds, embeddings=embeddings, encoder=encoder, model=model)

    from qabot.channels.cli.index import summary
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
        done = build(settings, encoding, compact=True, progress=progress)
    print_skipped(done.skipped, beyond=done.skipped_beyond)
    if done.note:
        say_line(done.note)
    Screen().print(summary(done))
