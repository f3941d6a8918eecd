"""Loading the encoder that the settings name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from qabot.encoders.card import read_card
from qabot.encoders.encoder import Encoder
from qabot.encoders.folders import find_folder, folders_of
from qabot.errors import DamagedModelError, ModelNotFoundError
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

        try:
            return SentenceTransformersEncoder(
                settings.model, home=settings.home, batch_size=settings.batch_size, threads=settings.threads
            )
        except ModelNotFoundError as error:
            if settings.model not in available_models(settings):
                raise
            cause = f"{settings.model!r} is a model folder for onnx; sentence-transformers has none of that name"
            mend = "Leave --encoder (or the setting 'encoder') out, or name one of its models: --model NAME"
            raise ModelNotFoundError(cause, mend) from error
    from qabot.encoders.onnx import OnnxEncoder  # noqa: PLC0415

    return OnnxEncoder(find_model(settings), threads=settings.threads)


def load_maker(settings: Settings, fingerprint: str) -> Encoder | None:
    """The encoder with this fingerprint, by which an index was made; None if no whole one is among the models here."""
    from qabot.encoders.onnx import OnnxEncoder, card_fingerprint  # noqa: PLC0415 - as above

    for folder in available_models(settings).values():
        with suppress(DamagedModelError):
            if card_fingerprint(read_card(folder)) == fingerprint:
                return OnnxEncoder(folder, threads=settings.threads)
    return None


def find_model(settings: Settings) -> Path:
    """The folder of the encoder that `settings.model` names.

    Raises:
        ModelNotFoundError: there is none; names the nearest one.
    """
    return find_folder(settings, settings.model, "encoder")


def available_models(settings: Settings) -> dict[str, Path]:
    """Folders of all encoders by name: those that come with qabot, and your own, which win where names are equal."""
    return folders_of(settings, "encoder")
