"""Packages that only measuring needs: the extra `eval`."""

from __future__ import annotations

import importlib
from typing import Any

from qabot.errors import MissingExtraError


def load_extra(module: str) -> Any:
    """The module of that name, of a package that comes with the extra `eval`.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0].replace("_", "-")
        cause = f"Measuring needs the extra `eval`; {package} is not installed"
        raise MissingExtraError(cause, 'Install it: pip install "qabot[eval]"') from error
