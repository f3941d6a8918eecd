"""JsonTokenizer: a tokenizer in the form of the library `tokenizers`, `tokenizer.json`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer as LibraryTokenizer

from qabot.encoders.encoder import well_formed

# Our own threads do the work. The library's would warn on stderr, or hang, in a process forked after their first use.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def read_json(path: Path) -> LibraryTokenizer:
    """The tokenizer in the file `path`, made to neither pad nor cut.

    Raises:
        ValueError: it cannot be loaded.
    """
    try:
        tokenizer: LibraryTokenizer = LibraryTokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise ValueError(str(error)) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class JsonTokenizer:
    """A tokenizer of the library `tokenizers`. Safe to use from several threads.

    Args:
        tokenizer: neither pads nor cuts.

    Raises:
        ValueError: it has no piece for the letter a.
    """

    def __init__(self, tokenizer: LibraryTokenizer) -> None:
        self._tokenizer = tokenizer
        shown = tokenizer.encode("a")
        special = shown.special_tokens_mask
        if all(special):
            raise ValueError("it has no piece for the letter a")
        self.before = tuple(shown.ids[: special.index(0)])
        self.after = tuple(shown.ids[len(special) - special[::-1].index(0) :])

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of the pieces of each text, without special ones and without cutting."""
        clean = [well_formed(text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]
