"""How often texts that were not counted keep their word pieces, when the vocabulary is trimmed by others.

    python -m training.encoder_agreement --texts FOLDER FOLDER …

Four fifths of all texts, chosen by their hash, say which pieces are used; the sentences of the last fifth are cut with
all pieces. A sentence whose pieces are all kept is cut in the same way without the others: its best way of being cut
is still there, and no other way has become better.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.tokenizer import Tokenizer
from qabot.errors import QabotError
from training.encoder_file import PackedModel, read_packed
from training.encoder_package import find_file
from training.encoder_tokenizer import make_tokenizer
from training.encoder_vocabulary import choose_pieces, read_texts, used_pieces

_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_FIFTH = 256 // 5


def is_held_out(text: str) -> bool:
    """Whether a text belongs to the fifth that is not counted."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] < _FIFTH


def keep_their_pieces(tokenizer: Tokenizer, kept: NDArray[np.bool_], texts: Sequence[str]) -> NDArray[np.bool_]:
    """For each sentence of `texts`, whether all its pieces are kept; `tokenizer` has all pieces."""
    sentences = [match[0] for text in texts for match in _SENTENCE.finditer(text) if match[0].strip()]
    return np.array([kept[ids].all() for ids in tokenizer.ids(sentences)], dtype=bool)


def _measure(packed: PackedModel, folders: Sequence[Path]) -> None:
    whole = make_tokenizer(packed, np.arange(len(packed.pieces)))
    texts = {folder: list(read_texts([folder])) for folder in folders}
    counted = (text for folder in folders for text in texts[folder] if not is_held_out(text))
    kept = np.zeros(len(packed.pieces), dtype=bool)
    kept[choose_pieces(packed, used_pieces(packed, whole, counted))] = True
    sys.stdout.write(f"{kept.sum():,} of {len(kept):,} word pieces kept\n")
    for folder in folders:
        same = keep_their_pieces(whole, kept, [text for text in texts[folder] if is_held_out(text)])
        sys.stdout.write(
            f"{folder.name}: {same.mean() if len(same) else 1:.5f} of {len(same):,} sentences are cut alike\n"
        )


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; 0, or 2 after an error, which is said in one line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.encoder_agreement",
        description="Says how often held-out sentences keep their word pieces in a trimmed vocabulary.",
        epilog="Example: python -m training.encoder_agreement --texts articles-kk articles-ru articles-en",
    )
    parser.add_argument(
        "--texts", type=Path, nargs="+", required=True, metavar="FOLDER", help="folders of .jsonl files"
    )
    parser.add_argument("--package-file", type=Path, metavar="FILE", help="if not given, that of the installed package")
    arguments = parser.parse_args(given)
    try:
        _measure(read_packed(arguments.package_file or find_file()), arguments.texts)
    except QabotError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
