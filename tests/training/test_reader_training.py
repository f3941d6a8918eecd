"""Training the reader on a toy set. Needs the extra `models`."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qabot.encoders.card_file import TOKENIZER
from qabot.encoders.tokenizer import load_tokenizer
from training.errors import TrainingError
from training.questions import Text, TrainingQuestion
from training.school import School, held_out

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]

EPOCHS = 4.0
"""Fourteen steps."""


class Killed(BaseException):
    """Stands for a signal: nothing catches it."""


@pytest.fixture(scope="module")
def school(questions: list[TrainingQuestion], body: Path) -> School:
    """Each question with the passages of the next towns as neighbours."""
    texts = [Text(question.text.title, question.text.sentences) for question in questions]
    turned = [texts[row:] + texts[:row] for row in range(len(texts))]
    neighbours = [[text for text in row if text.title != row[0].title][:5] for row in turned]
    return School(questions, neighbours, load_tokenizer(body / TOKENIZER))


@pytest.fixture
def train(school: School, body: Path, tmp_path: Path) -> Callable[..., Any]:
    """Trains a reader and gives it. `stop` kills the training after that step."""

    def train(name: str, *, seed: int = 1, epochs: float = EPOCHS, stop: int = 0, every: float = 0) -> Any:
        from training.loop import Progress, plan, train  # noqa: PLC0415
        from training.model import load_reader  # noqa: PLC0415

        def report(progress: Progress) -> None:
            if progress.done == stop:
                raise Killed

        reader = begin(body, load_reader)
        train(school, reader, plan(school.learnt, epochs, seed), tmp_path / name, report, every=every)
        return reader

    return train


def begin(body: Path, load: Callable[[Path], Any]) -> Any:
    import torch  # noqa: PLC0415

    torch.manual_seed(0)
    return load(body)


def same(one: Any, other: Any) -> bool:
    weights = other.state_dict()
    return all(bool((value == weights[name]).all()) for name, value in one.state_dict().items())


def test_the_loss_falls(train: Callable[..., Any], school: School, body: Path) -> None:
    import torch  # noqa: PLC0415

    from training.loss import loss_of  # noqa: PLC0415
    from training.model import load_reader, scores_of  # noqa: PLC0415

    def loss(reader: Any) -> float:
        with torch.no_grad():
            return float(loss_of(scores_of(reader.eval(), batch), batch))

    batch = school.batch(school.learnt[:10], random.Random(5))
    assert loss(train("a.pt", epochs=20, every=99)) < loss(begin(body, load_reader)) - 0.2


def test_one_seed_gives_one_reader_and_another_seed_another(train: Callable[..., Any]) -> None:
    first = train("a.pt", epochs=1)
    assert same(first, train("b.pt", epochs=1))
    assert not same(first, train("c.pt", epochs=1, seed=2))


def test_a_killed_training_ends_as_if_it_had_not_been(train: Callable[..., Any], tmp_path: Path) -> None:
    whole = train("whole.pt")
    for stop in (4, 9):
        with pytest.raises(Killed):
            train("killed.pt", stop=stop)
        (tmp_path / "killed.new").write_bytes(b"half a checkpoint")
    assert same(whole, train("killed.pt"))


def test_a_checkpoint_of_another_training_is_refused(train: Callable[..., Any]) -> None:
    train("a.pt", epochs=1)
    with pytest.raises(TrainingError, match="is of another training"):
        train("a.pt", epochs=2)
    with pytest.raises(TrainingError, match="is of another training"):
        train("a.pt", epochs=1, seed=2)


def test_the_first_checkpoints_which_say_less_are_gone_on_from(train: Callable[..., Any], tmp_path: Path) -> None:
    import torch  # noqa: PLC0415

    whole = train("a.pt", epochs=1)
    saved = torch.load(tmp_path / "a.pt", weights_only=True)
    torch.save({name: saved[name] for name in ("reader", "optimiser", "schedule", "done")}, tmp_path / "old.pt")
    assert same(whole, train("old.pt", epochs=1))


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 cut"])
def test_a_damaged_checkpoint_is_refused_in_one_line(train: Callable[..., Any], tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(TrainingError, match=r"a\.pt is no checkpoint") as refused:
        train("a.pt")
    assert "\n" not in str(refused.value)
    assert (tmp_path / "a.pt").read_bytes() == content


def test_nothing_is_learnt_from_held_out_articles(questions: list[TrainingQuestion], school: School) -> None:
    learnt = {questions[row].text.title for row in school.learnt}
    kept = {questions[row].text.title for row in school.kept}
    assert kept
    assert not learnt & kept
    assert all(held_out(questions[row]) for row in school.kept)
    assert sorted(school.learnt + school.kept) == list(range(len(questions)))
