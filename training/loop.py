"""The training loop: steps over lessons, with rates that rise and fall, and a checkpoint every few minutes."""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.checkpoint import Run, State
from training.loss import loss_of
from training.model import Reader, scores_of
from training.school import School

QUESTIONS_A_STEP = 6
BODY_RATE, HEAD_RATE = 8e-5, 5e-4
"""Highest learning rates of the body, which has learnt, and of the heads, which have not."""
WEIGHT_DECAY = 0.01
WARM_UP = 0.06
"""Share of the steps in which the rates rise; afterwards they fall to 0."""
MOST_GRADIENT = 1.0
CHECKPOINT_SECONDS = 300
_RECENT = 200
"""Steps over which the loss that is shown is the mean."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is. `begun` is the step at which this process took it up; `loss` is the mean of late."""

    begun: int
    done: int
    steps: int
    loss: float


def plan(learnt: Sequence[int], epochs: float, seed: int, frozen: int = 0) -> Run:
    """The training that reads the questions `learnt` so many times."""
    return Run(seed, epochs, int(epochs * len(learnt) / QUESTIONS_A_STEP), frozen)


def train(
    school: School,
    reader: Reader,
    run: Run,
    checkpoint: Path,
    report: Callable[[Progress], None],
    *,
    every: float = CHECKPOINT_SECONDS,
) -> None:
    """Trains `reader` on what `school` teaches, from the checkpoint on if there is one; at the end it is up to date.

    Args:
        school: makes the lessons.
        reader: changed in place, in training mode afterwards.
        run: how long, and the seed of all chance.
        checkpoint: a file, written aside and renamed.
        report: called after each step.
        every: seconds between checkpoints.

    Raises:
        TrainingError: the checkpoint is of another training, or cannot be written.
    """
    torch.manual_seed(run.seed)
    state = _state(reader, run.steps)
    begun = state.load(checkpoint, run) if checkpoint.exists() else 0
    saved = time.monotonic()
    losses: deque[float] = deque(maxlen=_RECENT)
    reader.train()
    for step, rows in enumerate(_rows(school.learnt, run)):
        if step < begun:
            continue
        losses.append(_step(school, state, rows, random.Random(f"{run.seed}-{step}")))
        if time.monotonic() - saved >= every or step + 1 == run.steps:
            state.save(checkpoint, step + 1, run)
            saved = time.monotonic()
        report(Progress(begun, step + 1, run.steps, sum(losses) / len(losses)))


def _state(reader: Reader, steps: int) -> State:
    heads = [*reader.sentence.parameters(), *reader.nowhere.parameters()]
    body = [weights for weights in reader.body.parameters() if weights.requires_grad]
    groups = [{"params": body, "lr": BODY_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    return State(reader, optimiser, schedule)


def _step(school: School, state: State, rows: Sequence[int], chance: random.Random) -> float:
    """One step on the questions `rows`; gives their loss."""
    batch = school.batch(rows, chance)
    with torch.autocast("cpu", torch.bfloat16):
        scores = scores_of(state.reader, batch)
    loss = loss_of(scores, batch)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.reader.parameters(), MOST_GRADIENT)
    state.optimiser.step()
    state.schedule.step()
    return float(loss.item())


def _rows(learnt: Sequence[int], run: Run) -> Iterator[list[int]]:
    """The questions of each step: all of them in a random order, then in another, and so on."""
    chance = random.Random(run.seed)
    order: list[int] = []
    for _ in range(run.steps):
        if len(order) < QUESTIONS_A_STEP:
            order = chance.sample(list(learnt), len(learnt))
        taken, order = order[:QUESTIONS_A_STEP], order[QUESTIONS_A_STEP:]
        yield taken


def _rate(step: int, steps: int) -> float:
    """The share of the highest learning rate at a step."""
    warm = max(1, int(steps * WARM_UP))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))
