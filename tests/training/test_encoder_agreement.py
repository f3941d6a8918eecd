"""Measuring what a trimmed vocabulary costs on texts that were not counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from encoder_toy import packed_bytes

from training.encoder_agreement import is_held_out, keep_their_pieces, main
from training.encoder_file import PackedModel, read_packed
from training.encoder_tokenizer import make_tokenizer
from training.encoder_vocabulary import choose_pieces


@pytest.fixture
def packed(tmp_path: Path) -> PackedModel:
    (tmp_path / "toy.bin").write_bytes(packed_bytes())
    return read_packed(tmp_path / "toy.bin")


def test_a_sentence_counts_as_kept_exactly_when_it_is_cut_alike(packed: PackedModel) -> None:
    whole = make_tokenizer(packed, np.arange(len(packed.pieces)))
    chosen = choose_pieces(packed, np.zeros(len(packed.pieces), dtype=bool))
    trimmed = make_tokenizer(packed, chosen)
    kept = np.zeros(len(packed.pieces), dtype=bool)
    kept[chosen] = True
    sentences = ["Almaty 2023", "the bridge", "élève", "мост", "中文", "bridgeville"]
    pairs = zip(trimmed.ids(sentences), whole.ids(sentences), strict=True)
    alike = [chosen[ours].tolist() == theirs for ours, theirs in pairs]
    assert alike == [True, True, False, True, False, True]
    assert keep_their_pieces(whole, kept, [". ".join(sentences)]).tolist() == alike


def test_about_a_fifth_is_held_out() -> None:
    assert 150 < sum(is_held_out(f"text {number}") for number in range(1000)) < 250


def test_the_command_says_how_many_sentences_are_cut_alike(
    packed: PackedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(packed.pieces)
    lines = [json.dumps({"id": str(number), "text": f"Almaty {number}."}) for number in range(60)]
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main(["--package-file", str(tmp_path / "toy.bin"), "--texts", str(tmp_path / "news")]) == 0
    assert "news: 1.00000 of" in capsys.readouterr().out


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--package-file", str(tmp_path / "none.bin"), "--texts", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
