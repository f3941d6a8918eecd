"""The reader that ships with qabot: pinned, checked, and the same whatever runs beside it."""

from __future__ import annotations

import math
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qabot.bundled import bundled
from qabot.encoders.card import read_card as read_encoder_card
from qabot.encoders.card_file import CARD, MODEL, TOKENIZER
from qabot.encoders.session import load_model
from qabot.errors import DamagedModelError, ModelNotFoundError
from qabot.reader.card import GOLDEN_DIFFERENCE, read_card, write_card
from qabot.reader.loading import load_readers
from qabot.reader.onnx import Page, Reader
from qabot.settings import load_settings

SHIPPED = bundled("models/reader")
QUESTION = "How much did the dam cost?"
DAM = Page("Dam opened. AP, 4 July 2023", ("Almaty opened a dam on Monday.", "The dam cost 12 million dollars."))
BEES = Page("Bees", ("Beekeepers in Slovenia counted 11,000 hives.", "They blame mites for the losses of last year."))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(SHIPPED)


def test_golden_reads_get_their_scores_again(reader: Reader) -> None:
    assert len(reader.card.golden) >= 4
    assert reader.golden_difference() <= GOLDEN_DIFFERENCE
    for golden in reader.card.golden:
        (scores,) = reader.read(golden.question, [Page(golden.context, golden.sentences)])
        assert scores is not None
        np.testing.assert_allclose(scores, golden.scores, atol=GOLDEN_DIFFERENCE)


def test_the_sentence_that_answers_has_the_highest_score_and_a_foreign_passage_none_above_zero(reader: Reader) -> None:
    dam, bees = reader.read(QUESTION, [DAM, BEES])
    assert dam is not None
    assert bees is not None
    assert dam.argmax() == 1
    assert dam[1] > 0 > bees.max()


def test_a_score_does_not_depend_on_what_is_read_beside(reader: Reader) -> None:
    (alone,) = reader.read(QUESTION, [DAM])
    for pages in ([DAM, BEES], [BEES, DAM], [BEES] * 5 + [DAM]):
        beside = reader.read(QUESTION, pages)[pages.index(DAM)]
        np.testing.assert_array_equal(alone, beside)
    (one_thread,) = Reader(SHIPPED, threads=1).read(QUESTION, [DAM])
    np.testing.assert_array_equal(alone, one_thread)


def test_callers_in_parallel_get_the_same_scores(reader: Reader) -> None:
    (alone,) = reader.read(QUESTION, [DAM])
    with ThreadPoolExecutor(8) as callers:
        for (scores,) in callers.map(lambda _: reader.read(QUESTION, [DAM]), range(24)):
            np.testing.assert_array_equal(scores, alone)


def test_sentences_beyond_the_limit_and_empty_ones_have_no_chance(reader: Reader) -> None:
    (scores,) = reader.read(QUESTION, [Page("", ("It was dry. " * 200, "The dam cost 12 million.", "\u200b"))])
    assert scores is not None
    assert math.isfinite(scores[0])
    assert scores[1] == scores[2] == -np.inf


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []
    (scores,) = reader.read(QUESTION, [Page("Dam", ())])
    assert scores is not None
    assert scores.shape == (0,)


def test_pages_that_are_not_begun_in_time_are_not_read(reader: Reader) -> None:
    assert reader.read(QUESTION, [DAM] * 3, milliseconds=1e-6) == [None] * 3
    assert all(scores is not None for scores in reader.read(QUESTION, [DAM] * 3, milliseconds=60_000))


def test_it_knows_the_languages_of_its_card(reader: Reader) -> None:
    assert reader.card.knows("en")
    assert not reader.card.knows("kk")


def copied(folder: Path) -> Path:
    shutil.copytree(SHIPPED, folder / "reader")
    return folder / "reader"


