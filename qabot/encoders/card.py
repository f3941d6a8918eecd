"""ModelCard: what a model folder says about its model. Kept as `card.toml`, checked strictly when read."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.card_file import CARD, check_values, head_lines, read_values, refuse, toml, write_lines

GOLDEN_COSINE = 0.99
"""Least cosine of a golden text's vector to the card's. Rounding to int8 magnifies the last bits, in which CPUs and
releases of onnxruntime differ: all graph optimisations on against all off gives 0.998."""

_CHOICES = {"pooling": ("mean", "cls"), "quantisation": ("int8", "none")}


@dataclass(frozen=True, slots=True)
class Golden:
    """A text, encoded as a passage, and its vector, float32 of shape (dimensions,): they pin the model."""

    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """All that is known about a model folder.

    Hashes are SHA-256 in hex. `max_tokens` counts special tokens. `languages` are ISO 639-1 codes, "*" for all.
    `licence` is an SPDX identifier, or "unknown". `tools` are the versions of what exported the model.
    """

    name: str
    source: str
    licence: str
    languages: tuple[str, ...]
    dimensions: int
    max_tokens: int
    pooling: str
    query_prefix: str
    passage_prefix: str
    quantisation: str
    upstream_file: str
    upstream_sha256: str
    model_sha256: str
    tokenizer_sha256: str
    tools: Mapping[str, str]
    golden: tuple[Golden, ...]


def read_card(folder: Path) -> ModelCard:
    """The card of a model folder.

    Raises:
        DamagedModelError: there is none, it is no TOML, a key is missing or unknown, or a value is of the wrong kind.
    """
    path = folder / CARD
    values = read_values(path)
    check_values(values, ModelCard, path, _CHOICES)
    golden = values["golden"]
    if not isinstance(golden, list) or not golden:
        refuse(path, "golden", "a list of texts with vectors")
    try:
        pinned = tuple(_golden(entry, values["dimensions"]) for entry in golden)
    except (KeyError, TypeError, ValueError):
        refuse(path, "golden", "a list of texts with vectors of the model's dimensions")
    return ModelCard(**{**values, "languages": tuple(values["languages"]), "golden": pinned})


def write_card(card: ModelCard, folder: Path) -> None:
    """Write `card` into a model folder. The same card gives the same bytes."""
    lines = ["# What qabot knows of this model. The hashes are checked whenever it is loaded.", ""]
    lines += head_lines(card)
    lines += ["", f"# Each text must get its vector (float16, base64) again, to a cosine of {GOLDEN_COSINE}."]
    for golden in card.golden:
        packed = base64.b64encode(golden.vector.astype("<f2").tobytes()).decode("ascii")
        lines += ["[[golden]]", f"text = {toml(golden.text)}", f"vector = {toml(packed)}", ""]
    write_lines(lines, folder)


def _golden(entry: Any, dimensions: int) -> Golden:
    text, packed = entry["text"], entry["vector"]
    if len(entry) != 2 or not isinstance(text, str):
        raise ValueError("not a text and a vector")
    vector = np.frombuffer(base64.b64decode(packed, validate=True), dtype="<f2").astype(np.float32)
    if vector.shape != (dimensions,) or not np.isfinite(vector).all():
        raise ValueError("not a vector of the model")
    return Golden(text, vector)
