"""Making the folder that qabot serves: the weights of a checkpoint as an int8 graph, a tokenizer and a card."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from qabot.encoders.card_file import MODEL, TOKENIZER
from qabot.encoders.export import quantise
from qabot.encoders.json_tokenizer import read_json
from qabot.encoders.originals import Original
from qabot.encoders.prepare import put_in_place
from qabot.encoders.tokenizer import Tokenizer, load_tokenizer, tokenizer_file
from qabot.reader.card import GoldenRead, ReaderCard, write_card
from training.checkpoint import read_checkpoint
from training.errors import TrainingError
from training.graph import export_graph
from training.lessons import Read
from training.model import Reader, load_reader
from training.reader import BODY, EPOCHS, FIGURES, SEED
from training.scoring import check_scores, graph_scorer, torch_scorer
from training.sources import DATA, GOLDEN_TEXTS, LICENCE
from training.words import pack_words

MOST_FLOAT_DIFFERENCE = 1e-4
"""How far a score of the exported graph may be from torch's: more means that the export itself went wrong."""

MOST_INT8_DIFFERENCE = 1.5
"""The same after rounding to int8."""

_TOOLS = ("onnx", "onnxruntime", "sentencepiece", "tokenizers", "torch", "transformers")


def make_folder(checkpoint: Path, original: Original, out: Path) -> ReaderCard:
    """Make the folder `out` of the weights in `checkpoint` over the body `original`, and give its card.

    What stood there before is replaced once all is well.

    Raises:
        TrainingError: `checkpoint` is none of this body, or a file cannot be read or written.
        ModelMismatchError: the exported reader differs from the trained one; nothing is left behind.
    """
    saved = read_checkpoint(checkpoint)
    figures = _figures_beside(checkpoint)
    reader = load_reader(original.folder, "eager")
    _load_weights(reader, saved, checkpoint)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            folder = Path(scratch) / out.name
            folder.mkdir()
            golden = _write_model(reader, original, folder)
            most = reader.body.config.max_position_embeddings
            card = _card(original, folder, most, _recipe_of(saved, original), figures, golden)
            write_card(card, folder)
            put_in_place(folder, out, Path(scratch))
    except OSError as error:
        raise TrainingError(f"{out} cannot be written: {error.strerror}", "Give another --out") from error
    return card


def _load_weights(reader: Reader, saved: dict[str, Any], checkpoint: Path) -> None:
    try:
        reader.load_state_dict(saved["reader"])
    except RuntimeError as error:
        raise TrainingError(f"{checkpoint} does not fit this body", "Give the --body that it was trained on") from error
    reader.eval()


def _figures_beside(checkpoint: Path) -> dict[str, float]:
    """The figures of the training that `checkpoint` belongs to, {} if it is not through."""
    path = checkpoint.parent / FIGURES
    try:
        return {str(name): float(figure) for name, figure in json.loads(path.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise TrainingError(f"{path} cannot be read: {error}") from error


def _recipe_of(saved: dict[str, Any], original: Original) -> str:
    """The command that gives these weights, once it is through."""
    # The checkpoints of the first reader do not say.
    epochs, seed, frozen = saved.get("epochs", EPOCHS), saved.get("seed", SEED), saved.get("frozen", 0)
    body = "" if original.source.startswith(f"package {BODY}") else f" --body {original.name}"
    kept = f" --frozen {frozen}" if frozen else ""
    return f"python -m training.reader --data reader-training{body}{kept} --epochs {epochs:g} --seed {seed}"


def _write_model(reader: Reader, original: Original, folder: Path) -> tuple[GoldenRead, ...]:
    """Writes graph and tokenizer, sees that they agree with `reader`, and gives the golden reads."""
    tokenizer = _copy_tokenizer(original.folder, folder)
    reads = [Read(*texts, answers=frozenset()) for texts in GOLDEN_TEXTS]
    network = torch_scorer(reader, tokenizer)
    expected = [network(read) for read in reads]
    graph = folder.parent / "float.onnx"
    export_graph(reader, graph)
    check_scores(graph_scorer(graph, tokenizer), reads, expected, MOST_FLOAT_DIFFERENCE)
    pack_words(graph)
    quantise(graph, folder / MODEL)
    rounded = graph_scorer(folder / MODEL, tokenizer)
    check_scores(rounded, reads, expected, MOST_INT8_DIFFERENCE)
    return tuple(GoldenRead(read.question, read.context, read.sentences, _scores(rounded(read))) for read in reads)


def _copy_tokenizer(body: Path, folder: Path) -> Tokenizer:
    source = tokenizer_file(body)
    if source.name == TOKENIZER:
        read_json(source).save(str(folder / TOKENIZER), pretty=False)  # without what cuts and pads
    else:
        shutil.copyfile(source, folder / source.name)
    return load_tokenizer(tokenizer_file(folder))


def _scores(scores: Any) -> tuple[float, ...]:
    return tuple(map(float, scores))


def _card(
    original: Original,
    folder: Path,
    max_pieces: int,
    recipe: str,
    figures: dict[str, float],
    golden: tuple[GoldenRead, ...],
) -> ReaderCard:
    weights = min(original.folder.glob("*.safetensors"))
    return ReaderCard(
        kind="reader",
        name=folder.name,
        source=original.source,
        licence=LICENCE,
        languages=original.languages,
        max_pieces=max_pieces,
        quantisation="int8",
        data=DATA,
        recipe=recipe,
        upstream_file=weights.name,
        upstream_sha256=_sha256(weights),
        model_sha256=_sha256(folder / MODEL),
        tokenizer_sha256=_sha256(tokenizer_file(folder)),
        figures=figures,
        tools={tool: importlib.metadata.version(tool) for tool in _TOOLS},
        golden=golden,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
