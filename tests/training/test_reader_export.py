"""The two commands: training a reader on a toy set, and making a folder that qabot serves. Needs the extra `models`."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qabot.encoders.card_file import TOKENIZER
from qabot.encoders.tokenizer import load_tokenizer
from qabot.errors import ModelMismatchError
from qabot.reader.card import read_card
from qabot.reader.onnx import Page, Reader
from training import export, reader
from training.lessons import Read

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]

READS = (
    Read("Who is the mayor?", "Arden", ("A mill stands here.", "Ann Ode is the mayor.", "She is 40."), frozenset()),
    Read("When did it open?", "", ("It opened in 1912.",), frozenset()),
    Read(
        "Which?", "A long one", tuple(f"Number {n} of so many that not all are read." for n in range(70)), frozenset()
    ),
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, data: Path, body: Path) -> Path:
    """What the command leaves behind."""
    out = tmp_path_factory.mktemp("out")
    given = ["--data", str(data), "--out", str(out), "--body", str(body), "--epochs", "1", "--threads", "1"]
    assert reader.main(given) == 0
    return out


@pytest.fixture(scope="module")
def folder(trained: Path, body: Path) -> Path:
    """The folder that is served."""
    out = trained / "models" / "toy"
    assert export.main([str(trained / reader.CHECKPOINT), "--out", str(out), "--body", str(body)]) == 0
    return out


@pytest.fixture(scope="module")
def network(trained: Path, body: Path) -> Any:
    """The trained network."""
    from training.checkpoint import read_checkpoint  # noqa: PLC0415
    from training.model import load_reader  # noqa: PLC0415

    network = load_reader(body)
    network.load_state_dict(read_checkpoint(trained / reader.CHECKPOINT)["reader"])
    return network.eval()


def test_the_graph_scores_as_the_network_does(network: Any, body: Path, tmp_path: Path) -> None:
    from training.graph import export_graph  # noqa: PLC0415
    from training.model import load_reader  # noqa: PLC0415
    from training.scoring import check_scores, graph_scorer, torch_scorer  # noqa: PLC0415

    tokenizer = load_tokenizer(body / TOKENIZER)
    eager = load_reader(body, "eager")
    eager.load_state_dict(network.state_dict())
    export_graph(eager, tmp_path / "float.onnx")
    made = graph_scorer(tmp_path / "float.onnx", tokenizer)
    expected = [torch_scorer(network, tokenizer)(read) for read in READS]
    assert check_scores(made, READS, expected, 1e-4) <= 1e-4
    with pytest.raises(ModelMismatchError, match="differs from the trained one"):
        check_scores(made, READS, [scores + 0.1 for scores in expected], 1e-4)
    assert made(READS[0]).shape == (3,)
    assert made(READS[0]).dtype == np.float32


def test_the_folder_is_served_and_scores_nearly_as_the_network_does(folder: Path, network: Any, body: Path) -> None:
    from training.scoring import torch_scorer  # noqa: PLC0415

    served = Reader(folder)
    expected = torch_scorer(network, load_tokenizer(body / TOKENIZER), served.card.max_pieces)
    for read in READS:
        (scores,) = served.read(read.question, [Page(read.context, read.sentences)])
        assert scores is not None
        np.testing.assert_allclose(scores[np.isfinite(scores)], expected(read), atol=0.1)


def test_the_card_says_how_it_was_made(folder: Path, trained: Path, data: Path, body: Path) -> None:
    card = read_card(folder)
    assert (card.kind, card.name, card.languages, card.quantisation) == ("reader", "toy", ("en",), "int8")
    assert card.recipe == f"python -m training.reader --data reader-training --body {body.name} --epochs 1 --seed 1"
    assert card.figures == json.loads((trained / reader.FIGURES).read_text(encoding="utf-8"))
    assert all(any(licence in source for licence in ("CC BY-SA", "Microsoft Research")) for source in card.data)
    for golden in card.golden:
        (scores,) = Reader(folder).read(golden.question, [Page(golden.context, golden.sentences)])
        assert scores == pytest.approx(golden.scores, abs=0.01)
    assert data.name not in card.recipe


def test_a_checkpoint_that_is_missing_or_of_another_body_leaves_the_folder_as_it_was(
    folder: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert export.main([str(tmp_path / "none.pt"), "--out", str(folder)]) == 2
    assert capsys.readouterr().err.startswith(f"Error: {tmp_path / 'none.pt'} is missing. Train first")
    assert export.main([str(trained / reader.CHECKPOINT), "--out", str(folder)]) == 2
    assert "does not fit this body" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
