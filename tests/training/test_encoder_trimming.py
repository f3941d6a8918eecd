"""Trimming the encoder's vocabulary: texts of the three languages keep their pieces, whatever else is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from encoder_toy import PIECES, packed_bytes

from qabot.encoders.sentence_pieces import SentencePieces
from qabot.errors import EncoderError
from training.encoder_file import PackedModel, read_packed
from training.encoder_tokenizer import make_tokenizer, tokenizer_model
from training.encoder_vocabulary import choose_pieces, pieces_of, read_texts, used_pieces

TEXTS = ("the bridge", "Almaty, 2023: мост?", "көпір - the Bridgeville", " the  bridge\n", "Waardville 中文 élève")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> PackedModel:
    path = tmp_path_factory.mktemp("encoder") / "toy.bin"
    path.write_bytes(packed_bytes())
    return read_packed(path)


@pytest.fixture(scope="module")
def whole(packed: PackedModel) -> SentencePieces:
    return make_tokenizer(packed, np.arange(len(packed.pieces)))


def tokens(tokenizer: SentencePieces, text: str) -> list[str]:
    (ids,) = tokenizer.ids([text])
    return [tokenizer.pieces[number] for number in ids]


def test_the_tokenizer_takes_the_likeliest_pieces_and_has_the_special_ones_around(whole: SentencePieces) -> None:
    assert tokens(whole, "the bridge") == ["▁the", "▁bridge"]
    assert tokens(whole, "") == []
    assert tokens(whole, " the\t\n bridge ") == tokens(whole, "the bridge")
    assert [whole.pieces[number] for number in (*whole.before, *whole.after)] == ["<s>", "</s>"]


def test_compatible_characters_and_decomposed_ones_are_read_as_the_usual_ones(whole: SentencePieces) -> None:
    assert tokens(whole, "ｔｈｅ") == tokens(whole, "the")
    assert tokens(whole, "e\u0301l") == tokens(whole, "\u00e9l")
    assert tokens(whole, "и\u0306") == tokens(whole, "\u0439")


def test_no_text_can_have_special_pieces(whole: SentencePieces) -> None:
    assert not {"<s>", "<pad>", "</s>"} & {*tokens(whole, "<s> the </s><pad>")}


def test_texts_of_kept_pieces_keep_their_segmentation(packed: PackedModel, whole: SentencePieces) -> None:
    kept = choose_pieces(packed, used_pieces(packed, whole, TEXTS))
    trimmed = make_tokenizer(packed, kept)
    for text in TEXTS:
        assert tokens(trimmed, text) == tokens(whole, text)
        assert [kept[ids].tolist() for ids in trimmed.ids([text])] == whole.ids([text])


def test_what_no_text_has_is_dropped_unless_it_may_be_part_of_a_name(packed: PackedModel) -> None:
    nothing = np.zeros(len(packed.pieces), dtype=bool)
    kept = {packed.pieces[number] for number in choose_pieces(packed, nothing)}
    assert {"▁Almaty", "ville", "bridge", "▁мост", "▁көпір", "▁2023", "€", "é", "▁the", "<pad>", "<unk>"} <= kept
    assert not {"▁élève", "中文", "▁中"} & kept


def test_a_piece_that_one_text_has_is_kept(packed: PackedModel, whole: SentencePieces) -> None:
    kept = {packed.pieces[number] for number in choose_pieces(packed, used_pieces(packed, whole, ["élève 中文"]))}
    assert {"▁élève", "中文"} <= kept


def test_dropped_letters_become_one_unknown_piece_and_the_rest_stays(packed: PackedModel) -> None:
    trimmed = make_tokenizer(packed, choose_pieces(packed, np.zeros(len(packed.pieces), dtype=bool)))
    assert tokens(trimmed, "中文 Almaty") == ["▁", "<unk>", "▁Almaty"]


def test_a_saved_tokenizer_is_the_list_of_what_was_kept(
    packed: PackedModel, whole: SentencePieces, tmp_path: Path
) -> None:
    kept = choose_pieces(packed, used_pieces(packed, whole, TEXTS))
    saved = tmp_path / "tokenizer.model"
    saved.write_bytes(tokenizer_model(packed, kept))
    again = pieces_of(packed, saved)
    assert again.tolist() == kept.tolist()
    assert tokenizer_model(packed, again) == saved.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * 99])
def test_a_file_that_lists_no_pieces_is_refused(packed: PackedModel, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tokenizer.model").write_bytes(content)
    with pytest.raises(EncoderError, match="--texts FOLDER"):
        pieces_of(packed, tmp_path / "tokenizer.model")


def test_a_list_with_a_piece_that_the_model_lacks_is_refused(packed: PackedModel, tmp_path: Path) -> None:
    other = replace(packed, pieces=("<s>", "<pad>", "</s>", "<unk>", "nowhere", *packed.pieces[5:]))
    (tmp_path / "tokenizer.model").write_bytes(tokenizer_model(other, np.arange(len(packed.pieces))))
    with pytest.raises(EncoderError, match="'nowhere', which the model lacks"):
        pieces_of(packed, tmp_path / "tokenizer.model")


def test_texts_are_read_from_all_files_below_without_addresses(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    article = {"id": "x1", "title": "Мост", "url": "https://example.org/most", "text": "көпір", "tags": ["bridge", 7]}
    (tmp_path / "news" / "articles.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    (tmp_path / "again.jsonl").write_text(json.dumps(article) + "\n", encoding="utf-8")
    assert sorted(read_texts([tmp_path])) == ["bridge", "Мост", "көпір"]


def test_a_folder_without_texts_and_a_broken_line_are_said(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"No \.jsonl files"):
        list(read_texts([tmp_path]))
    (tmp_path / "articles.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"articles\.jsonl cannot be read"):
        list(read_texts([tmp_path]))


def test_the_toy_has_every_piece_once() -> None:
    assert len(set(PIECES)) == len(PIECES)
