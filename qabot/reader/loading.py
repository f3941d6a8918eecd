"""Loading the reader that the settings name."""

from __future__ import annotations

from qabot.encoders.folders import find_folder
from qabot.errors import DamagedModelError
from qabot.reader.onnx import Reader
from qabot.settings import Settings

NONE = "none"
"""The setting `reader` that does without one."""


def load_reader(settings: Settings) -> Reader | None:
    """The reader of `settings`, ready to use; None if they do without.

    Raises:
        ModelNotFoundError: no such reader.
        DamagedModelError: a file of it is missing or altered.
    """
    if settings.reader == NONE:
        return None
    try:
        return Reader(find_folder(settings, settings.reader, "reader"), threads=settings.threads)
    except DamagedModelError as error:
        raise DamagedModelError(error.cause, 'Install qabot again, or do without: reader = "none"') from error
