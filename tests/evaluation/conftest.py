"""An engine over the small gold set, and outcomes made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qabot.answering.engine import Engine, open_engine
from qabot.encoders.encoder import Encoder
from qabot.evaluation.gold import Evidence, GoldQuestion
from qabot.evaluation.outcome import Outcome, Shown
from qabot.index.building import build
from qabot.settings import load_settings

GOLD = Path(__file__).with_name("gold")


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Engine]:
    settings = load_settings(tmp_path_factory.mktemp("gold"), seeds=GOLD)
    build(settings, encoder)
    with open_engine(settings) as engine:
        yield engine


@pytest.fixture
def questions() -> Path:
    return GOLD / "questions.jsonl"


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """Makes an outcome. `quotes` and `evidence` are pairs of an article and a text."""

    def make(
        *,
        answerable: bool | None = True,
        answers: tuple[str, ...] = (),
        evidence: tuple[tuple[str, str | None], ...] = (),
        quotes: tuple[tuple[str, str], ...] = (),
        exact: bool = True,
        kind: str = "span",
        **values: Any,
    ) -> Outcome:
        gold = GoldQuestion("q", "Who?", kind, answerable, answers, tuple(Evidence(*pair) for pair in evidence))
        shown = tuple(Shown(article, text, exact) for article, text in quotes)
        rest: dict[str, Any] = {
            "confidence": 0.5, "nearest": (), "rankings": {}, "holders": (), "milliseconds": 1.0
        }  # fmt: skip
        return Outcome(gold=gold, quotes=shown, **(rest | values))

    return make
