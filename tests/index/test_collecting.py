"""Collecting: what goes, what stays because it serves, is new, or is read; also by other processes."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qabot.encoders.encoder import Encoder
from qabot.errors import BuildInProgressError, DamagedIndexError, NoIndexError
from qabot.index.building import build
from qabot.index.collecting import collect
from qabot.index.generation import open_current, open_generation
from qabot.index.lease import Lease, sole
from qabot.index.publishing import CURRENT, alone, published_generations
from qabot.settings import Settings


@pytest.fixture
def ids(settings: Settings, encoder: Encoder) -> list[str]:
    """Five generations, all kept."""
    ids = []
    for number in range(5):
        (settings.seeds_folder / "n.txt").write_text(f"Number {number} is in the news.", encoding="utf-8")
        ids.append(build(settings.model_copy(update={"keep_generations": 9}), encoder).generation)
    return ids


def there(settings: Settings) -> list[str]:
    return [path.name for path in published_generations(settings.generations_folder)]


def test_the_newest_stay_and_the_others_go(settings: Settings, ids: list[str]) -> None:
    done = collect(settings)
    assert list(done.removed) == ids[:2]
    assert done.held == ()
    assert done.freed > 50_000
    assert there(settings) == ids[2:]
    assert collect(settings).removed == ()
    assert list(collect(settings, keep=1).removed) == ids[2:4]


def test_what_a_reader_has_open_stays_until_it_is_closed(settings: Settings, ids: list[str]) -> None:
    with closing(open_generation(settings.generations_folder / ids[1], settings.cache_folder)) as generation:
        assert collect(settings, keep=1).held == (ids[1],)
        assert there(settings) == [ids[1], ids[4]]
        assert generation.store.counts().articles == 4
    assert collect(settings, keep=1).removed == (ids[1],)


HOLD = """
import sys
from pathlib import Path
from qabot.index.generation import open_generation
generation = open_generation(Path(sys.argv[1]), Path(sys.argv[2]))
print("open", flush=True)
sys.stdin.read()
"""


def test_what_another_process_has_open_stays_until_it_ends_however_it_ends(settings: Settings, ids: list[str]) -> None:
    folder = settings.generations_folder / ids[0]
    command = [sys.executable, "-c", HOLD, str(folder), str(settings.cache_folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "open\n"
        assert collect(settings, keep=1).held == (ids[0],)
        reader.kill()
        reader.wait()
    assert collect(settings, keep=1).removed == (ids[0],)


def test_builds_leave_what_is_read_and_remove_it_later(settings: Settings, encoder: Encoder, ids: list[str]) -> None:
    one = settings.model_copy(update={"keep_generations": 1})
    with closing(open_generation(settings.generations_folder / ids[2], settings.cache_folder)):
        (settings.seeds_folder / "n.txt").write_text("Another number is in the news.", encoding="utf-8")
        sixth = build(one, encoder).generation
        assert there(settings) == [ids[2], sixth]
    (settings.seeds_folder / "n.txt").write_text("Yet another number is in the news.", encoding="utf-8")
    assert there(settings) != [build(one, encoder).generation]
    assert len(there(settings)) == 1


def test_the_generation_that_serves_stays_even_if_newer_ones_are_kept(settings: Settings, ids: list[str]) -> None:
    (settings.generations_folder / CURRENT).write_text(ids[0] + "\n", encoding="utf-8")
    collect(settings, keep=2)
    assert there(settings) == [ids[0], *ids[3:]]


def test_the_last_good_generation_stays_where_the_newest_is_damaged(settings: Settings, ids: list[str]) -> None:
    for name in ids[3:]:
        (settings.generations_folder / name / "vectors.faiss").write_bytes(b"")
    collect(settings, keep=1)
    assert there(settings) == [ids[2], ids[4]]
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        assert generation.id == ids[2]


def test_where_nothing_is_whole_nothing_is_removed(settings: Settings, ids: list[str]) -> None:
    for name in ids:
        (settings.generations_folder / name / "vectors.faiss").write_bytes(b"")
    with pytest.raises(DamagedIndexError):
        collect(settings, keep=1)
    assert there(settings) == ids


def test_without_an_index_or_while_another_builds_nothing_is_done(settings: Settings, encoder: Encoder) -> None:
    with pytest.raises(NoIndexError):
        collect(settings)
    build(settings, encoder)
    with alone(settings.generations_folder), pytest.raises(BuildInProgressError):
        collect(settings)


def test_leftovers_of_killed_builds_go(settings: Settings, ids: list[str]) -> None:
    left = settings.generations_folder / ".building-000006-20260101T0000Z"
    (left / "terms").mkdir(parents=True)
    (left / "terms" / "x").write_text("half")
    assert collect(settings).leftovers == 1
    assert not left.exists()


def test_a_lease_on_a_folder_that_goes_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "generation"
    folder.mkdir()
    with sole(folder) as unread:
        assert unread
        with pytest.raises(DamagedIndexError, match="is not there"):
            Lease(folder)
    lease = Lease(folder)
    with sole(folder) as unread:
        assert not unread
    lease.close()
    folder.rmdir()
    with pytest.raises(DamagedIndexError, match="is not there"):
        Lease(folder)


def test_leases_leave_no_descriptor_open(settings: Settings, encoder: Encoder) -> None:
    folder = build(settings, encoder).folder
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        open_generation(folder, settings.cache_folder).close()
    (folder / "articles.sqlite").write_bytes(b"")
    for _ in range(20):
        with pytest.raises(DamagedIndexError):
            open_generation(folder, settings.cache_folder)
    assert len(os.listdir("/proc/self/fd")) <= before + 2  # noqa: PTH208
