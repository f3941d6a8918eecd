"""Histories: gold questions asked after another one, which must not change what is found for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from qabot.answering.engine import Engine
from qabot.articles.language import detect
from qabot.evaluation.figures import Evaluation, measure
from qabot.evaluation.gold import GoldQuestion, Turn
from qabot.evaluation.outcome import Outcome
from qabot.evaluation.run import Run, run
from qabot.index.progress import Progress
from qabot.index.store import Store
from qabot.questions.follow_ups import resolve

COMPARED = ("hit@1", "read.hit@1", "answer_in_quotes", "answer_in_first_quote")
"""The figures that are to be the same with a history and without."""


@dataclass(frozen=True, slots=True)
class Histories:
    """The same questions asked alone and after another one; `follow_ups` of them were read as follow-ups of that."""

    alone: Evaluation
    after: Evaluation
    follow_ups: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON: each figure alone and after another question."""
        figures = {name: {"alone": self.alone.figure(name), "after": self.after.figure(name)} for name in COMPARED}
        return {"complete": self.after.complete, "read_as_follow_ups": self.follow_ups, "figures": figures}


def compare_histories(engine: Engine, alone: Run, threshold: float, progress: Progress | None = None) -> Histories:
    """Asks the questions of a complete run once more, each after another one. Ctrl-C gives what there is by then."""
    questions = after_another(alone.outcomes, engine.generation.store)
    after = run(engine, questions, progress)
    return Histories(measure(alone, threshold), measure(after, threshold), count_follow_ups(questions))


def after_another(outcomes: Sequence[Outcome], store: Store) -> list[GoldQuestion]:
    """The questions of `outcomes`, each after another one of its file and what was quoted to that.

    Which one is chosen by the hashes of their ids, and is always the same. Questions with a history of their own, or
    alone in their file, are left as they are.
    """
    ordered = sorted(outcomes, key=lambda outcome: sha256(outcome.gold.id.encode("utf-8", "replace")).digest())
    before: dict[str, Outcome] = {}
    for file in {outcome.gold.file for outcome in outcomes}:
        group = [outcome for outcome in ordered if outcome.gold.file == file]
        before |= {one.gold.id: other for one, other in zip(group, [*group[1:], group[0]], strict=True)}
    return [_after(outcome.gold, before[outcome.gold.id], store) for outcome in outcomes]


def count_follow_ups(questions: Iterable[GoldQuestion]) -> int:
    """How many of `questions` are read as follow-ups of their histories."""
    return sum(
        resolve(question.question, detect(question.question), question.conversation) is not None
        for question in questions
    )


def _after(gold: GoldQuestion, other: Outcome, store: Store) -> GoldQuestion:
    if gold.history or other.gold.id == gold.id:
        return gold
    quote = other.quotes[0] if other.quotes else None
    article = store.find_article(quote.article) if quote else None
    turn = Turn(other.gold.question, quote.text if quote else "", article.title if article else None)
    return replace(gold, history=(turn,))
