"""The course: a reader is made over a body, trained, and examined."""

from __future__ import annotations

from pathlib import Path

import torch
from rich.console import Console

from training.errors import TrainingError
from training.examining import examine
from training.loop import plan, train
from training.model import load_reader
from training.progress import shown
from training.school import School


def take_course(
    school: School, body: Path, checkpoint: Path, *, epochs: float, seed: int, frozen: int = 0, threads: int = 0
) -> dict[str, float]:
    """Trains a reader over the model in `body` as `school` teaches, and gives its figures on what was held out.

    Args:
        school: makes the lessons.
        body: folder of the model to begin with.
        checkpoint: the file that a training goes on from, and that has the weights at the end.
        epochs: times to read all questions.
        seed: of all chance.
        frozen: lower layers of the body that are not trained.
        threads: cores to use; 0 leaves that to torch.

    Raises:
        TrainingError: there are too few questions, or the checkpoint is of another training or cannot be written.
    """
    run = plan(school.learnt, epochs, seed, frozen)
    if run.steps < 1:
        raise TrainingError(f"{len(school.learnt)} questions are too few to learn from", "Give more data or --epochs")
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    reader = load_reader(body, frozen=frozen)
    with shown(Console()) as report:
        train(school, reader, run, checkpoint, report)
    return examine(school, school.kept, reader, seed)
