"""`qabot eval`: how good the answers are, in figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import INTERRUPTED, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName, ReaderName
from qabot.channels.cli.terminal import print_json

if TYPE_CHECKING:
    from qabot.channels.cli.eval_result import Result
    from qabot.evaluation.requirements import Requirement

UNMET = 1
"""Exit code where a --require is not met."""


def evaluate(
    ctx: typer.Context,
    questions: Annotated[
        list[Path] | None, typer.Argument(metavar="QUESTIONS", help="Files of gold questions (.jsonl).")
    ] = None,
    conversations: Annotated[
        Path | None,
        typer.Option("--conversations", metavar="FILE", help="Measure how these follow-ups (.jsonl) are read, too."),
    ] = None,
    foreign: Annotated[
        list[Path] | None,
        typer.Option("--foreign", metavar="FILE", help="Ask these (.jsonl) of other articles, too: unanswerable here."),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option("--index", metavar="DIR", help="Ask the index in this folder, a home or its embeddings/."),
    ] = None,
    seeds: Annotated[
        Path | None, typer.Option("--seeds", metavar="DIR", help="Build an index of these articles for this run.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", metavar="DIR", help="Keep the index of --seeds here for the next run.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Ask N of the questions, always the same ones.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, metavar="P", help="Least confidence of an answer, 0 to 1."),
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Ask each question again after another one, and compare.")
    ] = False,
    require: Annotated[
        list[str] | None,
        typer.Option("--require", metavar="FIGURE>=X", help='End with 1 if a figure is less, as "hit@5>=0.9".'),
    ] = None,
    as_json: AsJson = False,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the JSON here too.")] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw risk-coverage and reliability here.")
    ] = None,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    reader: ReaderName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Ask gold questions and measure the answers: ranking, quotes, the honest no, speed.

    Ends with 0, with 1 if a --require is not met, with 2 after an error. Ctrl-C shows what there is by then.

    \b
    Needs the extra: pip install "qabot[eval]"
    \b
    Examples:
      qabot eval questions.jsonl
      qabot eval questions.jsonl unanswerable.jsonl --seeds articles --cache built --plot quality.png
      qabot eval questions.jsonl --limit 200 --require "hit@5>=0.9" --require "exact_quotes==1"
      qabot eval questions.jsonl --foreign others.jsonl
      qabot eval --conversations follow-ups.jsonl --require "recovered>=0.6"
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model, reader=reader)
    for_questions = {
        "--foreign": foreign,
        "--index": index,
        "--seeds": seeds,
        "--limit": limit,
        "--threshold": threshold,
        "--plot": plot,
    }
    if not questions:
        _refuse_without_questions(ctx, conversations, for_questions | {"--with-history": with_history or None})
    if index and seeds:
        ctx.fail("--index and --seeds exclude each other: one index is asked")
    if cache and not seeds:
        ctx.fail("--cache keeps the index of --seeds, which is missing")
    if output and not output.absolute().parent.is_dir():
        ctx.fail(f"--output: there is no folder {output.parent}")

    from qabot.channels.cli.eval_engine import engine_for
    from qabot.channels.cli.eval_result import Result, ask_gold
    from qabot.channels.cli.progress import drawn
    from qabot.channels.cli.screen import Screen
    from qabot.evaluation.conversations import read_conversations
    from qabot.evaluation.figures import figure_names
    from qabot.evaluation.follow_up_report import FOLLOW_UP_FIGURES, report_conversations
    from qabot.evaluation.foreign import with_foreign
    from qabot.evaluation.gold import read_gold
    from qabot.evaluation.plot import check_plot, draw
    from qabot.evaluation.ranking import check_ready
    from qabot.evaluation.requirements import parse_requirement

    # Whatever can be wrong is found before the first question: asking may take minutes.
    if questions:
        check_ready()
    gold = with_foreign(read_gold(questions or []), read_gold(foreign or []))
    conversing = read_conversations(conversations) if conversations else []
    names = [*(figure_names(one.kind for one in gold) if gold else ()), *(FOLLOW_UP_FIGURES if conversing else ())]
    requirements = [parse_requirement(text, names) for text in require or []]
    if plot:
        check_plot(plot)
    result = Result()
    if gold:
        with drawn() as progress, engine_for(settings, index, seeds, cache, progress) as engine:
            least = settings.threshold if threshold is None else threshold
            result = ask_gold(engine, gold, least, progress, limit=limit, with_history=with_history)
    if conversing:
        result.follow_ups = report_conversations(conversing)
    if as_json:
        print_json(result.to_dict())
    else:
        result.show(Screen())
    if output:
        text = json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n"
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    if plot and result.evaluation:
        draw(result.evaluation, plot)
    _end(result, requirements)


def _refuse_without_questions(ctx: typer.Context, conversations: Path | None, options: Mapping[str, object]) -> None:
    if conversations is None:
        ctx.fail("Missing argument 'QUESTIONS'")
    for option, value in options.items():
        if value is not None:
            ctx.fail(f"{option} is about QUESTIONS, which are missing")


def _end(result: Result, requirements: Sequence[Requirement]) -> None:
    """Ends with the code that says whether all was asked and all required is met."""
    if interrupted := result.interrupted():
        say_line(interrupted)
        raise typer.Exit(INTERRUPTED)
    unmet = [why for requirement in requirements if (why := requirement.unmet(result))]
    for why in unmet:
        say_line(why)
    if unmet:
        raise typer.Exit(UNMET)
