"""Pieces: every piece knows its sentence, and nothing outgrows the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as LibraryTokenizer

from qabot.bundled import bundled
from qabot.encoders.card_file import TOKENIZER
from qabot.encoders.json_tokenizer import JsonTokenizer, read_json
from qabot.encoders.tokenizer import load_tokenizer, tokenizer_file
from qabot.errors import DamagedModelError
from qabot.reader.pieces import CONTEXT_PIECES, QUESTION_PIECES, to_pieces

library = read_json(bundled("models/reader") / TOKENIZER)
tokenizer = JsonTokenizer(library)


def words(ids: list[int]) -> str:
    return " ".join(library.id_to_token(number) or "" for number in ids)


def test_question_context_and_sentences_stand_in_order_and_know_their_parts() -> None:
    pieces = to_pieces(tokenizer, "Who won?", "Chess. AP", ["Carlsen won.", "He was glad."], 64)
    assert words(pieces.ids) == "[CLS] who won ? [SEP] chess . ap carl ##sen won . he was glad . [SEP]"
    assert pieces.types == [0] * 5 + [1] * 12
    assert pieces.sentences == [0] * 8 + [1] * 4 + [2] * 4 + [0]
    assert pieces.read == 2


def test_what_is_beyond_the_limit_is_cut_off() -> None:
    pieces = to_pieces(tokenizer, "Who?", "", ["one two three", "four five", "six"], 9)
    assert words(pieces.ids) == "[CLS] who ? [SEP] one two three four [SEP]"
    assert pieces.read == 2


def test_a_long_question_or_headline_leaves_room_for_the_passage() -> None:
    pieces = to_pieces(tokenizer, "who " * 500, "news " * 500, ["It is here."], 320)
    assert len(pieces.ids) == QUESTION_PIECES + CONTEXT_PIECES + 4 + 3
    assert pieces.read == 1


def test_a_sentence_without_pieces_leaves_the_numbers_of_the_others_as_they_are() -> None:
    assert {*to_pieces(tokenizer, "Who?", "", ["One.", "\u200b", "Three."], 64).sentences} == {0, 1, 3}


@given(
    question=st.text(max_size=300),
    context=st.text(max_size=300),
    sentences=st.lists(st.text(max_size=200), max_size=12),
    most=st.integers(100, 320),
)
def test_any_text_gives_pieces_within_the_limit(question: str, context: str, sentences: list[str], most: int) -> None:
    pieces = to_pieces(tokenizer, question, context, sentences, most)
    assert len(pieces.ids) == len(pieces.types) == len(pieces.sentences) <= most
    assert 0 <= pieces.read <= len(sentences)
    told = [number for number in pieces.sentences if number]
    assert told == sorted(told)


def test_lone_surrogates_are_no_harm() -> None:
    assert to_pieces(tokenizer, "\ud800?", "\udfff", ["\ud800 won."], 64).read == 1


def test_a_tokenizer_without_the_special_pieces_is_refused() -> None:
    bare = LibraryTokenizer.from_str(library.to_str())
    bare.post_processor = None
    with pytest.raises(DamagedModelError, match="no special pieces"):
        to_pieces(JsonTokenizer(bare), "Who?", "", ["One."], 64)


def test_the_special_pieces_are_those_of_the_tokenizer_whatever_they_are_called() -> None:
    other = load_tokenizer(tokenizer_file(bundled("models/e5-small-kk-ru-en")))
    pieces = to_pieces(other, "Кім жеңді?", "", ["Карлсен жеңді.", "Ол қуанды."], 64)
    (begin,), (end,) = other.before, other.after
    assert (pieces.ids[0], pieces.ids[-1], pieces.ids.count(begin), pieces.ids.count(end)) == (begin, end, 1, 2)
    assert pieces.types.index(1) == pieces.ids.index(end) + 1
    assert pieces.read == 2
