"""`qabot calibrate`: fits the confidence of answers to gold questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import INTERRUPTED, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName, ReaderName
from qabot.channels.cli.terminal import print_json

if TYPE_CHECKING:
    from qabot.evaluation.calibration_examples import Examples
    from qabot.evaluation.gold import GoldQuestion
    from qabot.settings import Settings


def calibrate(
    ctx: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="QUESTIONS", help="Files of gold questions, or of --collect (.jsonl).")
    ],
    foreign: Annotated[
        list[Path] | None,
        typer.Option("--foreign", metavar="FILE", help="Questions (.jsonl) of other articles: unanswerable here."),
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
    half: Annotated[
        bool, typer.Option("--half", help="Index the older half of --seeds: the other half is then unanswerable.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Ask N questions of each file, always the same.")
    ] = None,
    weights: Annotated[
        bool, typer.Option("--weights/--no-weights", help="Try the weights of search and reading, too.")
    ] = True,
    name: Annotated[
        str | None, typer.Option("--set", metavar="NAME", help="Name of these articles. [default: their folder]")
    ] = None,
    collect: Annotated[
        Path | None, typer.Option("--collect", metavar="FILE", help="Write what was learnt here, to fit it later.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the fitted confidence here.")
    ] = None,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    reader: ReaderName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Ask gold questions and fit the confidence of answers to them: the probability that the first quote answers.

    Some questions have to be unanswerable: foreign ones, or those that --half makes. To fit several collections of
    articles at once, collect each, then give the collected files together. What is said of quality is said of
    questions that were not fitted (five-fold cross-validation).

    \b
    Needs the extra: pip install "qabot[eval]"
    \b
    Examples:
      qabot calibrate questions.jsonl foreign.jsonl --seeds articles --output confidence.json
      qabot calibrate questions.jsonl --seeds articles --half --collect half.jsonl
      qabot calibrate russian.jsonl --foreign other-russian.jsonl --seeds articles --collect both.jsonl
      qabot calibrate half.jsonl others.jsonl --output confidence.json
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model, reader=reader)
    if index and seeds:
        ctx.fail("--index and --seeds exclude each other: one index is asked")
    if cache and not seeds:
        ctx.fail("--cache keeps the index of --seeds, which is missing")
    if half and not seeds:
        ctx.fail("--half halves the articles of --seeds, which is missing")
    if collect and output:
        ctx.fail("--collect and --output exclude each other: what is collected is fitted later")
    for option, path in (("--collect", collect), ("--output", output)):
        if path and not path.absolute().parent.is_dir():
            ctx.fail(f"{option}: there is no folder {path.parent}")

    from qabot.channels.cli.calibration import print_calibration
    from qabot.channels.cli.screen import Screen
    from qabot.evaluation.calibration import calibrate as fit_confidence
    from qabot.evaluation.calibration_examples import is_examples, read_examples, write_examples
    from qabot.evaluation.extras import load_extra
    from qabot.evaluation.foreign import with_foreign
    from qabot.evaluation.gold import read_gold, sample

    # Whatever can be wrong is found before the first question: asking may take minutes.
    load_extra("sklearn")
    collected = [read_examples(path) for path in questions if is_examples(path)]
    files = [path for path in questions if not is_examples(path)]
    elsewhere = [question for path in foreign or [] for question in sample(read_gold([path]), limit)]
    if elsewhere and not files:
        ctx.fail("--foreign goes with QUESTIONS about the articles, which are missing")
    if files:
        kept = {question.id for path in files for question in sample(read_gold([path]), limit)}
        gold = [question for question in read_gold(files) if question.id in kept]
        named = name or _named(seeds or index or files[0])
        gold = with_foreign(gold, elsewhere)
        collected.append(_asked(settings, gold, f"{named}/half" if half else named, index, seeds, cache, half, weights))
    if collect:
        write_examples(collected[-1], collect)
        say_line(f"Collected {len(collected[-1].examples):,} questions of {collected[-1].set} in {collect}")
        return
    calibration = fit_confidence(collected)
    if output:
        output.write_text(calibration.to_json(), encoding="utf-8")
    if as_json:
        print_json(calibration.to_dict())
    else:
        print_calibration(calibration, settings, Screen())


def _asked(
    settings: Settings,
    gold: list[GoldQuestion],
    name: str,
    index: Path | None,
    seeds: Path | None,
    cache: Path | None,
    half: bool,
    weights: bool,
) -> Examples:
    """What asking `gold` teaches; half of an index is not asked for the weights of the search, a whole one may be."""
    from datetime import UTC, datetime

    from qabot.channels.cli.eval_engine import engine_for
    from qabot.channels.cli.progress import drawn
    from qabot.evaluation.calibration_examples import examples_of
    from qabot.evaluation.calibration_weights import with_ranks
    from qabot.evaluation.run import run

    with (
        drawn() as progress,
        _halved(settings, gold, seeds, half) as (asked, articles),
        engine_for(settings, index, articles, cache, progress) as engine,
    ):
        ran = run(engine, asked, progress)
        if not ran.complete:
            say_line(f"Interrupted after {len(ran.outcomes):,} of {ran.asked:,} questions")
            raise typer.Exit(INTERRUPTED)
        examples = examples_of(name, engine, ran.outcomes, datetime.now(UTC).date().isoformat())
        return with_ranks(examples, engine, ran.outcomes, progress) if weights and not half else examples


@contextmanager
def _halved(
    settings: Settings, gold: list[GoldQuestion], seeds: Path | None, half: bool
) -> Iterator[tuple[list[GoldQuestion], Path | None]]:
    """The questions to ask and the articles to index: all, or half of them in a folder that goes again."""
    from qabot.articles.limits import Limits
    from qabot.evaluation.calibration_half import of_half, write_half

    if not half or seeds is None:
        yield gold, seeds
        return
    with TemporaryDirectory(prefix="qabot-half-") as aside:
        kept = write_half(seeds, Path(aside), Limits.of(settings))
        yield of_half(gold, kept), Path(aside)


def _named(path: Path) -> str:
    """The name of a folder, or of a file of questions; of its folder if the file is just called questions."""
    path = path.absolute()
    return path.parent.name if path.stem == "questions" else path.stem
