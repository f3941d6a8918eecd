"""Loading the readers that the settings name."""

from __future__ import annotations

from qabot.encoders.folders import find_folder
from qabot.reader.readers import Readers
from qabot.settings import Settings

NONE = "none"
"""The setting `reader` that does without any."""


def load_readers(settings: Settings) -> Readers | None:
    """The readers of `settings`; None if they do without.

    Raises:
        ModelNotFoundError: there is none of a name.
        DamagedModelError: a card is missing or damaged.
    """
    if settings.reader == (NONE,):
        return None
    folders = [find_folder(settings, name, "reader") for name in settings.reader]
    return Readers(folders, threads=settings.threads)
