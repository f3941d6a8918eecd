"""Damage: whatever happens to a file of the newest generation, it is refused by name and the last good one serves."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError
from qabot.index.building import build
from qabot.index.generation import open_current, open_generation
from qabot.index.manifest import MANIFEST
from qabot.index.publishing import CURRENT, published_generations
from qabot.settings import Settings

FLIPS = 200


@pytest.fixture
def two(settings: Settings, encoder: Encoder) -> tuple[Path, Path]:
    """Two generations; the second one is in service."""
    first = build(settings, encoder).folder
    (settings.seeds_folder / "new.txt").write_text("A museum of clocks opened in Oral.", encoding="utf-8")
    return first, build(settings, encoder).folder


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def serving(settings: Settings) -> tuple[str, str | None]:
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        return generation.id, generation.notice


def assert_refused(damaged: Path, generation: Path, good: Path, settings: Settings) -> None:
    """`damaged` is named by who opens its generation, and by the notice of the good one that serves instead."""
    with pytest.raises(DamagedIndexError) as error:
        open_generation(generation, settings.cache_folder)
    assert str(damaged) in error.value.cause
    name, notice = serving(settings)
    assert name == good.name
    assert notice is not None
    assert str(damaged) in notice
    assert good.name in notice
    assert "qabot index" in notice


def cut(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def grow(path: Path, other: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


def empty(path: Path, other: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path, other: Path) -> None:
    path.unlink()


def become_a_folder(path: Path, other: Path) -> None:
    path.unlink()
    path.mkdir()


def swap(path: Path, other: Path) -> None:
    shutil.copyfile(other, path)


@pytest.mark.parametrize("damage", [cut, grow, empty, delete, become_a_folder, swap])
def test_a_damaged_file_is_named_and_the_last_good_generation_serves(
    settings: Settings, two: tuple[Path, Path], damage: Callable[[Path, Path], None]
) -> None:
    first, second = two
    assert serving(settings) == (second.name, None)
    others = {path.suffix: path for path in files_of(first)}
    for path in files_of(second):
        whole, other = path.read_bytes(), others[path.suffix]
        same_name = first / path.relative_to(second)
        damage(path, same_name if same_name.is_file() else other)
        if path.is_dir() or not path.exists() or path.read_bytes() != whole:
            assert_refused(path, second, first, settings)
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)
    assert serving(settings) == (second.name, None)


def test_no_flipped_bit_goes_unseen(settings: Settings, two: tuple[Path, Path]) -> None:
    first, second = two
    chance = random.Random(11)
    paths = files_of(second)
    assert MANIFEST in {path.name for path in paths}
    for number in range(FLIPS):
        path = paths[number % len(paths)]
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        assert_refused(path, second, first, settings)
        path.write_bytes(whole)
    assert serving(settings) == (second.name, None)


def test_a_generation_without_its_folder_of_terms_or_without_anything_is_refused(
    settings: Settings, two: tuple[Path, Path]
) -> None:
    first, second = two
    shutil.rmtree(second / "terms")
    assert serving(settings)[0] == first.name
    for path in files_of(second):
        path.unlink()
    name, notice = serving(settings)
    assert name == first.name
    assert f"{second / MANIFEST}" in (notice or "")


def test_where_no_generation_is_whole_the_newest_damage_is_told(settings: Settings, two: tuple[Path, Path]) -> None:
    first, second = two
    cut(first / "articles.sqlite", first)
    cut(second / "vectors.faiss", second)
    with pytest.raises(DamagedIndexError, match=f"{second.name}/vectors.faiss"):
        open_current(settings.generations_folder, settings.cache_folder)


@pytest.mark.parametrize(
    "content", [b"", b"000009-20260101T0000Z\n", b"..", b"../../etc\n", b"\xff\xfe", b"x" * 99_999]
)
def test_a_current_that_is_damaged_is_told_and_the_newest_good_generation_serves(
    settings: Settings, two: tuple[Path, Path], content: bytes
) -> None:
    (settings.generations_folder / CURRENT).write_bytes(content)
    name, notice = serving(settings)
    assert name == two[1].name
    assert "CURRENT" in (notice or "")
    assert len(notice or "") < 1000


def test_a_current_that_is_missing_is_told_and_the_newest_good_generation_serves(
    settings: Settings, two: tuple[Path, Path]
) -> None:
    (settings.generations_folder / CURRENT).unlink()
    cut(two[1] / "articles.sqlite", two[0])
    name, notice = serving(settings)
    assert name == two[0].name
    assert "CURRENT is missing" in (notice or "")


def test_a_generation_that_was_not_yet_put_into_service_does_not_serve(
    settings: Settings, two: tuple[Path, Path]
) -> None:
    """As after a crash between the two renames of a publication, or after somebody has gone back to an older one."""
    (settings.generations_folder / CURRENT).write_text(two[0].name + "\n")
    assert serving(settings) == (two[0].name, None)
    cut(two[0] / "articles.sqlite", two[0])
    with pytest.raises(DamagedIndexError, match=r"articles\.sqlite"):
        open_current(settings.generations_folder, settings.cache_folder)


def test_the_next_build_mends_a_damaged_index(settings: Settings, encoder: Encoder, two: tuple[Path, Path]) -> None:
    cut(two[1] / "vectors.faiss", two[0])
    done = build(settings, encoder)
    assert done.changed
    assert serving(settings) == (done.generation, None)
    (two[0] / "articles.sqlite").unlink()
    (settings.seeds_folder / "new.txt").unlink()
    last = build(settings, encoder).folder
    (last / MANIFEST).unlink()
    mended = build(settings, encoder)  # only what is older than the damaged one has been good
    assert serving(settings) == (mended.generation, None)
    assert mended.folder in published_generations(settings.generations_folder)
