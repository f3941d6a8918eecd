"""A build with another model than that of the index in service says what it costs."""

from __future__ import annotations

from qabot.channels.model_change import model_change
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import Settings

LINE = "The index in service was made with {}; all 3 passages are embedded again with {}."


def test_nothing_is_said_without_an_index_or_with_one_of_the_same_model(settings: Settings, encoder: Encoder) -> None:
    assert model_change(settings) is None
    build(settings, encoder)
    assert model_change(settings) is None
    assert model_change(settings, encoder) is None


def test_another_model_is_named_with_the_number_of_passages(
    settings: Settings, encoder: Encoder, light_encoder: Encoder
) -> None:
    build(settings, light_encoder)
    line = LINE.format(light_encoder.name, encoder.name)
    assert model_change(settings) == model_change(settings, encoder) == line
    lighter = settings.model_copy(update={"model": light_encoder.name})
    assert model_change(lighter) is None


def test_what_cannot_be_known_before_a_build_is_left_to_the_build(settings: Settings, light_encoder: Encoder) -> None:
    build(settings, light_encoder)
    assert model_change(settings.model_copy(update={"model": "none"})) is None
    assert model_change(settings.model_copy(update={"encoder": "sentence-transformers"})) is None
    (settings.generations_folder / "CURRENT").write_text("nothing", encoding="utf-8")
    assert model_change(settings) is None
