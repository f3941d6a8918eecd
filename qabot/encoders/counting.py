"""Counting word pieces with a model's tokenizer alone: light enough for every process that splits articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qabot.encoders.tokenizer import load_tokenizer


def make_counter(path: Path) -> Callable[[Sequence[str]], list[int]]:
    """What counts the word pieces of texts, as an encoder's `count_tokens` does, from the tokenizer in `path`.

    Raises:
        DamagedModelError: the tokenizer cannot be loaded.
    """
    tokenizer = load_tokenizer(path)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in tokenizer.ids(texts)]

    return count
