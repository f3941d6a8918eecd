"""Loading the encoder that the settings name."""

from __future__ import annotations

from pathlib import Path

from qabot.encoders.encoder import Encoder
from qabot.encoders.folders import find_folder, folders_of
from qabot.settings import Settings


def load_encoder(settings: Settings) -> Encoder:
    """The encoder of `settings`, ready to use.

    Raises:
        ModelNotFoundError: no such model.
        DamagedModelError: a file of it is missing or altered.
        MissingExtraError: `encoder = "sentence-transformers"` without the extra `models`.
    """
    # Imported here, so that commands which encode nothing do not pay for it.
    if settings.encoder == "sentence-transformers":
        from qabot.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415

        return SentenceTransformersEncoder(
            settings.model, home=settings.home, batch_size=settings.batch_size, threads=settings.threads
        )
    from qabot.encoders.onnx import OnnxEncoder  # noqa: PLC0415

    return OnnxEncoder(find_model(settings), threads=settings.threads)


def find_model(settings: Settings) -> Path:
    """The folder of the encoder that `settings.model` names.

    Raises:
        ModelNotFoundError: there is none; names the nearest one.
    """
    return find_folder(settings, settings.model, "encoder")


def available_models(settings: Settings) -> dict[str, Path]:
    """Folders of all encoders by name: those that come with qabot, and your own, which win where names are equal."""
    return folders_of(settings, "encoder")
