"""Making a model folder that OnnxEncoder can load, out of any sentence-transformers model."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from qabot.encoders.card import GOLDEN_COSINE, Golden, ModelCard, write_card
from qabot.encoders.card_file import MODEL, TOKENIZER
from qabot.encoders.encoder import Vectors, well_formed
from qabot.encoders.export import export_graph, quantise
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.originals import Original, find_original, require_extra
from qabot.encoders.probes import GOLDEN_TEXTS, probes_for
from qabot.encoders.torch_model import bare_tokenizer, load_original, max_tokens_of, pooling_of, prompts_of
from qabot.errors import EncoderError, ModelMismatchError

MINIMUM_COSINE = 0.98
"""Least cosine between a probe's vectors by the exported model and by sentence-transformers."""

_EXPORT_COSINE = 0.9999
"""The same before rounding to int8: less means that the export itself went wrong."""

_TOOLS = ("onnx", "onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")

Report = Callable[[str], None]
"""Called with what is being done, a few words in lower case."""


def prepare(
    name_or_folder: str,
    models: Path,
    *,
    name: str | None = None,
    languages: Sequence[str] | None = None,
    prefixes: tuple[str | None, str | None] = (None, None),
    int8: bool = True,
    probes: Sequence[str] | None = None,
    report: Report | None = None,
) -> ModelCard:
    """Make the folder `models`/`name` and return its card. What stood there before is replaced once all is well.

    Args:
        name_or_folder: what `find_original` can find.
        models: the folder that holds the model folders.
        name: the new folder's name; the original's, if not given.
        languages: ISO 639-1 codes; what the original says, if not given.
        prefixes: what to put before a question and before a passage; for None what the original says, which may be
            nothing although it was trained with some.
        int8: round the weights to int8, to a quarter of the size.
        probes: texts by which the result is compared with the original; if not given, some in its languages.
        report: called at each step.

    Raises:
        ModelNotFoundError: there is no such model.
        MissingExtraError: the extra `models` is not installed.
        ModelMismatchError: the exported model differs from the original; nothing is left behind.
        EncoderError: the model's architecture cannot be exported, or the folder cannot be written.
    """
    say = report or (lambda _: None)
    require_extra()
    original = find_original(name_or_folder)
    if languages:
        original = replace(original, languages=tuple(languages))
    probes = probes or probes_for(original.languages)
    name = name or original.name.lower()
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise EncoderError(f"{name!r} cannot be the name of a model", "Use letters, digits, dots and hyphens")
    say(f"loading {original.source}")
    model = load_original(original.folder, attn_implementation="eager")
    try:
        models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=models) as scratch:
            folder = Path(scratch) / name
            folder.mkdir()
            card = _make(model, original, folder, name=name, prefixes=prefixes, int8=int8, probes=probes, say=say)
            put_in_place(folder, models / name, Path(scratch))
    except OSError as error:
        raise EncoderError(f"{models / name} cannot be written: {error.strerror}") from error
    return card


def check_against(made: Vectors, expected: Vectors, texts: Sequence[str], minimum: float) -> float:
    """The least cosine between rows of two arrays of unit vectors, shape (n, dimensions), which belong to `texts`.

    Raises:
        ModelMismatchError: it is under `minimum`; names the text.
    """
    if made.shape != expected.shape:
        raise ModelMismatchError(f"The exported model gives vectors of shape {made.shape}, not {expected.shape}")
    cosines = np.einsum("ij,ij->i", made.astype(np.float64), expected.astype(np.float64))
    worst = int(np.argmin(np.nan_to_num(cosines, nan=-1.0)))
    if not cosines[worst] >= minimum:
        raise ModelMismatchError(
            f"The exported model differs from its original: cosine {cosines[worst]:.4f}, "
            f"at least {minimum} wanted, for the text {texts[worst][:60]!r}",
            'Use the model as it is: encoder = "sentence-transformers" in config/qabot.toml',
        )
    return float(cosines[worst])


def check_golden(encoder: OnnxEncoder) -> float:
    """The least cosine between the golden vectors of the encoder's card and what it gives now.

    Raises:
        ModelMismatchError: it is under `GOLDEN_COSINE`; names the text.
    """
    texts = [golden.text for golden in encoder.card.golden]
    pinned = np.array([golden.vector for golden in encoder.card.golden])
    pinned /= np.linalg.norm(pinned, axis=1, keepdims=True)
    return check_against(encoder.encode_passages(texts), pinned, texts, GOLDEN_COSINE)


def _make(
    model: Any,
    original: Original,
    folder: Path,
    *,
    name: str,
    prefixes: tuple[str | None, str | None],
    int8: bool,
    probes: Sequence[str],
    say: Report,
) -> ModelCard:
    pooling = pooling_of(model)
    query_prefix, passage_prefix = (
        said if given is None else well_formed(given) for given, said in zip(prefixes, prompts_of(model), strict=True)
    )
    prefixed = [passage_prefix + text for text in probes]
    expected = model.encode(prefixed, prompt="", normalize_embeddings=True, show_progress_bar=False)

    say("exporting")
    graph = folder.parent / "float.onnx"
    export_graph(model, pooling, graph)
    check_against(_run_padded(graph, model, prefixed), expected, probes, _EXPORT_COSINE)
    if int8:
        say("rounding to int8")
        quantise(graph, folder / MODEL)
    else:
        graph.rename(folder / MODEL)
    bare_tokenizer(model).save(str(folder / TOKENIZER), pretty=False)

    weights = min(original.folder.glob("*.safetensors"))
    card = ModelCard(
        name=name,
        source=original.source,
        licence=original.licence,
        languages=original.languages,
        dimensions=expected.shape[1],
        max_tokens=max_tokens_of(model),
        pooling=pooling,
        query_prefix=query_prefix,
        passage_prefix=passage_prefix,
        quantisation="int8" if int8 else "none",
        upstream_file=weights.name,
        upstream_sha256=_sha256(weights),
        model_sha256=_sha256(folder / MODEL),
        tokenizer_sha256=_sha256(folder / TOKENIZER),
        tools={tool: importlib.metadata.version(tool) for tool in _TOOLS},
        golden=(Golden(probes[0], expected[0]),),
    )
    write_card(card, folder)

    say("comparing with the original")
    encoder = OnnxEncoder(folder)
    check_against(encoder.encode_passages(probes), expected, probes, MINIMUM_COSINE)
    vectors = encoder.encode_passages(GOLDEN_TEXTS)
    card = replace(card, golden=tuple(Golden(*pair) for pair in zip(GOLDEN_TEXTS, vectors, strict=True)))
    write_card(card, folder)
    return card


def _run_padded(graph: Path, model: Any, texts: Sequence[str]) -> Vectors:
    """Vectors of `texts` by an exported graph, all in one padded batch: shows that the graph heeds the mask."""
    session = ort.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    batch = model.tokenizer(
        list(texts), padding=True, truncation=True, max_length=max_tokens_of(model), return_tensors="np"
    )
    inputs = {name: batch[name].astype(np.int64) for name in ("input_ids", "attention_mask")}
    vectors: Vectors = session.run(None, inputs)[0]
    return vectors


def put_in_place(made: Path, target: Path, scratch: Path) -> None:
    replaced = scratch / "replaced"
    if target.exists():
        target.rename(replaced)
    try:
        made.rename(target)
    except OSError:
        if replaced.exists():
            replaced.rename(target)
        raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
