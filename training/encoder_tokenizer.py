"""The tokenizer of multilingual-e5-small over some of its pieces, as the library `tokenizers` runs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from training.encoder_file import PackedModel


def make_tokenizer(packed: PackedModel, kept: NDArray[np.intp]) -> Tokenizer:
    """A tokenizer of the pieces whose ids are `kept`, in that order; <s>, </s> and <unk> must be among them.

    Normalisation is SentencePiece's `nmt_nfkc`, which is the package's table but for two characters of 1,112,064, and
    also composes what is written in two characters, as the table cannot. Leading, trailing and repeated spaces fall
    away, and each word begins with "▁".
    """
    first, last, _, unknown = (int(np.flatnonzero(kept == number)[0]) for number in packed.special)
    tokenizer = Tokenizer(models.Unigram(_vocabulary(packed, kept.tolist()), unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", first), ("</s>", last)]
    )
    return tokenizer


def _vocabulary(packed: PackedModel, kept: Sequence[int]) -> list[tuple[str, float]]:
    # The shortest decimal of a float32 halves what the scores take in tokenizer.json.
    return [(packed.pieces[number], float(str(packed.scores[number]))) for number in kept]
