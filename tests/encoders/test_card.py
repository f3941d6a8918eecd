"""The card of a model: written, read again, and refused where it is not what it should be."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.bundled import bundled
from qabot.encoders.card import Golden, ModelCard, read_card, write_card
from qabot.encoders.card_file import CARD
from qabot.errors import DamagedModelError

SHIPPED = bundled("models/all-minilm-l6-v2")


@pytest.fixture(scope="module")
def card() -> ModelCard:
    return read_card(SHIPPED)


def test_the_shipped_card_says_what_the_model_is(card: ModelCard) -> None:
    assert card.licence == "apache-2.0"
    assert card.languages == ("en",)
    assert (card.dimensions, card.max_tokens, card.pooling, card.quantisation) == (384, 256, "mean", "int8")
    assert card.upstream_sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_a_card_read_and_written_again_is_the_same_file(card: ModelCard, tmp_path: Path) -> None:
    write_card(card, tmp_path)
    assert (tmp_path / CARD).read_bytes() == (SHIPPED / CARD).read_bytes()


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_a_card(card: ModelCard, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("card")
    golden = Golden(text, np.full(card.dimensions, 0.5, dtype=np.float32))
    write_card(replace(card, query_prefix=text, tools={text: text}, golden=(golden,)), folder)
    again = read_card(folder)
    assert again.query_prefix == again.golden[0].text == text
    assert dict(again.tools) == {text: text}


@pytest.mark.parametrize(
    ("pattern", "instead", "named"),
    [
        (r"(?m)^licence = .*\n", "", "lacks the key 'licence'"),
        (r"(?m)^licence", "license", "unknown key 'license'"),
        (r"(?m)^dimensions = .*", 'dimensions = "384"', "'dimensions' should be a positive whole number"),
        (r"(?m)^max_tokens = .*", "max_tokens = true", "'max_tokens' should be a positive whole number"),
        (r"(?m)^max_tokens = .*", "max_tokens = 0", "'max_tokens' should be a positive whole number"),
        (r"(?m)^name = .*", "name = 7", "'name' should be a string"),
        (r"(?m)^pooling = .*", 'pooling = "max"', "'pooling' should be 'mean' or 'cls'"),
        (r"(?m)^languages = .*", "languages = []", "'languages' should be a list"),
        (r"(?m)^languages = .*", 'languages = "en"', "'languages' should be a list"),
        (r"(?m)^model_sha256 = .*", 'model_sha256 = "53aa"', "'model_sha256' should be a SHA-256"),
        (r"(?m)^\"torch\" = .*", '"torch" = 2', "'tools' should be a table of strings"),
        (r"(?m)^vector = .*", 'vector = "AAAA"', "'golden' should be a list of texts with vectors"),
        (r"(?m)^vector = .*", 'vector = "no base64"', "'golden' should be a list of texts with vectors"),
        (r"(?m)^dimensions = .*", "dimensions = 385", "'golden' should be a list of texts with vectors"),
        (r"(?m)^name = .*", "name = ", "cannot be read"),
    ],
)
def test_a_wrong_card_is_refused_and_the_key_named(tmp_path: Path, pattern: str, instead: str, named: str) -> None:
    text = (SHIPPED / CARD).read_text(encoding="utf-8")
    (tmp_path / CARD).write_text(re.sub(pattern, instead, text), encoding="utf-8")
    with pytest.raises(DamagedModelError, match=re.escape(named)) as caught:
        read_card(tmp_path)
    assert str(tmp_path / CARD) in caught.value.cause


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match=re.escape(f"{tmp_path / CARD} is missing")):
        read_card(tmp_path)
