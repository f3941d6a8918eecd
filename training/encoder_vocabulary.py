"""Which pieces of a vocabulary for a hundred languages texts in Kazakh, Russian and English need."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.sentence_pieces import SentencePieces
from qabot.encoders.tokenizer import Tokenizer
from qabot.errors import EncoderError
from training.encoder_file import PackedModel

_BOUNDARY = "▁"
_TEXTS_AT_ONCE = 256


def choose_pieces(packed: PackedModel, used: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The ids of the pieces to keep, ascending: those `used` in texts, and those that other texts may well use.

    Texts of a few megabytes do not show all pieces that other texts have. Held out, what was missing were Cyrillic
    pieces, signs and digits, and of the Latin ones parts of names, which begin with a capital or stand within a word,
    four times as often as whole words in small letters. Of those only such with letters that English does not have are
    dropped: they are other languages' words.

    Args:
        packed: the whole model.
        used: for each piece, whether some text has it; shape (pieces,).
    """
    kept = used | np.fromiter(map(_may_be_used, packed.pieces), bool, len(packed.pieces))
    kept[list(packed.special)] = True
    return np.flatnonzero(kept)


def used_pieces(packed: PackedModel, tokenizer: Tokenizer, texts: Iterable[str]) -> NDArray[np.bool_]:
    """For each piece of the whole model, whether `texts` have it; `tokenizer` has all the pieces."""
    used = np.zeros(len(packed.pieces), dtype=bool)
    for batch in _batches(texts):
        for ids in tokenizer.ids(batch):
            used[ids] = True
    return used


def pieces_of(packed: PackedModel, tokenizer: Path) -> NDArray[np.intp]:
    """The ids that the pieces of a trimmed `tokenizer.model` have in the whole model, in its order.

    Raises:
        EncoderError: it cannot be read, or has a piece that the model lacks.
    """
    places = {piece: place for place, piece in enumerate(packed.pieces)}
    try:
        kept = SentencePieces(tokenizer.read_bytes()).pieces
        return np.array([places[piece] for piece in kept], dtype=np.intp)
    except OSError as error:
        raise EncoderError(f"{tokenizer} cannot be read: {error.strerror}", _MEND) from error
    except ValueError as error:
        raise EncoderError(f"{tokenizer} cannot be read: {error}", _MEND) from error
    except KeyError as error:
        raise EncoderError(f"{tokenizer} has the piece {error}, which the model lacks", _MEND) from error


_MEND = "Count the pieces anew: --texts FOLDER"


def read_texts(folders: Sequence[Path]) -> Iterator[str]:
    """The strings of all .jsonl files in `folders` and below that may be text, each once: no addresses, no dates.

    Raises:
        EncoderError: there are no such files, or one cannot be read.
    """
    files = sorted(file for folder in folders for file in folder.rglob("*.jsonl"))
    if not files:
        raise EncoderError(f"No .jsonl files in {', '.join(map(str, folders))}", "Name folders of articles: --texts")
    seen: set[str] = set()
    for file in files:
        try:
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    new = set(_strings(json.loads(line))) - seen
                    seen |= new
                    yield from new
        except (OSError, ValueError) as error:
            raise EncoderError(f"{file} cannot be read: {error}") from error


_NO_TEXT = ("id", "url", "published", "asked", "article", "kind", "set")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in _NO_TEXT:
                yield from _strings(part)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _TEXTS_AT_ONCE:
            yield batch
            batch = []
    yield batch


def _may_be_used(piece: str) -> bool:
    word = piece.removeprefix(_BOUNDARY)
    scripts = {_script(character) for character in word} - {""}
    if len(word) <= 1:
        return scripts <= {"LATIN", "CYRILLIC", "GREEK"}
    if "CYRILLIC" in scripts or not scripts:
        return True
    name_like = not piece.startswith(_BOUNDARY) or word[0].isupper()
    return scripts == {"LATIN"} and (word.isascii() or name_like)


def _script(character: str) -> str:
    """The script of a letter, such as "LATIN"; "" for what is no letter."""
    if not character.isalpha():
        return ""
    return re.split("[ -]", unicodedata.name(character, "UNKNOWN"), maxsplit=1)[0]
