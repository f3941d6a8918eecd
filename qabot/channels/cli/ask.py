"""`qabot ask`: one question, one answer."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from qabot.channels.cli.days import first_day, last_day
from qabot.channels.cli.exits import ANSWERED, NOT_FOUND, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName, ReaderName
from qabot.channels.cli.terminal import print_json

_MOST_READ = 1_000_000
"""Bytes of a question that are read from standard input; any limit on questions is far below."""


def ask(
    ctx: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="In one or several words; `-` or nothing: read standard input."),
    ] = None,
    as_json: AsJson = False,
    top: Annotated[int | None, typer.Option("--top", min=1, max=20, metavar="N", help="Most quotes to give.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Only articles of this outlet (part of its name).")
    ] = None,
    since: Annotated[
        date | None,
        typer.Option("--since", parser=first_day, metavar="DATE", help="Only articles of this day or later."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=last_day, metavar="DATE", help="Only articles of this day or earlier."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, metavar="P", help="Least confidence of an answer, 0 to 1."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the candidates, scores and timings too.")] = False,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    reader: ReaderName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Answer a question with the sentence that says it, word for word, and with where it stands.

    Ends with 0 if it was answered, with 1 if the answer is not in the articles, with 2 after an error.

    \b
    Examples:
      qabot ask "What did Kazakhstan propose for Afghanistan?"
      qabot ask --since 2023-07 --source kazinform --json "Who chairs the SCO?"
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model, reader=reader)
    text = _question(ctx, question or [])

    from qabot.answering.engine import open_engine

    with open_engine(settings) as engine:
        if engine.generation.notice:
            say_line(f"Notice: {engine.generation.notice}")
        answer = engine.ask(text, quotes=top, source=source, since=since, until=until, threshold=threshold)
    if as_json:
        print_json(answer.to_dict(explain=explain))
    else:
        from qabot.channels.cli.explaining import explain as print_explanation
        from qabot.channels.cli.rendering import render_answer
        from qabot.channels.cli.screen import Screen

        console = Screen()
        console.print(render_answer(answer), end="")
        if explain:
            print_explanation(answer, settings.threshold if threshold is None else threshold, console)
    raise typer.Exit(ANSWERED if answer.found else NOT_FOUND)


def _question(ctx: typer.Context, words: list[str]) -> str:
    if words not in ([], ["-"]):
        return " ".join(words)
    if not words and sys.stdin.isatty():
        ctx.fail('Missing question. For example: qabot ask "What did Kazakhstan propose for Afghanistan?"')
    return sys.stdin.buffer.read(_MOST_READ).decode("utf-8", "replace")
