"""A full disk, folders that may not be written or read, a clock that was set back, two builds at once."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import filelock
import pytest

from qabot.answering.engine import open_engine
from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, WriteError
from qabot.index.archive import export_generation, import_generation
from qabot.index.building import build
from qabot.index.collecting import collect
from qabot.index.generation import open_current
from qabot.index.manifest import read_manifest, write_manifest
from qabot.index.progress import Silent
from qabot.index.publishing import CURRENT, leftovers, published_generations
from qabot.settings import Settings, load_settings

NOBODY = 65_534
QUESTION = "How much did the dam cost?"
assert filelock  # imported lazily by builds; a process without privileges may not be able to


def serving(settings: Settings) -> str:
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        assert generation.notice is None
        return generation.id


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes: like a disk that is full at that moment."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def without_privileges() -> Iterator[None]:
    """As a user who is not root, so that permissions count."""
    if os.geteuid() != 0:
        yield
        return
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def open_house(settings: Settings) -> Iterator[Settings]:
    """The house of `settings` where every user can come in."""
    home = Path(tempfile.mkdtemp(prefix="qabot-house-"))
    home.chmod(0o755)
    shutil.copytree(settings.seeds_folder, home / "seeds")
    yield load_settings(home)
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(home)


@pytest.mark.parametrize("size", [0, 100, 1_000, 5_000, 20_000, 60_000, 100_000])
def test_whenever_the_disk_is_full_the_old_generation_serves_and_nothing_is_left(
    settings: Settings, encoder: Encoder, size: int
) -> None:
    first = build(settings, encoder).generation
    text = " ".join(f"Item {number} is described in words." for number in range(2000))
    (settings.seeds_folder / "long.txt").write_text(text, encoding="utf-8")
    with files_up_to(size), pytest.raises(WriteError, match="cannot be written"):
        build(settings, encoder)
    assert serving(settings) == first
    assert leftovers(settings.generations_folder) == []
    assert [path.name for path in published_generations(settings.generations_folder)] == [first]
    assert build(settings, encoder).articles == 4


def test_what_cannot_be_put_into_service_is_taken_away_again(settings: Settings, encoder: Encoder) -> None:
    """The last step of a publication fails: CURRENT cannot be written, as a folder stands in the way."""
    first = build(settings, encoder).generation
    (settings.seeds_folder / "new.txt").write_text("A museum of clocks opened in Oral.", encoding="utf-8")
    (settings.generations_folder / "CURRENT.new").mkdir()
    with pytest.raises(WriteError, match="cannot be written"):
        build(settings, encoder)
    assert [path.name for path in published_generations(settings.generations_folder)] == [first]
    assert leftovers(settings.generations_folder) == []
    assert serving(settings) == first
    (settings.generations_folder / "CURRENT.new").rmdir()
    assert build(settings, encoder).articles == 4


def test_a_disk_that_is_full_when_an_archive_is_written_or_unpacked_leaves_nothing(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    first = build(settings, encoder).generation
    archive = tmp_path / "index.tar.zst"
    with files_up_to(2_000), pytest.raises(WriteError, match="cannot be written"):
        export_generation(settings, archive, Silent())
    assert [path.name for path in tmp_path.iterdir() if "tar" in path.name or path.name.startswith(".")] == []
    export_generation(settings, archive, Silent())
    with files_up_to(20_000), pytest.raises(WriteError, match="cannot be written"):
        import_generation(settings, encoder, archive, Silent())
    assert serving(settings) == first
    assert leftovers(settings.generations_folder) == []


def test_an_index_that_may_only_be_read_answers_and_says_why_it_cannot_be_written(
    open_house: Settings, encoder: Encoder
) -> None:
    first = build(open_house, encoder).generation
    (open_house.seeds_folder / "new.txt").write_text("A museum of clocks opened in Oral.", encoding="utf-8")
    for path in (open_house.generations_folder, *open_house.generations_folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    open_house.generations_folder.parent.chmod(0o555)
    with without_privileges():
        with open_engine(open_house) as engine:
            assert engine.ask(QUESTION).quotes[0].text == "The dam cost 12 million dollars."
        with pytest.raises(WriteError, match="cannot be written"):
            build(open_house, encoder)
        with pytest.raises(WriteError, match="cannot be written"):
            collect(open_house)
        assert serving(open_house) == first


def test_files_that_may_not_be_read_are_named(open_house: Settings, encoder: Encoder) -> None:
    folder = build(open_house, encoder).folder
    for name in ("articles.sqlite", "manifest.json"):
        (folder / name).chmod(0)
        with without_privileges(), pytest.raises(DamagedIndexError, match=rf"{name} cannot be read: .*[Pp]ermission"):
            open_current(open_house.generations_folder, open_house.cache_folder)
    (open_house.generations_folder / CURRENT).chmod(0)
    with without_privileges(), pytest.raises(DamagedIndexError, match="CURRENT cannot be read"):
        open_current(open_house.generations_folder, open_house.cache_folder)
    for mode in (0o000, 0o111):
        open_house.generations_folder.chmod(mode)
        with without_privileges(), pytest.raises(DamagedIndexError, match="generations cannot be read: Permission"):
            open_current(open_house.generations_folder, open_house.cache_folder)


def test_a_clock_that_was_set_back_does_not_bring_old_generations_back(settings: Settings, encoder: Encoder) -> None:
    """The first generation is made to look as if it were of the year 2099; generations are ordered by number."""
    made = build(settings, encoder).folder
    future = made.with_name("000001-20991231T2359Z")
    made.rename(future)
    write_manifest(future, read_manifest(future).model_copy(update={"generation": future.name}))
    (settings.generations_folder / CURRENT).write_text(future.name + "\n", encoding="utf-8")
    assert serving(settings) == future.name
    for number in range(3):
        (settings.seeds_folder / "n.txt").write_text(f"Number {number} is in the news.", encoding="utf-8")
        done = build(settings, encoder)
        assert done.generation.startswith(f"{number + 2:06d}-2")
        assert serving(settings) == done.generation
    assert future not in published_generations(settings.generations_folder)


def test_of_builds_that_are_started_at_once_one_builds_and_the_others_say_so(settings: Settings) -> None:
    text = "\n\n".join(f"Item {n} of a long list of {n * 7} items is described here at length." for n in range(1500))
    (settings.seeds_folder / "long.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "qabot", "--home", str(settings.home), "index"]
    builds = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=120)[1] for process in builds]
    codes = [process.returncode for process in builds]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    for code, said in zip(codes, told, strict=True):
        assert (code == 2) == ("Another process is building" in said)
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        assert generation.store.counts().articles == 4
    assert leftovers(settings.generations_folder) == []
