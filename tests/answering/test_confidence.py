"""Confidence: what its file says, what it computes, and which files it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.answering.confidence import (
    SHIPPED,
    WITHOUT_READER,
    Confidence,
    Regression,
    corrected,
    read_confidence,
    shipped_confidence,
)
from qabot.answering.features import FEATURES, Features
from qabot.answering.logistic import logistic
from qabot.bundled import bundled
from qabot.errors import DamagedModelError
from qabot.evaluation.calibration_examples import fitted_under
from qabot.reader.card import read_card
from qabot.settings import Settings, load_settings

ZEROS = Features(**dict.fromkeys(FEATURES, 0.0), pair="en-en")
STEPS = ((0.2, 0.1), (0.4, 0.5), (0.8, 0.9))
GOOD: dict[str, Any] = {"bias": -1.0, "weights": dict.fromkeys(FEATURES, 0.5), "table": []}


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_it_is_a_logistic_regression() -> None:
    regression = Regression(-1.0, {name: float(at) for at, name in enumerate(FEATURES)})
    assert regression.probability(ZEROS) == pytest.approx(1 / (1 + math.e))
    ones = Features(**dict.fromkeys(FEATURES, 1.0), pair="en-en")
    assert regression.probability(ones) == pytest.approx(1 / (1 + math.exp(1 - sum(range(len(FEATURES))))))


def test_huge_sums_do_not_overflow() -> None:
    assert logistic(-1e6) == 0
    assert logistic(1e6) == 1


@pytest.mark.parametrize(
    ("probability", "right"), [(0.0, 0.1), (0.2, 0.1), (0.3, 0.3), (0.4, 0.5), (0.6, 0.7), (0.8, 0.9), (1.0, 0.9)]
)
def test_the_table_corrects_along_straight_lines_with_level_ends(probability: float, right: float) -> None:
    assert corrected(probability, STEPS) == pytest.approx(right)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_the_table_keeps_the_order(pair: list[float]) -> None:
    low, high = sorted(pair)
    assert corrected(low, STEPS) <= corrected(high, STEPS)


def test_a_pair_of_languages_has_its_own_regression_and_others_the_common_one() -> None:
    common, own = (Regression(bias, dict.fromkeys(FEATURES, 0.0)) for bias in (0.0, 2.0))
    confidence = Confidence(common, {"ru-en": own})
    assert confidence.probability(replace(ZEROS, pair="ru-en")) == logistic(2.0)
    assert confidence.probability(replace(ZEROS, pair="de-en")) == 0.5


def test_a_file_is_read_back(tmp_path: Path) -> None:
    points = [list(pair) for pair in STEPS]
    path = write(tmp_path / "c.json", GOOD | {"pairs": {"ru-en": GOOD | {"table": points}}})
    plain = Regression(-1.0, GOOD["weights"])
    assert read_confidence(path) == Confidence(plain, {"ru-en": replace(plain, table=STEPS)})


WITHOUT_ONE = dict.fromkeys(FEATURES[1:], 0.5)


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ([], "no JSON object"),
        ({"bias": 1}, "'weights' should be an object"),
        (GOOD | {"weights": WITHOUT_ONE}, f"no weight for {FEATURES[0]}"),
        (GOOD | {"weights": GOOD["weights"] | {"luck": 1}}, "no feature luck"),
        (GOOD | {"weights": GOOD["weights"] | {FEATURES[0]: "1"}}, f"'weights.{FEATURES[0]}' should be a number"),
        (GOOD | {"bias": None}, "'bias' should be a number, not null"),
        (GOOD | {"bias": True}, "'bias' should be a number, not true"),
        (GOOD | {"bias": float("nan")}, "'bias' should be a number, not NaN"),
        (GOOD | {"table": [[0.1]]}, "'table' should be a list of pairs"),
        (GOOD | {"table": [[0.2, 0.1], [0.1, 0.2]]}, "'table' should ascend"),
        (GOOD | {"table": [[0.2, 0.1], [0.3, 1.5]]}, "'table' should hold probabilities"),
        (GOOD | {"pairs": []}, "'pairs' should be an object"),
        (GOOD | {"pairs": {"english": GOOD}}, "'pairs' should have pairs of languages, as 'ru-en', not \"english\""),
        (GOOD | {"pairs": {"ru-en": []}}, "'pairs.ru-en' should be an object"),
        (GOOD | {"pairs": {"ru-en": GOOD | {"bias": "0"}}}, "'pairs.ru-en.bias' should be a number"),
        (GOOD | {"pairs": {"ru-en": GOOD | {"weights": WITHOUT_ONE}}}, f"no weight for {FEATURES[0]}"),
        (GOOD | {"pairs": {"ru-en": GOOD | {"table": [[0.1]]}}}, "'pairs.ru-en.table' should be a list of pairs"),
    ],
)
def test_a_damaged_file_is_refused_by_name(value: object, cause: str, tmp_path: Path) -> None:
    path = write(tmp_path / "c.json", value)
    with pytest.raises(DamagedModelError) as raised:
        read_confidence(path)
    assert raised.value.cause.startswith(str(path))
    assert cause in raised.value.cause
    assert "qabot calibrate" in raised.value.mend


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(data)
    with pytest.raises(DamagedModelError, match="no JSON"):
        read_confidence(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match="cannot be read"):
        read_confidence(tmp_path / "none.json")


BOTH = pytest.mark.parametrize(("reader", "file"), [(True, SHIPPED), (False, WITHOUT_READER)])


@BOTH
def test_the_shipped_confidence_has_the_features_and_a_provenance(reader: bool, file: Path) -> None:
    assert set(shipped_confidence(reader=reader).common.weights) == set(FEATURES)
    provenance = json.loads(file.read_text(encoding="utf-8"))["provenance"]
    wanted = {"fitted", "qabot", "model", "fingerprint", "sets", "pairs", "cross_validated", "threshold"}
    assert set(provenance) >= wanted
    own = {pair for pair, figures in provenance["pairs"].items() if figures["own"]}
    assert set(shipped_confidence(reader=reader).pairs) == own
    assert all(one["answerable"] + one["unanswerable"] for one in provenance["sets"].values())
    assert 0 < provenance["cross_validated"]["ece"] < 0.1


@BOTH
def test_the_shipped_confidence_was_fitted_under_the_default_settings(reader: bool, file: Path, tmp_path: Path) -> None:
    provenance = json.loads(file.read_text(encoding="utf-8"))["provenance"]
    assert provenance["settings"] == load_settings(tmp_path).model_dump(include=set(fitted_under(reader=reader)))


@BOTH
def test_the_shipped_confidence_was_fitted_with_the_shipped_reader(reader: bool, file: Path) -> None:
    provenance = json.loads(file.read_text(encoding="utf-8"))["provenance"]
    cards = [read_card(bundled(f"models/{name}")) for name in Settings.model_fields["reader"].default]
    assert provenance["reader"] == (" ".join(card.model_sha256 for card in cards) if reader else "")


def english(*, reader: bool) -> Mapping[str, float]:
    confidence = shipped_confidence(reader=reader)
    return confidence.pairs.get("en-en", confidence.common).weights


def test_what_speaks_for_an_answer_raises_the_confidence() -> None:
    weights = english(reader=False)
    for name in ("similarity", "matched", "outlets"):
        assert weights[name] > 0, name
    assert weights["size"] < 0
    assert weights["sure"] == 0
    weights = english(reader=True)
    for name in ("sure", "matched", "outlets"):
        assert weights[name] > 0, name
