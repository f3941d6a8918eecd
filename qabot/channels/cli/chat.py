"""`qabot chat`: questions one after the other, from a prompt or from a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import typer

from qabot.channels.cli.exits import say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, EncoderName, Home, ModelName, ReaderName
from qabot.channels.cli.words import count, day

_PROMPT = "qabot> "


def chat(
    ctx: typer.Context,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    reader: ReaderName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Ask question after question at a prompt, with history; or one a line through a pipe.

    \b
    Commands: /sources, /open 1, /new, /help, /quit. Ctrl-C drops the line, Ctrl-D ends.
    \b
    Example:
      qabot chat
    """
    common = Common.of(ctx, home, debug)
    settings = common.settings(embeddings=embeddings, encoder=encoder, model=model, reader=reader)

    from qabot.answering.engine import open_engine
    from qabot.channels.cli.history import line_editing
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.talk import COMMANDS, Talk

    with open_engine(settings) as engine:
        if engine.generation.notice:
            say_line(f"Notice: {engine.generation.notice}")
        talk = Talk(engine, Screen(), debug=common.debug)
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            for line in sys.stdin:
                if not talk.hear(line):
                    break
            return
        manifest = engine.generation.manifest
        newest = f", the newest of {day(manifest.newest)}" if manifest.newest else ""
        talk.console.print(f"{count(manifest.articles, 'article')}{newest}. Ask, or type /help.", style="dim")
        with line_editing(COMMANDS):
            for line in _typed():
                # Ctrl-C while an answer is made drops the question, not the chat.
                with contextlib.suppress(KeyboardInterrupt):
                    if not talk.hear(line):
                        break


def _typed() -> Iterator[str]:
    """Lines from the prompt, until Ctrl-D; Ctrl-C drops the line that is being typed."""
    while True:
        try:
            yield input(_PROMPT)
        except KeyboardInterrupt:
            print()
        except EOFError:
            print()
            return
