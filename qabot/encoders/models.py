"""Finding a model by its name, and loading the encoder that the settings name."""

from __future__ import annotations

import difflib
from pathlib import Path

from qabot.bundled import bundled
from qabot.encoders.card import CARD
from qabot.encoders.encoder import Encoder
from qabot.errors import ModelNotFoundError
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
    """The folder of the model that `settings.model` names: one of your own, a path, or one that comes with qabot.

    Raises:
        ModelNotFoundError: there is none; names the nearest one.
    """
    name = settings.model
    for folder in (settings.models_folder / name, settings.home / Path(name).expanduser(), bundled("models") / name):
        if (folder / CARD).is_file():
            return folder
    near = difflib.get_close_matches(name, available_models(settings), n=1, cutoff=0.5)
    mend = f"Did you mean {near[0]!r}? All models: qabot model list" if near else f"Make it: qabot model prepare {name}"
    raise ModelNotFoundError(f"There is no model {name!r}", mend)


def available_models(settings: Settings) -> dict[str, Path]:
    """Folders of all models by name: those that come with qabot, and your own, which win where names are equal."""
    found: dict[str, Path] = {}
    for models in (bundled("models"), settings.models_folder):
        if models.is_dir():
            found |= {folder.name: folder for folder in sorted(models.iterdir()) if (folder / CARD).is_file()}
    return found
