"""Fuzzing the reader of manifests: whatever a manifest says, only errors of ours come out, each on one line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, QabotError, StaleIndexError
from qabot.index.building import build
from qabot.index.generation import open_generation
from qabot.index.manifest import MANIFEST, SCHEMA, Manifest, read_manifest
from qabot.settings import load_settings

BLANK = "0" * 64
json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
paths = some.text(max_size=12) | some.sampled_from(
    ["..", "/etc/passwd", "terms/../..", "x\0y", ".", "", "a" * 300, "articles.sqlite", "terms", "\ud800"]
)
entry = some.fixed_dictionaries({"size": some.integers(), "sha256": some.text(max_size=64)})
quick = hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    home = tmp_path_factory.mktemp("fuzzed")
    (home / "seeds").mkdir()
    (home / "seeds" / "a.txt").write_text("The dam cost 12 million dollars.", encoding="utf-8")
    return build(load_settings(home), encoder).folder


@pytest.fixture
def good(folder: Path) -> Any:
    path = folder / MANIFEST
    whole = path.read_bytes()
    yield json.loads(whole)
    path.write_bytes(whole)


def signed(values: Any) -> bytes:
    """JSON with a right digest, as somebody writes it who wants to be believed."""
    blank = json.dumps(values | {"digest": BLANK})
    digest = hashlib.sha256(blank.encode()).hexdigest()
    return digest.join(blank.rsplit(BLANK, 1)).encode()


def assert_tame(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    said = ""
    try:
        open_generation(folder, folder.parent / "cache").close()
    except QabotError as error:
        said = str(error)
    assert not said or said.isprintable()
    assert len(said) < 2000


@quick
@given(content=some.binary(max_size=300))
def test_any_bytes(folder: Path, good: Any, content: bytes) -> None:
    assert_tame(folder, content)


@quick
@given(values=json_values)
def test_any_json(folder: Path, good: Any, values: Any) -> None:
    assert_tame(folder, json.dumps(values).encode("utf-8", "surrogatepass"))


@quick
@given(key=some.sampled_from(sorted(Manifest.model_fields)), value=json_values)
def test_any_value_in_any_field_of_a_signed_manifest(folder: Path, good: Any, key: str, value: Any) -> None:
    assert_tame(folder, signed(good | {key: value}))


@quick
@given(files=some.dictionaries(paths, entry, max_size=3))
def test_any_files_in_a_signed_manifest(folder: Path, good: Any, files: Any) -> None:
    assert_tame(folder, signed(good | {"files": files | good["files"]}))


@quick
@given(at=some.integers(0, 5000), bit=some.integers(0, 7))
def test_any_flipped_bit_is_damage_and_never_another_schema(folder: Path, good: Any, at: int, bit: int) -> None:
    whole = bytearray((folder / MANIFEST).read_bytes())
    whole[at % len(whole)] ^= 1 << bit
    (folder / MANIFEST).write_bytes(whole)
    try:
        with pytest.raises(DamagedIndexError, match=MANIFEST):
            read_manifest(folder)
    finally:
        whole[at % len(whole)] ^= 1 << bit
        (folder / MANIFEST).write_bytes(whole)


def test_deep_nesting_and_huge_numbers_are_refused(folder: Path, good: Any) -> None:
    for content in (b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b'{"schema_version": ' + b"9" * 5000 + b"}"):
        (folder / MANIFEST).write_bytes(content)
        with pytest.raises(QabotError):
            read_manifest(folder)


def test_an_older_schema_without_a_digest_is_stale_and_the_present_one_damaged(folder: Path, good: Any) -> None:
    del good["digest"]
    (folder / MANIFEST).write_text(json.dumps(good | {"schema_version": 2}))
    with pytest.raises(StaleIndexError, match="schema 2"):
        read_manifest(folder)
    (folder / MANIFEST).write_text(json.dumps(good | {"schema_version": SCHEMA}))
    with pytest.raises(DamagedIndexError, match="no digest"):
        read_manifest(folder)
    (folder / MANIFEST).write_bytes(signed(good | {"schema_version": 99}))
    with pytest.raises(StaleIndexError, match="schema 99"):
        read_manifest(folder)
