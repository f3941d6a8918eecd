"""Report: an evaluation as JSON, and what its figures mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from qabot.answering.engine import Engine
from qabot.evaluation.figures import Evaluation, Figures, Measured

MEANINGS: Mapping[str, str] = {
    "answer_in_quotes": "of answerable questions: a quote holds an answer string",
    "answer_in_first_quote": "the first quote holds one",
    "quote_in_evidence": "a quote stands in the marked evidence",
    "first_quote_in_evidence": "the first quote stands in it",
    "all_articles_quoted": "of questions with evidence in several articles: all of them are quoted",
    "all_articles_listed": "all of them are quoted or among the nearest",
    "exact_quotes": "quotes that equal their slice of the stored article",
    "auroc": "answerable before unanswerable by confidence; 0.5 is guessing",
    "aurc": "area under the risk-coverage curve; 0 is best",
    "risk@80%coverage": "share of wrong ones among the surest 80 % of answers",
    "coverage@5%risk": "share of questions answered with 5 % of them wrong",
    "ece": "how far confidence is from the share of right first quotes",
    "coverage": "share of questions answered at the threshold",
    "wrong_answers": "share of wrong ones among these",
    "answered_unanswerable": "share of unanswerable questions answered at the threshold",
    "wrong_refusals": "share of answerable questions refused at the threshold",
    "ask_p50_ms": "milliseconds that half of the questions took at most",
    "ask_p95_ms": "that 95 % took at most",
    "ask_p99_ms": "that 99 % took at most",
    "peak_memory_mb": "most memory that the process held while asking, in MB",
}
"""Name of a figure -> what it is, for a person; the docstrings of the modules define them."""

_CURVE_POINTS = 200
_DIGITS = 6


def to_dict(evaluation: Evaluation, engine: Engine) -> dict[str, Any]:
    """The evaluation as JSON. `figures` and those of `kinds` have the names that --require takes."""
    settings, manifest = engine.settings, engine.generation.manifest
    curve = evaluation.risk_coverage
    # About 200 points draw the curve of any number of questions; the last one always stays.
    step = max(len(curve) // _CURVE_POINTS, 1)
    thinned = [point for at, point in enumerate(curve, 1) if at % step == 0 or at == len(curve)]
    return {
        "complete": evaluation.complete,
        "asked": evaluation.asked,
        **_to_dict(evaluation.all),
        "kinds": {kind: _to_dict(measured) for kind, measured in evaluation.kinds.items()},
        "risk_coverage": [[round(value, _DIGITS) for value in point] for point in thinned],
        "reliability": [
            {name: round(value, _DIGITS) for name, value in asdict(one).items()} for one in evaluation.reliability
        ],
        "index": {
            "generation": manifest.generation,
            "articles": manifest.articles,
            "passages": manifest.passages,
            "model": manifest.recipe.model,
            "passage_tokens": manifest.recipe.passage_tokens,
        },
        "settings": {
            "threshold": evaluation.threshold,
            **settings.model_dump(
                include={
                    "candidates",
                    "dense_weight",
                    "passages_read",
                    "sentences_encoded",
                    "similarity_weight",
                    "terms_weight",
                    "passage_weight",
                    "quotes",
                }
            ),
        },
    }


def _to_dict(measured: Measured) -> dict[str, Any]:
    return {**asdict(measured.counts), "figures": _rounded(measured.figures)}


def _rounded(figures: Figures) -> dict[str, float | None]:
    return {name: None if value is None else round(float(value), _DIGITS) for name, value in figures.items()}
