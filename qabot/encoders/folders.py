"""Folders of models: your own in embeddings/models/, and those that come with qabot."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal, get_args

from qabot.bundled import bundled
from qabot.encoders.card_file import CARD, read_values
from qabot.errors import DamagedModelError, ModelNotFoundError
from qabot.settings import Settings

Kind = Literal["encoder", "reader"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def find_folder(settings: Settings, name: str, kind: Kind) -> Path:
    """The folder of the model `name`: one of your own, a path, or one that comes with qabot.

    Raises:
        ModelNotFoundError: there is none; names the nearest one.
    """
    for folder in (settings.models_folder / name, settings.home / Path(name).expanduser(), bundled("models") / name):
        if (folder / CARD).is_file() and kind_of(folder) == kind:
            return folder
    near = difflib.get_close_matches(name, folders_of(settings, kind), n=1, cutoff=0.5)
    make = f"Make it: qabot model prepare {name}" if kind == "encoder" else 'Set reader = "none" to do without'
    mend = f"Did you mean {near[0]!r}? All models: qabot model list" if near else make
    raise ModelNotFoundError(f"There is no {'model' if kind == 'encoder' else 'reader'} {name!r}", mend)


def folders_of(settings: Settings, kind: Kind) -> dict[str, Path]:
    """Folders of all models of a kind by name; your own win where names are equal."""
    found: dict[str, Path] = {}
    for models in (bundled("models"), settings.models_folder):
        if models.is_dir():
            found |= {folder.name: folder for folder in sorted(models.iterdir()) if (folder / CARD).is_file()}
    return {name: folder for name, folder in found.items() if kind_of(folder) == kind}


def kind_of(folder: Path) -> Kind:
    """What the model in `folder` is for; a card that cannot be read counts as an encoder's, whose loading says why."""
    try:
        return "reader" if read_values(folder / CARD).get("kind") == "reader" else "encoder"
    except DamagedModelError:
        return "encoder"
