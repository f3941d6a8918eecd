"""The `qabot` command: its subcommands in the order in which a newcomer needs them, and the options of them all.

What a command works with (faiss, onnxruntime, pydantic, rich) is imported when it runs, so that help is instant.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Annotated

import typer

from qabot import __version__
from qabot.channels.cli import (
    add,
    archive,
    ask,
    chat,
    compact,
    doctor,
    feeds,
    gc,
    index,
    init,
    models,
    show,
    status,
    verify,
    watch,
)
from qabot.channels.cli.calibrate import calibrate
from qabot.channels.cli.eval import evaluate
from qabot.channels.cli.exits import INTERRUPTED, Guarded, say_line
from qabot.channels.cli.options import Common, Debug, Home
from qabot.channels.cli.telegram import telegram

app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"qabot {__version__}")
        raise typer.Exit


@app.callback()
def qabot(
    ctx: typer.Context,
    home: Home = None,
    debug: Debug = False,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", help="Show the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Answers from your news articles, word for word, with the citation.

    \b
    Begin with:
      qabot init news && cd news      then put articles into seeds/
      qabot index
      qabot ask "What did Kazakhstan propose for Afghanistan?"
    """
    Common.of(ctx, home, debug)


app.command("init", short_help="Make a folder for articles, settings and index.")(init.init)
app.command("index", short_help="Read the articles and build the index.")(index.index)
app.command("add", short_help="Save pages and files as articles, and index them.")(add.add)
app.command("feeds", short_help="Read the feeds, and index what is new.")(feeds.feeds)
app.command("watch", short_help="Keep the index as the seeds and feeds are.")(watch.watch)
app.command("ask", short_help="Answer one question.")(ask.ask)
app.command("chat", short_help="Ask question after question.")(chat.chat)
app.add_typer(telegram, name="telegram", short_help="Run the Telegram bot.")
app.command("show", short_help="Show an article, the cited words lit up.")(show.show)
app.command("status", short_help="Show what is indexed.")(status.status)
app.command("verify", short_help="Check the quotes of a saved answer.")(verify.verify)
app.command("doctor", short_help="Check everything and say what to do.")(doctor.doctor)
app.command("compact", short_help="Build the index anew, reusing its vectors.")(compact.compact)
app.command("gc", short_help="Remove old generations of the index.")(gc.gc)
app.command("export", short_help="Pack the index into one file.")(archive.export_index)
app.command("import", short_help="Put an exported index into service.")(archive.import_index)
app.command("eval", short_help="Measure the answers on gold questions.")(evaluate)
app.command("calibrate", short_help="Fit the confidence of answers to gold questions.")(calibrate)
app.add_typer(models.model, name="model", short_help="List the models that embed, or prepare one.")


def main() -> None:
    """Runs the command that the process was started with."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Bytes and characters that the locale does not know are shown in another way instead of raising.
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
    try:
        app(prog_name="qabot")
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt):
            say_line("Interrupted")
        sys.exit(INTERRUPTED)
