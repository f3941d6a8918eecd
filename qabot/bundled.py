"""The files that come with qabot: the default settings and the encoders. Found in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {"models": "embeddings/models"}
"""Folders that the wheel moves (pyproject.toml, force-include); all others keep their place."""


def bundled(relative: str) -> Path:
    """Where a bundled file or folder lies, such as `config/qabot.toml` or `models/all-minilm-l6-v2`.

    A wheel carries them in the package's folder `bundled/`; a checkout or an editable install has them beside the
    package. The path is returned whether or not something is there.
    """
    inside = _PACKAGE / "bundled" / relative
    if inside.exists():
        return inside
    first, _, rest = relative.partition("/")
    return _PACKAGE.parent / _IN_CHECKOUT.get(first, first) / rest
