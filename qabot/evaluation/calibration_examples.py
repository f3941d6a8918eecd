"""Examples: what an answer was judged by, and whether its first quote answered; what the confidence is fitted on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from qabot import __version__
from qabot.answering.engine import Engine
from qabot.answering.features import FEATURES
from qabot.errors import GoldError
from qabot.evaluation.answers import is_right
from qabot.evaluation.outcome import Outcome

DIGITS = 6
"""Of a feature: what is fitted at once and what is fitted from a file are the same."""

_FITTED_UNDER = (
    "candidates",
    "dense_weight",
    "preference_weight",
    "repeat_penalty",
    "passages_read",
    "sentences_encoded",
    "similarity_weight",
    "terms_weight",
    "passage_weight",
)


def fitted_under(*, reader: bool) -> frozenset[str]:
    """The settings that the features depend on, of answers that a reader read or not."""
    return frozenset((*_FITTED_UNDER, "reader_weight") if reader else _FITTED_UNDER)


_MEND = "Make it again: qabot calibrate QUESTIONS --collect FILE"


@dataclass(frozen=True, slots=True)
class Example:
    """One question. `pair`: the languages of it and of its first quote, as `ru-en`. `right`: that quote answers it,
    never so for an unanswerable one.

    `dense_ranks`, `preference_ranks` and `reader_ranks` have the rank of the first passage with evidence, 0 for none
    among the first ten, under each of the weights that `calibration_weights` tries; empty where that was not looked at.
    """

    id: str
    kind: str
    pair: str
    answerable: bool
    right: bool
    features: tuple[float, ...]
    dense_ranks: tuple[int, ...] = ()
    preference_ranks: tuple[int, ...] = ()
    reader_ranks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples that one index gave, under the name `set`, and how it was asked on which day. `reader` has
    the SHA-256 of the readers' models, empty if there were none."""

    set: str
    day: str
    version: str
    model: str
    fingerprint: str
    reader: str
    articles: int
    passages: int
    settings: dict[str, float]
    examples: tuple[Example, ...]

    @property
    def collection(self) -> str:
        """The articles that the set is of: `news/half` is of `news`."""
        return self.set.partition("/")[0]


def examples_of(name: str, engine: Engine, outcomes: Iterable[Outcome], day: str) -> Examples:
    """The examples in `outcomes`, of the questions that are known to be answerable or not.

    Left out are those without a sentence to judge, answerable ones without answer strings and evidence, and those whose
    languages no reader of the engine knows.
    """
    manifest = engine.generation.manifest
    found = []
    for outcome in outcomes:
        gold = outcome.gold
        right = is_right(outcome, first=True)
        judged = outcome.features if outcome.read == bool(engine.readers) else None
        if gold.answerable is not None and right is not None and judged is not None:
            values = tuple(round(float(value), DIGITS) for value in judged.as_tuple())
            found.append(Example(gold.id, gold.kind, judged.pair, gold.answerable, right, values))
    return Examples(
        set=name,
        day=day,
        version=__version__,
        model=manifest.recipe.model,
        fingerprint=manifest.recipe.fingerprint,
        reader=engine.readers.sha256 if engine.readers else "",
        articles=manifest.articles,
        passages=manifest.passages,
        settings=engine.settings.model_dump(include=set(fitted_under(reader=bool(engine.readers)))),
        examples=tuple(found),
    )


def write_examples(examples: Examples, path: Path) -> None:
    """Writes a line about the index, then one for each example."""
    head = {name: value for name, value in asdict(replace(examples, examples=())).items() if name != "examples"}
    lines = [{**head, "features": FEATURES}, *map(asdict, examples.examples)]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def is_examples(path: Path) -> bool:
    """Whether `path` holds examples, not gold questions."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(head, dict) and "features" in head and "question" not in head


def read_examples(path: Path) -> Examples:
    """The examples in `path`.

    Raises:
        GoldError: a line is damaged, or the features are not those of this version; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read: {error}", _MEND) from error
    head, *rest = [_parsed(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]
    if head.pop("features", None) != list(FEATURES):
        raise GoldError(f"{path}:1: the features are not those of this version of qabot", _MEND)
    examples = tuple(_example(fields, f"{path}:{number}") for number, fields in enumerate(rest, 2))
    try:
        return Examples(**head, examples=examples)
    except TypeError as error:
        raise GoldError(f"{path}:1: the line is damaged: {error}", _MEND) from error


def check_alike(collected: Sequence[Examples]) -> None:
    """Looks whether all were made by one model and under the same settings, each set once.

    Raises:
        GoldError: they were not; names the set.
    """
    first = collected[0]
    for number, other in enumerate(collected):
        if any(other.set == before.set for before in collected[:number]):
            raise GoldError(f"The set {other.set!r} is given twice", "Name one of them otherwise: --set NAME")
        if (other.fingerprint, other.reader, other.settings) != (first.fingerprint, first.reader, first.settings):
            cause = f"The sets {first.set!r} and {other.set!r} were made by different models or settings"
            raise GoldError(cause, _MEND)


def _parsed(line: str, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{where}: the line is no JSON: {error}", _MEND) from error
    if not isinstance(fields, dict):
        raise GoldError(f"{where}: the line is no JSON object", _MEND)
    return fields


def _example(fields: dict[str, Any], where: str) -> Example:
    try:
        lists = ("features", "dense_ranks", "preference_ranks", "reader_ranks")
        values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in fields.items()}
        example = Example(**values)
    except TypeError as error:
        raise GoldError(f"{where}: the line is damaged: {error}", _MEND) from error
    if len(example.features) != len(FEATURES) or not all(isinstance(value, float) for value in example.features):
        raise GoldError(f"{where}: the line is damaged: it should have {len(FEATURES)} features, all numbers", _MEND)
    return example