@pytest.mark.parametrize("file", [MODEL, TOKENIZER])
def test_a_flipped_byte_is_noticed(file: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    with pytest.raises(DamagedModelError, match=re.escape(f"{folder / file} is not the file")):
        Reader(folder)


@pytest.mark.parametrize(
    ("pattern", "instead", "named"),
    [
        (r"(?m)^kind = .*", 'kind = "encoder"', "'kind' should be 'reader'"),
        (r"(?m)^max_pieces = .*", "max_pieces = 0", "'max_pieces' should be a positive whole number"),
        (r"(?m)^data = .*", "data = []", "'data' should be a list of strings"),
        (r"(?m)^scores = .*", "scores = [0.5]", "'golden' should be a list of reads with scores"),
        (r"(?m)^scores = .*", "scores = [nan]", "'golden' should be a list of reads with scores"),
        (r"(?m)^recipe = .*\n", "", "lacks the key 'recipe'"),
        (r"(?m)^\[figures\]", '[figures]\n"loss" = "low"', "'figures' should be a table of numbers"),
    ],
)
def test_a_wrong_card_is_refused_and_the_key_named(pattern: str, instead: str, named: str, tmp_path: Path) -> None:
    text = (SHIPPED / CARD).read_text(encoding="utf-8")
    changed = re.sub(pattern, instead, text)
    assert changed != text
    (tmp_path / CARD).write_text(changed, encoding="utf-8")
    with pytest.raises(DamagedModelError, match=re.escape(named)):
        read_card(tmp_path)


def test_a_card_read_and_written_again_is_the_same_file(tmp_path: Path) -> None:
    write_card(read_card(SHIPPED), tmp_path)
    assert (tmp_path / CARD).read_bytes() == (SHIPPED / CARD).read_bytes()


def test_the_card_names_what_it_was_trained_on_and_the_licence() -> None:
    card = read_card(SHIPPED)
    assert card.licence == "CC-BY-SA-4.0"
    assert any("SQuAD" in data and "CC BY-SA" in data for data in card.data)
    assert card.figures


def test_a_reader_of_ones_own_goes_before_the_one_that_ships(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    own = settings.models_folder / "reader"
    own.mkdir(parents=True)
    for file in (MODEL, TOKENIZER):
        (own / file).symlink_to(SHIPPED / file)
    write_card(replace(read_card(SHIPPED), name="mine"), own)
    loaded = load_readers(settings)
    assert loaded is not None
    assert loaded.cards[0].name == "mine"


def test_a_damaged_reader_is_told_with_the_way_to_do_without(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    shutil.copytree(SHIPPED, settings.models_folder / "reader")
    (settings.models_folder / "reader" / MODEL).write_bytes(b"")
    loaded = load_readers(settings)
    assert loaded is not None
    with pytest.raises(DamagedModelError, match=r'is not the file .* do without: reader = "none"'):
        loaded.reader_for("en", "en")
    with pytest.raises(DamagedModelError, match=r'is not the file .* do without: reader = "none"'):
        loaded.check()
    (settings.models_folder / "reader" / CARD).write_text('kind = "reader"', encoding="utf-8")
    with pytest.raises(DamagedModelError, match=r'lacks the key .* do without: reader = "none"'):
        load_readers(settings)


def test_the_first_that_knows_both_languages_reads_and_is_loaded_once(tmp_path: Path) -> None:
    loaded = load_readers(load_settings(tmp_path))
    assert loaded is not None
    english, foreign = loaded.reader_for("en", "en"), loaded.reader_for("ru", "en")
    assert english is not None
    assert foreign is not None
    assert (english.name, foreign.name) == ("reader", "reader-kk-ru-en")
    assert loaded.reader_for("en", "kk") is loaded.reader_for("kk", "kk") is foreign
    assert loaded.reader_for("de", "en") is None
    assert loaded.card_for("de", "en") is None
    loaded.check()
    assert list(loaded.load()) == [english, foreign]
    assert loaded.sha256 == f"{english.card.model_sha256} {foreign.card.model_sha256}"


def test_a_reader_takes_the_tokenizer_of_an_encoder_that_has_the_same() -> None:
    encoder, reader = (bundled(f"models/{name}") for name in ("e5-small-kk-ru-en", "reader-kk-ru-en"))
    of_encoder, of_reader = read_encoder_card(encoder), read_card(reader)
    first, _ = load_model(encoder, of_encoder.model_sha256, of_encoder.tokenizer_sha256)
    second, _ = load_model(reader, of_reader.model_sha256, of_reader.tokenizer_sha256)
    assert first is second


def test_the_settings_can_do_without_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    assert load_readers(load_settings(tmp_path, reader="none")) is None
    with pytest.raises(ModelNotFoundError, match=r"There is no reader 'raeder'\. Did you mean 'reader'\?"):
        load_readers(load_settings(tmp_path, reader="raeder"))
    with pytest.raises(ModelNotFoundError, match="There is no reader 'all-minilm-l6-v2'"):
        load_readers(load_settings(tmp_path, reader="all-minilm-l6-v2"))
