"""ModelCard: what a model folder says about its model. Kept as `card.toml`, checked strictly when read."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qabot.errors import DamagedModelError

CARD = "card.toml"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"

GOLDEN_COSINE = 0.99
"""Least cosine of a golden text's vector to the card's. Rounding to int8 magnifies the last bits, in which CPUs and
releases of onnxruntime differ: all graph optimisations on against all off gives 0.998."""

_CHOICES = {"pooling": ("mean", "cls"), "quantisation": ("int8", "none")}
_MEND = "Install qabot again, or make the model again: qabot model prepare"


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
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError as error:
        raise DamagedModelError(f"{path} is missing", _MEND) from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DamagedModelError(f"{path} cannot be read: {error}", _MEND) from error
    return _checked(values, path)


def write_card(card: ModelCard, folder: Path) -> None:
    """Write `card` into a model folder. The same card gives the same bytes."""
    lines = ["# Made by `qabot model prepare`. qabot checks the hashes whenever it loads the model.", ""]
    for field in fields(ModelCard):
        value = getattr(card, field.name)
        if isinstance(value, str | int):
            lines.append(f"{field.name} = {_toml(value)}")
        elif field.name == "languages":
            lines.append(f"languages = [{', '.join(_toml(code) for code in value)}]")
    lines += ["", "[tools]"]
    lines += [f"{_toml(tool)} = {_toml(version)}" for tool, version in sorted(card.tools.items())]
    lines += ["", f"# Each text must get its vector (float16, base64) again, to a cosine of {GOLDEN_COSINE}."]
    for golden in card.golden:
        packed = base64.b64encode(golden.vector.astype("<f2").tobytes()).decode("ascii")
        lines += ["[[golden]]", f"text = {_toml(golden.text)}", f"vector = {_toml(packed)}", ""]
    (folder / CARD).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _toml(value: str | int) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(values: dict[str, Any], path: Path) -> ModelCard:
    known = [field.name for field in fields(ModelCard)]
    for key in values:
        if key not in known:
            raise DamagedModelError(f"{path} has the unknown key {key!r}", _MEND)
    for key in known:
        if key not in values:
            raise DamagedModelError(f"{path} lacks the key {key!r}", _MEND)

    def refuse(key: str, want: str) -> DamagedModelError:
        return DamagedModelError(f"{path}: {key!r} should be {want}", _MEND)

    for field in fields(ModelCard):
        key, value = field.name, values[field.name]
        if field.type == "str" and not isinstance(value, str):
            raise refuse(key, "a string")
        if field.type == "int" and (type(value) is not int or value < 1):
            raise refuse(key, "a positive whole number")
        if key.endswith("_sha256") and not _is_sha256(value):
            raise refuse(key, "a SHA-256 in hex")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise refuse(key, " or ".join(repr(choice) for choice in _CHOICES[key]))
    return ModelCard(**{**values, **_collections(values, refuse)})


def _collections(values: dict[str, Any], refuse: Callable[[str, str], DamagedModelError]) -> dict[str, Any]:
    languages, tools, golden = values["languages"], values["tools"], values["golden"]
    if not isinstance(languages, list) or not languages or not all(isinstance(code, str) for code in languages):
        raise refuse("languages", "a list of language codes")
    if not isinstance(tools, dict) or not all(isinstance(version, str) for version in tools.values()):
        raise refuse("tools", "a table of versions")
    if not isinstance(golden, list) or not golden:
        raise refuse("golden", "a list of texts with vectors")
    try:
        pinned = tuple(_golden(entry, values["dimensions"]) for entry in golden)
    except (KeyError, TypeError, ValueError) as error:
        raise refuse("golden", "a list of texts with vectors of the model's dimensions") from error
    return {"languages": tuple(languages), "golden": pinned}


def _golden(entry: Any, dimensions: int) -> Golden:
    text, packed = entry["text"], entry["vector"]
    if len(entry) != 2 or not isinstance(text, str):
        raise ValueError("not a text and a vector")
    vector = np.frombuffer(base64.b64decode(packed, validate=True), dtype="<f2").astype(np.float32)
    if vector.shape != (dimensions,) or not np.isfinite(vector).all():
        raise ValueError("not a vector of the model")
    return Golden(text, vector)


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)
