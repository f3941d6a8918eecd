"""Makes a folder that qabot can serve out of a checkpoint: `python -m training.export CHECKPOINT`.

A command of its own: it needs no data, takes seconds, and may be given again, even while a training goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from qabot.encoders.card_file import MODEL
from qabot.encoders.originals import find_original, require_extra
from training.command import run_command
from training.reader import BODY

OUT = Path("embeddings/models/reader")


def export(given: argparse.Namespace) -> None:
    """Exports as the command line says.

    Raises:
        MissingExtraError: the extra `models` is not installed.
        ModelNotFoundError: there is no such body.
        TrainingError: the checkpoint or the folder cannot be used.
        ModelMismatchError: the exported reader differs from the trained one.
    """
    require_extra()
    from training.folder import make_folder  # noqa: PLC0415 - needs the extra, and takes seconds

    original = find_original(given.body)
    card = make_folder(given.checkpoint, original, given.out)
    print(f"{given.out}: {card.quantisation}, {(given.out / MODEL).stat().st_size / 1e6:.1f} MB")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description="Makes a folder that qabot can serve (model.onnx, tokenizer.json, card.toml) out of a checkpoint.",
    )
    parser.add_argument("checkpoint", type=Path, help="checkpoint.pt of a training; figures.json beside it is used too")
    parser.add_argument(
        "--out", type=Path, default=OUT, help="the folder; replaced if it is there (default: %(default)s)"
    )
    parser.add_argument("--body", default=BODY, help="model that the training began with (default: %(default)s)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    return run_command(_parser(), export, arguments)


if __name__ == "__main__":
    sys.exit(main())
