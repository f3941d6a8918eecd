"""ReaderCard: what a reader's folder says about it. Kept as `card.toml`, checked strictly when read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.encoders.card_file import CARD, check_values, head_lines, read_values, refuse, toml, toml_list, write_lines

GOLDEN_DIFFERENCE = 0.5
"""How far a golden score may be from the card's, in logits: CPUs and releases of onnxruntime differ in the last bits,
which rounding to int8 magnifies."""

_CHOICES = {"kind": ("reader",), "quantisation": ("int8", "none")}


@dataclass(frozen=True, slots=True)
class GoldenRead:
    """A question, a passage and the scores of its sentences: they pin the reader."""

    question: str
    context: str
    sentences: tuple[str, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """All that is known about a reader.

    Hashes are SHA-256 in hex. `max_pieces` are word pieces of question and passage together. `languages` are ISO
    639-1 codes, "*" for all. `licence` is an SPDX identifier. `data` names what it was trained on, with licences;
    `recipe` the command that trained it; `figures` what it reached on questions held out from training. `tools` are
    the versions of what trained and exported it.
    """

    kind: str
    name: str
    source: str
    licence: str
    languages: tuple[str, ...]
    max_pieces: int
    quantisation: str
    data: tuple[str, ...]
    recipe: str
    upstream_file: str
    upstream_sha256: str
    model_sha256: str
    tokenizer_sha256: str
    figures: Mapping[str, float]
    tools: Mapping[str, str]
    golden: tuple[GoldenRead, ...]

    def knows(self, language: str) -> bool:
        """Whether the reader was made for `language` (ISO 639-1)."""
        return "*" in self.languages or language in self.languages


def read_card(folder: Path) -> ReaderCard:
    """The card of a reader's folder.

    Raises:
        DamagedModelError: there is none, it is no TOML, a key is missing or unknown, or a value is of the wrong kind.
    """
    path = folder / CARD
    values = read_values(path)
    check_values(values, ReaderCard, path, _CHOICES)
    golden = values["golden"]
    if not isinstance(golden, list) or not golden:
        refuse(path, "golden", "a list of reads with scores")
    try:
        pinned = tuple(map(_golden, golden))
    except (KeyError, TypeError, ValueError):
        refuse(path, "golden", "a list of reads with scores, one for each sentence")
    lists = {key: tuple(values[key]) for key in ("languages", "data")}
    return ReaderCard(**{**values, **lists, "golden": pinned})


def write_card(card: ReaderCard, folder: Path) -> None:
    """Write `card` into a reader's folder. The same card gives the same bytes."""
    lines = ["# Made by `python -m training.export`. qabot checks the hashes whenever it loads the reader.", ""]
    lines += head_lines(card)
    lines += ["", f"# Each read must give its scores again, to within {GOLDEN_DIFFERENCE}."]
    for read in card.golden:
        scores = toml_list(round(score, 3) for score in read.scores)
        lines += ["[[golden]]", f"question = {toml(read.question)}", f"context = {toml(read.context)}"]
        lines += [f"sentences = {toml_list(read.sentences)}", f"scores = {scores}", ""]
    write_lines(lines, folder)


def _golden(entry: Any) -> GoldenRead:
    question, context = entry["question"], entry["context"]
    sentences, scores = tuple(entry["sentences"]), tuple(entry["scores"])
    if not all(isinstance(text, str) for text in (question, context, *sentences)):
        raise TypeError("not texts")
    if len(entry) != 4 or not sentences or len(sentences) != len(scores):
        raise ValueError("not one score for each sentence")
    if not all(isinstance(score, float) and math.isfinite(score) for score in scores):
        raise TypeError("not scores")
    return GoldenRead(question, context, sentences, scores)
