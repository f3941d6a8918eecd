"""The weights of search and reading: what meaning counts against terms, a preferred outlet or day, and the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from qabot.answering.engine import Engine, weights_of
from qabot.answering.sentences import reordered
from qabot.evaluation.calibration_examples import Example, Examples
from qabot.evaluation.calibration_fit import FOLDS, fold_of
from qabot.evaluation.gold import sample
from qabot.evaluation.outcome import DEPTH, Outcome
from qabot.index.progress import Progress

Weight = Literal["dense_weight", "preference_weight", "reader_weight"]

GRID: Mapping[Weight, tuple[float, ...]] = {
    "dense_weight": tuple(step / 10 for step in range(11)),
    "preference_weight": (0.0, 0.1, 0.25, 0.4, 0.6, 1.0),
    "reader_weight": tuple(step / 10 for step in range(11)),
}
_SEARCHED: tuple[Weight, ...] = ("dense_weight", "preference_weight")
"""Those that change which passages are found; the other one only changes the order of what was read."""

QUESTIONS = 100
"""Questions of a set that are asked again under each weight, always the same ones."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the values of one weight come to. `best` has the highest mean reciprocal rank, each set counting the same;
    `held_out` is what that choice, made on the other questions, reaches; `hits` and `ranks` are hit@1 and MRR@10 of
    each set under each value of the grid."""

    best: float
    held_out: float
    hits: Mapping[str, tuple[float, ...]]
    ranks: Mapping[str, tuple[float, ...]]

    def mean(self, value: float, weight: Weight) -> float:
        """The mean over the sets of MRR@10 at that value of the grid."""
        at = GRID[weight].index(value)
        return _mean([ranks[at] for ranks in self.ranks.values()])


def with_ranks(of: Examples, engine: Engine, outcomes: Sequence[Outcome], progress: Progress) -> Examples:
    """`of` with the ranks of evidence under each weight, for a sample of the questions that have some."""
    chosen = {question.id for question in sample([one.gold for one in outcomes if any(one.holders)], QUESTIONS)}
    asked = [outcome for outcome in outcomes if outcome.gold.id in chosen]
    progress.stage("Trying weights", len(asked) * (1 + sum(len(GRID[weight]) for weight in _SEARCHED)))
    ranks: dict[Weight, dict[str, list[int]]] = {weight: {one.gold.id: [] for one in asked} for weight in GRID}
    for outcome in asked:
        ranks["reader_weight"][outcome.gold.id] += _ranks_after_reading(engine, outcome)
        progress.advance(1)
    for weight in _SEARCHED:
        for value in GRID[weight]:
            # Only the order of the passages is looked at: hardly anything is read.
            update = {weight: value, "passages_read": 1, "sentences_encoded": 0}
            settings = engine.settings.model_copy(update=update)
            weighted = Engine(settings, engine.encoder, engine.generation)
            for outcome in asked:
                preferring, rank = _rank(weighted, outcome)
                if preferring or weight != "preference_weight":
                    ranks[weight][outcome.gold.id].append(rank)
                progress.advance(1)
    return replace(of, examples=tuple(_ranked(example, ranks) for example in of.examples))


def try_weight(collected: Sequence[Examples], weight: Weight) -> Tried | None:
    """What each value of `weight` comes to; None where no question was asked under them."""
    sets = {of.set: [(one.id, _ranks(one, weight)) for one in of.examples if _ranks(one, weight)] for of in collected}
    sets = {name: rows for name, rows in sets.items() if rows}
    if not sets:
        return None
    places = range(len(GRID[weight]))
    ranks = {name: tuple(_reciprocal(rows, at) for at in places) for name, rows in sets.items()}
    hits = {name: tuple(_mean([one[at] == 1 for _, one in rows]) for at in places) for name, rows in sets.items()}
    held: dict[str, list[float]] = {name: [] for name in sets}
    for fold in range(FOLDS):
        rest = {name: [row for row in rows if fold_of(row[0]) != fold] for name, rows in sets.items()}
        at = _best(rest, weight)
        for name, rows in sets.items():
            held[name] += [_value(one[at]) for question, one in rows if fold_of(question) == fold]
    return Tried(GRID[weight][_best(sets, weight)], _mean([_mean(values) for values in held.values()]), hits, ranks)


def _rank(engine: Engine, outcome: Outcome) -> tuple[bool, int]:
    """Whether the question prefers some articles; the rank of the first passage with evidence, 0 for none."""
    gold = outcome.gold
    answer = engine.ask(gold.question, conversation=gold.conversation, now=gold.asked)
    return bool(answer.question.preferences), _first(outcome, (one.key for one in answer.candidates))


def _ranks_after_reading(engine: Engine, outcome: Outcome) -> list[int]:
    """The rank of the first passage with evidence in the order of the sentences, under each weight of the reader; none
    if no reader read."""
    gold = outcome.gold
    answer = engine.ask(gold.question, conversation=gold.conversation, now=gold.asked)
    if not answer.reader:
        return []
    weights = [replace(weights_of(engine.settings), reader=value) for value in GRID["reader_weight"]]
    orders = (reordered(answer.sentences, answer.question, value) for value in weights)
    return [_first(outcome, dict.fromkeys(one.candidate.key for one in order)) for order in orders]


def _first(outcome: Outcome, keys: Iterable[int]) -> int:
    """The rank of the first of `keys` that holds evidence, 0 for none among the first `DEPTH`."""
    holding = frozenset[int]().union(*outcome.holders)
    return next((rank for rank, key in enumerate(islice(keys, DEPTH), 1) if key in holding), 0)


def _ranked(example: Example, ranks: Mapping[Weight, Mapping[str, Sequence[int]]]) -> Example:
    return replace(
        example,
        dense_ranks=tuple(ranks["dense_weight"].get(example.id, ())),
        preference_ranks=tuple(ranks["preference_weight"].get(example.id, ())),
        reader_ranks=tuple(ranks["reader_weight"].get(example.id, ())),
    )


def _ranks(example: Example, weight: Weight) -> tuple[int, ...]:
    match weight:
        case "dense_weight":
            return example.dense_ranks
        case "preference_weight":
            return example.preference_ranks
        case "reader_weight":
            return example.reader_ranks


def _best(sets: Mapping[str, Sequence[tuple[str, tuple[int, ...]]]], weight: Weight) -> int:
    """The place in the grid with the highest mean reciprocal rank, the lowest of equals."""
    means = [_mean([_reciprocal(rows, at) for rows in sets.values() if rows]) for at in range(len(GRID[weight]))]
    return means.index(max(means))


def _reciprocal(rows: Sequence[tuple[str, tuple[int, ...]]], at: int) -> float:
    return _mean([_value(ranks[at]) for _, ranks in rows])


def _value(rank: int) -> float:
    return 1 / rank if rank else 0.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
