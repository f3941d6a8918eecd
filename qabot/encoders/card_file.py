"""The cards of models as TOML: a flat dataclass written in a fixed form, and checked key by key when read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, NoReturn

from qabot.errors import DamagedModelError

CARD = "card.toml"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
SENTENCE_PIECES = "tokenizer.model"
"""What a folder may have in the place of `TOKENIZER`."""

MEND = "Install qabot again, or make the model again: qabot model prepare"


def read_values(path: Path) -> dict[str, Any]:
    """What stands in the card at `path`.

    Raises:
        DamagedModelError: there is none, or it is no TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise DamagedModelError(f"{path} is missing", MEND) from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedModelError(f"{path} cannot be read: {error}", MEND) from error


def check_values(values: Mapping[str, Any], kind: type, path: Path, choices: Mapping[str, tuple[str, ...]]) -> None:
    """Looks whether `values` has the keys of the dataclass `kind`, no others, and its strings, numbers and tables.

    Keys that end in `_sha256` hold SHA-256 in hex; whole numbers are positive.

    Args:
        values: of the card at `path`.
        kind: a flat dataclass with its types as strings.
        path: named in errors.
        choices: for some keys the strings that may stand there.

    Raises:
        DamagedModelError: it has not; names the key.
    """
    keys = [field.name for field in fields(kind)]
    for key in values:
        if key not in keys:
            raise DamagedModelError(f"{path} has the unknown key {key!r}", MEND)
    for key in keys:
        if key not in values:
            raise DamagedModelError(f"{path} lacks the key {key!r}", MEND)
    for field in fields(kind):
        _check_value(field, values[field.name], path)
    for key, allowed in choices.items():
        if values[key] not in allowed:
            refuse(path, key, " or ".join(map(repr, allowed)))


def refuse(path: Path, key: str, want: str) -> NoReturn:
    """Raises the DamagedModelError of a key that is not `want`."""
    raise DamagedModelError(f"{path}: {key!r} should be {want}", MEND)


def _check_value(field: Field[Any], value: Any, path: Path) -> None:
    key = field.name
    match field.type:
        case "str" if not isinstance(value, str):
            refuse(path, key, "a string")
        case "int" if type(value) is not int or value < 1:
            refuse(path, key, "a positive whole number")
        case "tuple[str, ...]" if not _is_list(value, str):
            refuse(path, key, "a list of strings")
        case "Mapping[str, str]" if not _is_table(value, str):
            refuse(path, key, "a table of strings")
        case "Mapping[str, float]" if not _is_table(value, float):
            refuse(path, key, "a table of numbers")
    if key.endswith("_sha256") and not _is_sha256(value):
        refuse(path, key, "a SHA-256 in hex")


def _is_list(value: Any, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, kind) for one in value)


def _is_table(value: Any, kind: type) -> bool:
    return isinstance(value, dict) and all(isinstance(one, kind) for one in value.values())


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)


def head_lines(card: Any) -> list[str]:
    """The lines of `card`'s strings, numbers and lists of strings, then of its tables."""
    lines, tables = [], []
    for field in fields(card):
        value = getattr(card, field.name)
        if field.type in ("str", "int"):
            lines.append(f"{field.name} = {toml(value)}")
        elif field.type == "tuple[str, ...]":
            lines.append(f"{field.name} = {toml_list(value)}")
        elif field.type in ("Mapping[str, str]", "Mapping[str, float]"):
            tables += ["", f"[{field.name}]"]
            tables += [f"{toml(key)} = {toml(entry)}" for key, entry in sorted(value.items())]
    return lines + tables


def toml_list(values: Iterable[str | float]) -> str:
    return f"[{', '.join(map(toml, values))}]"


def toml(value: str | float) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_lines(lines: Iterable[str], folder: Path) -> None:
    """Writes the card of a model folder. The same lines give the same bytes."""
    (folder / CARD).write_text("\n".join(lines), encoding="utf-8", newline="\n")
