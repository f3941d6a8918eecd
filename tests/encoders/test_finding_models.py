"""Finding a model by name, and loading the encoder of the settings."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from qabot.bundled import bundled
from qabot.encoders.models import available_models, find_model, load_encoder, load_maker
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.prepare import prepare
from qabot.errors import DamagedModelError, MissingExtraError, ModelNotFoundError
from qabot.settings import load_settings

SHIPPED = bundled("models/e5-small-kk-ru-en")
LIGHT = bundled("models/all-minilm-l6-v2")


def test_the_default_model_comes_with_qabot(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert find_model(settings) == SHIPPED
    assert available_models(settings) == {"all-minilm-l6-v2": LIGHT, "e5-small-kk-ru-en": SHIPPED}
    encoder = load_encoder(settings)
    assert (encoder.name, encoder.dimensions) == ("e5-small-kk-ru-en", 384)
    assert encoder.languages == {"kk", "ru", "en"}


def test_a_model_of_your_own_goes_before_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "embeddings/models/e5-small-kk-ru-en"
    shutil.copytree(SHIPPED, own)
    settings = load_settings(tmp_path)
    assert find_model(settings) == own
    assert available_models(settings) == {"all-minilm-l6-v2": LIGHT, "e5-small-kk-ru-en": own}


@pytest.mark.parametrize("relative", [True, False])
def test_a_model_can_be_named_by_its_path(tmp_path: Path, relative: bool) -> None:
    elsewhere = tmp_path / "elsewhere/mine"
    shutil.copytree(SHIPPED, elsewhere)
    settings = load_settings(tmp_path, model="elsewhere/mine" if relative else str(elsewhere))
    assert find_model(settings) == elsewhere


def test_the_model_that_made_an_index_is_found_by_its_fingerprint(tmp_path: Path) -> None:
    light = OnnxEncoder(LIGHT)
    settings = load_settings(tmp_path)
    found = load_maker(settings, light.fingerprint)
    assert found is not None
    assert found.name == "all-minilm-l6-v2"
    assert load_maker(settings, "0" * 64) is None
    damaged = tmp_path / "embeddings/models/all-minilm-l6-v2"
    shutil.copytree(LIGHT, damaged)
    (damaged / "model.onnx").write_bytes(b"")
    assert load_maker(settings, light.fingerprint) is None


def test_an_unknown_model_is_refused_and_the_nearest_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model 'all-MiniLM'.*'all-minilm-l6-v2'.*qabot model list"):
        load_encoder(load_settings(tmp_path, model="all-MiniLM"))
    with pytest.raises(ModelNotFoundError, match=r"no model 'xyz'\. Make it: qabot model prepare xyz"):
        load_encoder(load_settings(tmp_path, model="xyz"))


def test_a_damaged_model_of_your_own_is_not_passed_over(tmp_path: Path) -> None:
    own = tmp_path / "embeddings/models/e5-small-kk-ru-en"
    shutil.copytree(SHIPPED, own)
    (own / "model.onnx").unlink()
    with pytest.raises(DamagedModelError, match=r"model\.onnx is missing"):
        load_encoder(load_settings(tmp_path))


@pytest.mark.parametrize("module", ["torch", "sentence_transformers"])
def test_without_the_extra_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    with pytest.raises(MissingExtraError, match=r"scripts/setup --all, or: pip install 'qabot\[models\]'"):
        load_encoder(load_settings(tmp_path, encoder="sentence-transformers"))
    with pytest.raises(MissingExtraError, match="extra `models`"):
        prepare("all-minilm-l6-v2", tmp_path)
