"""Opening: a generation is whole, of this schema and of this model, or it is refused by name."""

from __future__ import annotations

import json
import os
import random
import threading
from pathlib import Path

import pytest

from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, NoIndexError, StaleIndexError
from qabot.index.building import build
from qabot.index.checksums import REMEMBERED_BYTES, check_files, file_entry
from qabot.index.generation import check_recipe, open_current, open_generation
from qabot.index.manifest import MANIFEST, read_manifest, write_manifest
from qabot.index.recipe import recipe_of
from qabot.settings import Settings


@pytest.fixture
def generation(settings: Settings, encoder: Encoder) -> Path:
    return build(settings, encoder).folder


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_nothing_built_yet_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(NoIndexError, match="qabot index"):
        open_current(settings.generations_folder, settings.cache_folder)


def test_every_file_is_listed_in_the_manifest(generation: Path) -> None:
    listed = json.loads((generation / MANIFEST).read_text())["files"]
    assert {path.relative_to(generation).as_posix() for path in files_of(generation)} == {*listed, MANIFEST}


def test_a_flipped_byte_is_refused_and_the_file_named(generation: Path, settings: Settings) -> None:
    chance = random.Random(7)
    for path in files_of(generation):
        if path.name == MANIFEST or not path.stat().st_size:
            continue
        whole = path.read_bytes()
        for _ in range(5):
            at = chance.randrange(len(whole))
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
            with pytest.raises(DamagedIndexError, match=path.name):
                open_generation(generation, settings.cache_folder)
        path.write_bytes(whole)
    open_generation(generation, settings.cache_folder).close()


def test_a_cut_or_missing_file_is_refused_and_named(generation: Path, settings: Settings) -> None:
    for path in files_of(generation):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(DamagedIndexError, match=path.name):
            open_generation(generation, settings.cache_folder)
        path.unlink()
        with pytest.raises(DamagedIndexError, match=path.name):
            open_generation(generation, settings.cache_folder)
        path.write_bytes(whole)


def test_a_manifest_that_was_tampered_with_is_refused(generation: Path, settings: Settings) -> None:
    path = generation / MANIFEST
    original = json.loads(path.read_text())
    for change in ({"articles": "3"}, {"extra": 1}, {"recipe": None}, {"articles": 4}):
        path.write_text(json.dumps(original | change))
        with pytest.raises(DamagedIndexError):
            open_generation(generation, settings.cache_folder)


def test_another_schema_is_stale_not_damaged(generation: Path, settings: Settings) -> None:
    write_manifest(generation, read_manifest(generation).model_copy(update={"schema_version": 99}))
    with pytest.raises(StaleIndexError, match="schema 99"):
        open_generation(generation, settings.cache_folder)


def test_an_index_of_another_model_is_refused(generation: Path, settings: Settings, encoder: Encoder) -> None:
    opened = open_generation(generation, settings.cache_folder)
    recipe = recipe_of(settings, encoder)
    check_recipe(opened, recipe)
    with pytest.raises(StaleIndexError, match="model"):
        check_recipe(opened, recipe.model_copy(update={"fingerprint": "other", "model": "another"}))
    with pytest.raises(StaleIndexError, match="64"):
        check_recipe(opened, recipe_of(settings.model_copy(update={"passage_tokens": 64}), encoder))


def test_a_big_file_is_hashed_once_and_again_after_any_change(tmp_path: Path) -> None:
    big, memory = tmp_path / "big", tmp_path / "cache" / "checked.json"
    big.write_bytes(bytes(REMEMBERED_BYTES))
    expected = {"big": file_entry(big)}
    check_files(tmp_path, expected, memory)
    assert memory.is_file()
    stat = big.stat()
    with big.open("r+b") as file:
        file.seek(1000)
        file.write(b"x")
    os.utime(big, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(DamagedIndexError, match="checksum"):
        check_files(tmp_path, expected, memory)


def test_a_generation_is_known_after_it_was_renamed(tmp_path: Path) -> None:
    folder, memory = tmp_path / ".building", tmp_path / "checked.json"
    folder.mkdir()
    (folder / "big").write_bytes(bytes(REMEMBERED_BYTES))
    expected = {"big": file_entry(folder / "big")}
    check_files(folder, expected, memory)
    remembered = memory.stat().st_mtime_ns
    check_files(folder.rename(tmp_path / "000001"), expected, memory)
    assert memory.stat().st_mtime_ns == remembered  # nothing was hashed, so nothing had to be remembered


def test_a_memory_of_checks_that_cannot_be_used_only_costs_time(tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(bytes(REMEMBERED_BYTES))
    expected = {"big": file_entry(big)}
    memory = tmp_path / "memory.json"
    for damaged in ("not json", "[1, {}]", '{"x": 1}'):
        memory.write_text(damaged)
        check_files(tmp_path, expected, memory)
    check_files(tmp_path, expected, big / "not" / "a" / "folder.json")


def test_readers_hold_a_whole_generation_while_others_are_published(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                opened = open_current(settings.generations_folder, settings.cache_folder)
                assert opened.store.counts().passages == len(opened.vectors) == len(opened.terms)
                opened.close()
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(8):
        (settings.seeds_folder / "n.txt").write_text(f"Item {number} is in the news.", encoding="utf-8")
        build(settings.model_copy(update={"keep_generations": 1}), encoder)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
