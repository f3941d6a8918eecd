"""Counting word pieces with a model's tokenizer alone: light enough for every process that splits articles."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from qabot.encoders.encoder import well_formed
from qabot.errors import DamagedModelError

# Our own threads do the work. The library's would warn on stderr, or hang, in a process forked after their first use.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

_MEND = "Install qabot again, or make the model again: qabot model prepare"


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in the file `path`, which neither pads nor cuts.

    Raises:
        DamagedModelError: it cannot be loaded.
    """
    try:
        tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise DamagedModelError(f"{path} cannot be loaded: {error}", _MEND) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def make_counter(path: Path) -> Callable[[Sequence[str]], list[int]]:
    """What counts the word pieces of texts, as an encoder's `count_tokens` does, from the tokenizer in `path`."""
    tokenizer = load_tokenizer(path)

    def count(texts: Sequence[str]) -> list[int]:
        encodings = tokenizer.encode_batch_fast([well_formed(text) for text in texts], add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    return count
