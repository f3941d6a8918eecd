"""The encoder that ships with qabot: its vectors, and what it does with odd texts and damaged files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qabot.bundled import bundled
from qabot.encoders.card import read_card, write_card
from qabot.encoders.card_file import MODEL, TOKENIZER
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.prepare import check_golden
from qabot.errors import DamagedModelError

SHIPPED = bundled("models/all-minilm-l6-v2")
TEXTS = [
    "What did Kazakhstan propose for Afghanistan?",
    "The central bank kept its base rate at 16.75 percent on Friday.",
    "",
    "🌧️☀️",
    "Жители Алматы сдали на переработку 12 тонн бумаги.",
    "The health minister visited the region in March and put the cost at $412.5 million. " * 9,
]


@pytest.fixture(scope="module")
def onnx_encoder() -> OnnxEncoder:
    return OnnxEncoder(SHIPPED, threads=2)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "copy"))


def test_golden_texts_get_their_golden_vectors(onnx_encoder: OnnxEncoder) -> None:
    assert check_golden(onnx_encoder) >= 0.99


def test_vectors_are_unit_float32(onnx_encoder: OnnxEncoder) -> None:
    vectors = onnx_encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_depends_on_its_text_alone(onnx_encoder: OnnxEncoder) -> None:
    alone = np.concatenate([onnx_encoder.encode_passages([text]) for text in TEXTS])
    np.testing.assert_array_equal(onnx_encoder.encode_passages(TEXTS), alone)
    np.testing.assert_array_equal(onnx_encoder.encode_passages(TEXTS[::-1]), alone[::-1])
    np.testing.assert_array_equal(onnx_encoder.encode_passages(TEXTS * 5), np.tile(alone, (5, 1)))


def test_the_number_of_threads_changes_no_vector(onnx_encoder: OnnxEncoder) -> None:
    one = OnnxEncoder(SHIPPED, threads=1)
    np.testing.assert_array_equal(one.encode_passages(TEXTS), onnx_encoder.encode_passages(TEXTS))


def test_callers_in_parallel_get_the_same_vectors(onnx_encoder: OnnxEncoder) -> None:
    expected = onnx_encoder.encode_questions(TEXTS)
    with ThreadPoolExecutor(8) as callers:
        for vectors in callers.map(lambda _: onnx_encoder.encode_questions(TEXTS), range(24)):
            np.testing.assert_array_equal(vectors, expected)


def test_no_texts_give_no_vectors(onnx_encoder: OnnxEncoder) -> None:
    assert onnx_encoder.encode_passages([]).shape == (0, 384)
    assert onnx_encoder.encode_questions([]).shape == (0, 384)
    assert onnx_encoder.count_tokens([]) == []


def test_a_long_text_is_cut_at_the_limit(onnx_encoder: OnnxEncoder) -> None:
    pieces = 256 - 2
    assert onnx_encoder.count_tokens(["dam " * 25_000]) == [25_000]
    long, limit, less = onnx_encoder.encode_passages(["dam " * 25_000, "dam " * pieces, "dam " * (pieces - 1)])
    np.testing.assert_array_equal(long, limit)
    assert not np.array_equal(long, less)


def test_word_pieces_are_counted_without_special_tokens(onnx_encoder: OnnxEncoder) -> None:
    assert onnx_encoder.count_tokens(["", "a dam", "Kazinform reports."]) == [0, 2, 5]


def test_half_a_character_is_encoded_as_a_replaced_one(onnx_encoder: OnnxEncoder) -> None:
    half, replaced = onnx_encoder.encode_questions(["a\ud83d b", "a? b"])
    np.testing.assert_array_equal(half, replaced)
    assert onnx_encoder.count_tokens(["\ud83d"]) == [1]


def test_progress_adds_up_to_the_number_of_texts(onnx_encoder: OnnxEncoder) -> None:
    steps: list[int] = []
    onnx_encoder.encode_passages(TEXTS * 10, steps.append)
    assert sum(steps) == len(TEXTS) * 10
    assert len(steps) > 5


def test_an_error_of_the_progress_bar_reaches_the_caller(onnx_encoder: OnnxEncoder) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        onnx_encoder.encode_passages(TEXTS * 10, stop)


def test_a_question_is_nearest_to_the_passage_that_answers_it(onnx_encoder: OnnxEncoder) -> None:
    passages = ["Beekeepers counted 11,000 hives.", "The dam cost 12 million dollars.", "Carlsen won the tournament."]
    questions = ["Who won at chess?", "How many hives were there?", "What was the price of the dam?"]
    scores = onnx_encoder.encode_questions(questions) @ onnx_encoder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [2, 0, 1]


def test_prefixes_of_the_card_are_put_before_texts(onnx_encoder: OnnxEncoder, copy: Path) -> None:
    write_card(replace(read_card(copy), query_prefix="query: ", passage_prefix="passage: "), copy)
    prefixed = OnnxEncoder(copy)
    np.testing.assert_array_equal(prefixed.encode_questions(["a dam"]), onnx_encoder.encode_questions(["query: a dam"]))
    np.testing.assert_array_equal(prefixed.encode_passages(["a dam"]), onnx_encoder.encode_passages(["passage: a dam"]))
    assert prefixed.fingerprint != onnx_encoder.fingerprint


def test_a_copy_of_the_folder_has_the_same_fingerprint(onnx_encoder: OnnxEncoder, copy: Path) -> None:
    assert OnnxEncoder(copy).fingerprint == onnx_encoder.fingerprint


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("file", [MODEL, TOKENIZER])
@pytest.mark.parametrize("damage", [flip_a_byte, cut_in_half, Path.unlink])
def test_a_damaged_file_is_named(copy: Path, file: str, damage: Callable[[Path], None]) -> None:
    damage(copy / file)
    with pytest.raises(DamagedModelError) as caught:
        OnnxEncoder(copy)
    assert str(copy / file) in caught.value.cause
    assert caught.value.mend


@pytest.mark.parametrize("file", [MODEL, TOKENIZER])
def test_a_file_that_fits_its_card_and_is_no_model_is_named(copy: Path, file: str) -> None:
    (copy / file).write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    key = {MODEL: "model_sha256", TOKENIZER: "tokenizer_sha256"}[file]
    write_card(replace(read_card(copy), **{key: empty}), copy)  # type: ignore[arg-type]
    with pytest.raises(DamagedModelError) as caught:
        OnnxEncoder(copy)
    assert str(copy / file) in caught.value.cause


def test_the_model_file_holds_no_path_of_the_machine_that_made_it() -> None:
    content = (SHIPPED / MODEL).read_bytes()
    for trace in (b"/home/", b"/root/", b"/tmp/", b"/usr/", b"site-packages", b".py"):
        assert trace not in content
