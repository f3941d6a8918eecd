"""Calibration: examples -> the confidence that ships with qabot, and how it was come by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from qabot import __version__
from qabot.answering.confidence import Confidence, Regression
from qabot.evaluation.calibration_examples import Examples, check_alike
from qabot.evaluation.calibration_fit import Floats, Table, cross_validated, feature_weights, fit, left_out, tabulate
from qabot.evaluation.calibration_isotonic import (
    MUST_GAIN,
    Steps,
    cross_validated_isotonic,
    isotonic,
    log_loss,
)
from qabot.evaluation.calibration_pairs import FittedPairs, fit_pairs
from qabot.evaluation.calibration_threshold import RULE, Threshold, least_cost
from qabot.evaluation.calibration_weights import GRID, Tried, Weight, try_weight
from qabot.evaluation.refusal import Judged, auroc, expected_calibration_error, mean

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SetFigures:
    """A set and how well an unseen question of it is judged: by a fit to the other questions, and by one to the other
    collections. AUROC is of answerable against unanswerable questions, `right_auroc` of right first quotes against
    all others."""

    answerable: int
    unanswerable: int
    right: int
    articles: int
    passages: int
    auroc: float | None
    right_auroc: float | None
    ece: float | None
    left_out_auroc: float | None


@dataclass(frozen=True, slots=True)
class PairFigures:
    """A pair of languages and how well an unseen question of it is judged. `common_log_loss` is by the common
    regression, `own_log_loss` by one for the pair, None if there were too few examples; `own` says whether that is
    shipped, and `ece` and `right_auroc` are of what is."""

    answerable: int
    unanswerable: int
    right: int
    common_log_loss: float
    own_log_loss: float | None
    own: bool
    right_auroc: float | None
    ece: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted confidence. The log losses are cross-validated: by the common regression without and with its isotonic
    table, and as shipped, with a regression for each pair that one helps."""

    confidence: Confidence
    sets: Mapping[str, SetFigures]
    pairs: Mapping[str, PairFigures]
    log_loss: float
    isotonic_log_loss: float
    pairs_log_loss: float
    threshold: Threshold
    weights: Mapping[Weight, Tried]
    of: Examples

    def to_dict(self) -> dict[str, Any]:
        """What is shipped: the confidence and its provenance. A pure function of the examples."""
        fitted: dict[str, Any] = {
            **_regression_to_dict(self.confidence.common),
            "pairs": {pair: _regression_to_dict(own) for pair, own in sorted(self.confidence.pairs.items())},
        }
        figures = list(self.sets.values())
        fitted["provenance"] = {
            "fitted": self.of.day,
            "qabot": __version__,
            "model": self.of.model,
            "fingerprint": self.of.fingerprint,
            "reader": self.of.reader,
            "settings": dict(sorted(self.of.settings.items())),
            "sets": {name: _to_dict(figures) for name, figures in sorted(self.sets.items())},
            "pairs": {name: _to_dict(figures) for name, figures in sorted(self.pairs.items())},
            "weighting": "each set counts the same; in a set the answerable questions count as the others do, and of "
            "those each kind the same",
            "cross_validated": {
                "auroc": _rounded(mean([one.auroc for one in figures if one.auroc is not None])),
                "right_auroc": _rounded(mean([one.right_auroc for one in figures if one.right_auroc is not None])),
                "ece": _rounded(mean([one.ece for one in figures if one.ece is not None])),
                "log_loss": _rounded(self.log_loss),
                "log_loss_isotonic": _rounded(self.isotonic_log_loss),
                "log_loss_pairs": _rounded(self.pairs_log_loss),
            },
            "threshold": {
                "rule": RULE,
                "value": self.threshold.value,
                "answered_unanswerable": _rounded(self.threshold.answered),
                "withheld_right": _rounded(self.threshold.withheld),
            },
            "search_weights": {
                weight: {
                    "best": tried.best,
                    "mrr@10_at_best": _rounded(tried.mean(tried.best, weight)),
                    "mrr@10_held_out": _rounded(tried.held_out),
                }
                for weight, tried in sorted(self.weights.items())
            },
        }
        return fitted

    def to_json(self) -> str:
        """The same, to be written to a file."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"


def calibrate(collected: Sequence[Examples]) -> Calibration:
    """Fits the confidence to all `collected` examples, in whatever order they come.

    The isotonic table of the common regression is kept if it lowers the cross-validated log loss by `MUST_GAIN`; so is
    the regression of each pair of languages.

    Raises:
        GoldError: there is nothing to learn from, or the sets do not go together.
        MissingExtraError: scikit-learn is not installed.
    """
    check_alike(collected)
    collected = sorted(collected, key=lambda of: of.set)
    table = tabulate(collected)
    line = fit(table)
    seen, corrected = cross_validated(table), cross_validated_isotonic(table)
    plain, stepped = log_loss(seen, table), log_loss(corrected, table)
    steps: Steps = isotonic(seen, table) if stepped < plain * (1 - MUST_GAIN) else ()
    weights = {name: round(weight, _DIGITS) for name, weight in feature_weights(line).items()}
    common = corrected if steps else seen
    pairs = fit_pairs(table, common)
    without = left_out(table)
    tried = {weight: found for weight in GRID if (found := try_weight(collected, weight))}
    return Calibration(
        confidence=Confidence(Regression(round(line.bias, _DIGITS), weights, steps), pairs.regressions),
        sets={of.set: _figures(of, table, pairs.given, without) for of in collected},
        pairs={pair: _pair_figures(pair, table, common, pairs) for pair in sorted(set(table.pair.tolist()))},
        log_loss=plain,
        isotonic_log_loss=stepped,
        pairs_log_loss=log_loss(pairs.given, table),
        threshold=least_cost(pairs.given, table),
        weights=tried,
        of=max(collected, key=lambda of: (of.day, of.set)),
    )


def _figures(of: Examples, table: Table, given: Floats, without: Floats | None) -> SetFigures:
    rows = table.set == of.set
    answerable, right = table.answerable[rows], table.right[rows]
    return SetFigures(
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
        right=int(right.sum()),
        articles=of.articles,
        passages=of.passages,
        auroc=auroc(_judged(given[rows], answerable, right)),
        right_auroc=auroc(_judged(given[rows], right, right)),
        ece=expected_calibration_error(_judged(given[rows], answerable, right)),
        left_out_auroc=None if without is None else auroc(_judged(without[rows], answerable, right)),
    )


def _judged(given: Floats, good: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> list[Judged]:
    rows = zip(given.tolist(), good.tolist(), right.tolist(), strict=True)
    return [Judged(probability, is_good, is_right, is_right) for probability, is_good, is_right in rows]


def _pair_figures(pair: str, table: Table, common: Floats, pairs: FittedPairs) -> PairFigures:
    rows = table.pair == pair
    part = table.of(rows)
    judged = _judged(pairs.given[rows], part.right, part.right)
    return PairFigures(
        answerable=int(part.answerable.sum()),
        unanswerable=int((~part.answerable).sum()),
        right=int(part.right.sum()),
        common_log_loss=log_loss(common[rows], part),
        own_log_loss=pairs.own.get(pair),
        own=pair in pairs.regressions,
        right_auroc=auroc(judged),
        ece=expected_calibration_error(judged),
    )


def _regression_to_dict(regression: Regression) -> dict[str, Any]:
    return {
        "bias": regression.bias,
        "weights": dict(sorted(regression.weights.items())),
        "table": [list(point) for point in regression.table],
    }


def _to_dict(figures: SetFigures | PairFigures) -> dict[str, Any]:
    return {name: _rounded(value) if isinstance(value, float) else value for name, value in asdict(figures).items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
