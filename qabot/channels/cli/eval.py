"""`qabot eval`: how good the answers are, in figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import INTERRUPTED, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName
from qabot.channels.cli.terminal import print_json

if TYPE_CHECKING:
    from qabot.answering.engine import Engine
    from qabot.index.progress import Progress
    from qabot.settings import Settings

UNMET = 1
"""Exit code where a --require is not met."""


def evaluate(
    ctx: typer.Context,
    questions: Annotated[list[Path], typer.Argument(metavar="QUESTIONS", help="Files of gold questions (.jsonl).")],
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
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model)
    if index and seeds:
        ctx.fail("--index and --seeds exclude each other: one index is asked")
    if cache and not seeds:
        ctx.fail("--cache keeps the index of --seeds, which is missing")
    if output and not output.absolute().parent.is_dir():
        ctx.fail(f"--output: there is no folder {output.parent}")

    from qabot.channels.cli.evaluation import print_evaluation
    from qabot.channels.cli.progress import drawn
    from qabot.channels.cli.screen import Screen
    from qabot.evaluation.figures import figure_names, measure
    from qabot.evaluation.gold import read_gold
    from qabot.evaluation.plot import check_plot, draw
    from qabot.evaluation.ranking import check_ready
    from qabot.evaluation.report import to_dict
    from qabot.evaluation.requirements import parse_requirement
    from qabot.evaluation.run import run

    # Whatever can be wrong is found before the first question: asking may take minutes.
    check_ready()
    gold = read_gold(questions)
    names = figure_names(question.kind for question in gold)
    requirements = [parse_requirement(text, names) for text in require or []]
    if plot:
        check_plot(plot)
    with drawn() as progress, _engine(settings, index, seeds, cache, progress) as engine:
        ran = run(engine, gold, progress, limit=limit)
        evaluation = measure(ran, settings.threshold if threshold is None else threshold)
        report = to_dict(evaluation, engine)
    if as_json:
        print_json(report)
    else:
        print_evaluation(evaluation, report["index"], Screen())
    if output:
        output.write_text(
            json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", errors="backslashreplace"
        )
    if plot:
        draw(evaluation, plot)
    if not evaluation.complete:
        say_line(f"Interrupted after {len(ran.outcomes):,} of {ran.asked:,} questions")
        raise typer.Exit(INTERRUPTED)
    unmet = [why for requirement in requirements if (why := requirement.unmet(evaluation))]
    for why in unmet:
        say_line(why)
    if unmet:
        raise typer.Exit(UNMET)


@contextmanager
def _engine(
    settings: Settings, index: Path | None, seeds: Path | None, cache: Path | None, progress: Progress
) -> Iterator[Engine]:
    """The engine to ask: of the home's index, of the one in `index`, or of one built of `seeds`."""
    from qabot.answering.engine import Engine, open_engine
    from qabot.channels.cli.skipped import print_skipped
    from qabot.encoders.models import load_encoder
    from qabot.index.building import build
    from qabot.index.generation import check_recipe, open_current
    from qabot.index.recipe import recipe_of

    if index is None and seeds is None:
        with open_engine(settings) as engine:
            yield engine
        return
    # The model is the home's; only the index lies elsewhere.
    encoding = load_encoder(settings)
    with TemporaryDirectory(prefix="qabot-eval-") as aside:
        elsewhere = settings.model_copy(
            update={"embeddings": _embeddings(index) if index else (cache or Path(aside)).absolute()}
        )
        if seeds:
            elsewhere = elsewhere.model_copy(update={"seeds": seeds.absolute()})
            skipped = build(elsewhere, encoding, progress=progress).skipped
            print_skipped([item for item in skipped if not item.harmless])
        generation = open_current(elsewhere.generations_folder, elsewhere.cache_folder)
        with Engine(elsewhere, encoding, generation) as engine:
            check_recipe(generation, recipe_of(elsewhere, encoding))
            yield engine


def _embeddings(index: Path) -> Path:
    """The folder above generations/, if `index` is that, the generations themselves, or a home folder."""
    index = index.absolute()
    if (index / "embeddings/generations").is_dir():
        return index / "embeddings"
    return index.parent if index.name == "generations" else index
