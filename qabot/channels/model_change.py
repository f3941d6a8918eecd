"""Whether the index in service was made with another model than is set now: what a build then costs, said before it."""

from __future__ import annotations

from qabot.encoders.card import read_card
from qabot.encoders.encoder import Encoder
from qabot.encoders.models import find_model
from qabot.encoders.onnx import card_fingerprint
from qabot.errors import EncoderError, GenerationError
from qabot.index.manifest import Manifest, read_manifest
from qabot.index.publishing import current_generation
from qabot.settings import Settings


def model_change(settings: Settings, encoder: Encoder | None = None) -> str | None:
    """The line to say before a build with another model than that of the index in service; None where nothing changes.

    Args:
        settings: of the build.
        encoder: of the build. If it is not loaded yet, the card of its model tells enough.
    """
    wanted = (encoder.name, encoder.fingerprint) if encoder else _set_now(settings)
    made = _in_service(settings)
    if made is None or wanted is None or made.recipe.fingerprint == wanted[1]:
        return None
    before = made.recipe.model if made.recipe.model != wanted[0] else f"another {wanted[0]}"
    passages = f"all {made.passages:,} passages are" if made.passages > 1 else "its passage is"
    return f"The index in service was made with {before}; {passages} embedded again with {wanted[0]}."


def _set_now(settings: Settings) -> tuple[str, str] | None:
    """Name and fingerprint of the model that is set; None where only loading it would tell, or there is none."""
    if settings.encoder != "onnx":
        return None
    try:
        card = read_card(find_model(settings))
    except EncoderError:
        return None
    return card.name, card_fingerprint(card)


def _in_service(settings: Settings) -> Manifest | None:
    try:
        return read_manifest(current_generation(settings.generations_folder))
    except GenerationError:
        return None
