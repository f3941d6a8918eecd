"""The tokenizer of multilingual-e5-small over some of its pieces, as a SentencePiece model."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import ucd_3_2_0 as unicode

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceTrainer, sentencepiece_model_pb2

from qabot.encoders.sentence_pieces import SentencePieces
from training.encoder_file import PackedModel

_ModelProto: Any = sentencepiece_model_pb2.ModelProto  # type: ignore[attr-defined]  # made when it is imported

_CHARACTERS = 0x30000
"""Beyond it no character of Unicode 3.2 is composed of others."""


def make_tokenizer(packed: PackedModel, kept: NDArray[np.intp]) -> SentencePieces:
    """A tokenizer of the pieces whose ids are `kept`, in that order; <s>, </s> and <unk> must be among them."""
    return SentencePieces(tokenizer_model(packed, kept))


def tokenizer_model(packed: PackedModel, kept: NDArray[np.intp]) -> bytes:
    """The content of the `tokenizer.model` that has the pieces `kept`, each at the place of its new id.

    Characters become others by the package's table, which is SentencePiece's `nmt_nfkc` of the time when the model was
    trained (today's leaves the joiner in emoji as it is), and what is written in two characters is composed first, as
    the table alone cannot. Leading, trailing and repeated spaces fall away, and each word begins with "▁". Pieces
    that were not learnt from text, <s> among them, are never read in a text.
    """
    types = _ModelProto.SentencePiece
    model = _ModelProto()
    places = {number: place for place, number in enumerate(kept.tolist())}
    first, last, padding, unknown = packed.special
    for number in places:
        score = packed.scores[number]
        piece = model.pieces.add(piece=packed.pieces[number], score=score)
        if number == unknown:
            piece.type = types.UNKNOWN
        elif number in packed.special or score == 0:  # the logarithm of certainty, which no learnt piece has
            piece.type = types.CONTROL
    trainer = model.trainer_spec
    trainer.model_type = trainer.UNIGRAM
    trainer.vocab_size = len(kept)
    trainer.unk_id, trainer.bos_id, trainer.eos_id = places[unknown], places[first], places[last]
    trainer.pad_id = places.get(padding, -1)
    trainer.unk_piece, trainer.bos_piece, trainer.eos_piece, trainer.pad_piece = (
        packed.pieces[number] for number in (unknown, first, last, padding)
    )
    model.normalizer_spec.CopyFrom(_normalizer(_rules(packed.normalised)))
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _rules(normalised: Mapping[str, str]) -> dict[str, str]:
    """`normalised`, and every sequence that makes one character, by the Unicode that all releases of Python know."""
    rules = dict(normalised)
    for character in map(chr, range(_CHARACTERS)):
        # As far apart as can be, and its last mark alone.
        whole = unicode.normalize("NFD", character)
        parts = {whole, unicode.normalize("NFC", whole[:-1]) + whole[-1:]}
        if unicode.normalize("NFC", whole) == character:
            rules |= {part: normalised.get(character, character) for part in parts if len(part) > 1}
    return rules


def _normalizer(rules: Mapping[str, str]) -> Any:
    """A NormalizerSpec of `rules`, which only SentencePiece's trainer compiles: here on a text of one letter."""
    lines = (f"{_hexadecimal(before)}\t{_hexadecimal(after)}\n" for before, after in sorted(rules.items()))
    made = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.tsv"
        file.write_text("".join(lines), encoding="ascii")
        SentencePieceTrainer.train(
            sentence_iterator=iter(["a"]),
            model_writer=made,
            model_type="char",
            vocab_size=5,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(file),
            minloglevel=2,
        )
    spec = _ModelProto.FromString(made.getvalue()).normalizer_spec
    # The path of the rules is in the folder that is gone.
    spec.ClearField("normalization_rule_tsv")
    return spec


def _hexadecimal(text: str) -> str:
    return " ".join(f"{ord(character):x}" for character in text)
