"""Outcome: what one gold question gave, in the form that all figures are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qabot.answering.features import Features
from qabot.evaluation.gold import GoldQuestion
from qabot.evaluation.hits import Holders

ARMS = ("dense", "lexical", "fused", "read")
"""The orders of passages that are measured: by each arm, fused, and by the best sentence after reading."""

DEPTH = 10
"""Ranks of each arm that are looked at."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote. `exact`: its text is what stands at its citation in the stored article, read afresh."""

    article: str
    text: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one gold question gave.

    `quotes` are given whatever the confidence. `nearest` are the articles that a "not found" would name. `rankings`
    has the keys of each arm's best passages, best first; "dense" is missing where the model does not know the
    question's language. `holders` has for every evidence the passages that hold it. `milliseconds` is the time
    that asking took. `features` are what the confidence was judged by, None if no sentence was found. `read`: a reader
    chose the sentences.
    """

    gold: GoldQuestion
    confidence: float
    quotes: tuple[Shown, ...]
    nearest: tuple[str, ...]
    rankings: Mapping[str, tuple[int, ...]]
    holders: Holders
    milliseconds: float
    features: Features | None = None
    read: bool = False
