"""Checkpoints: everything that a training goes on from, in one file that is never half written."""

from __future__ import annotations

import os
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Run:
    """What a training is: with these, the same data and as many threads its weights are the same.

    steps: of which each reads the lessons of a few questions.
    frozen: lower layers of the body that are not trained.
    """

    seed: int
    epochs: float
    steps: int
    frozen: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What changes in a training: the reader, its optimiser, and the schedule of its rates."""

    reader: Any
    optimiser: Any
    schedule: Any

    def save(self, path: Path, done: int, run: Run) -> None:
        """Writes the state after `done` steps aside, and puts it in place of the checkpoint before.

        Raises:
            TrainingError: it cannot be written; the checkpoint before stays.
        """
        saved = {
            "reader": self.reader.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": torch.get_rng_state(),
            "done": done,
            **asdict(run),
        }
        aside = path.with_suffix(".new")
        try:
            with aside.open("wb") as file:
                torch.save(saved, file)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError as error:
            raise TrainingError(f"{path} cannot be written: {error.strerror}", "The checkpoint before stays") from error

    def load(self, path: Path, run: Run) -> int:
        """Takes the state in the file `path`, and gives the steps done.

        Raises:
            TrainingError: it is no checkpoint, or one of another training.
        """
        saved = read_checkpoint(path)
        # Those that stand there; the first ones had neither these nor the state of chance.
        was = Run(**{name: saved.get(name, value) for name, value in asdict(run).items()})
        if was != run:
            mend = "Give the same data, --seed and --epochs, or another --out"
            raise TrainingError(f"{path} is of another training: {was}, not {run}", mend)
        try:
            self.reader.load_state_dict(saved["reader"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.schedule.load_state_dict(saved["schedule"])
        except (RuntimeError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise TrainingError(f"{path} does not fit this body: {reason}", "Give the same --body") from error
        if "random" in saved:
            torch.set_rng_state(saved["random"])
        return int(saved["done"])


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What stands in the checkpoint `path`: tensors and numbers; nothing in it is run.

    Raises:
        TrainingError: it cannot be read, or is no checkpoint.
    """
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise TrainingError(f"{path} is missing", "Train first: python -m training.reader") from error
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{path} is no checkpoint: {str(error).partition(chr(10))[0]}") from error
    if not isinstance(saved, dict) or not {"reader", "optimiser", "schedule", "done"} <= saved.keys():
        raise TrainingError(f"{path} is no checkpoint of a reader")
    return saved
