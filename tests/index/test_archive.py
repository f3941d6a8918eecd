"""Archives: what is packed comes back the same, equal indexes give equal files, hostile ones are refused."""

from __future__ import annotations

import hashlib
import io
import json
import random
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, QabotError, StaleIndexError, WriteError
from qabot.index.archive import export_generation, import_generation
from qabot.index.building import build
from qabot.index.generation import open_current
from qabot.index.manifest import MANIFEST, Manifest, signed
from qabot.index.progress import Silent
from qabot.index.publishing import leftovers, published_generations
from qabot.settings import Settings, load_settings

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def archive(settings: Settings, encoder: Encoder) -> Path:
    build(settings, encoder)
    path = settings.home / "index.tar.zst"
    export_generation(settings, path, Silent())
    return path


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Another machine: no seeds, no index."""
    (tmp_path / "elsewhere").mkdir()
    return load_settings(tmp_path / "elsewhere")


def unpacked(archive: Path) -> Members:
    data = zstandard.ZstdDecompressor().decompressobj().decompress(archive.read_bytes())
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def packed(path: Path, members: Members, after: bytes = b"") -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for member, data in members:
            tar.addfile(member, io.BytesIO(data))
    path.write_bytes(zstandard.ZstdCompressor().compress(raw.getvalue()) + after)
    return path


def plain(name: str, data: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    return member, data


def with_manifest(members: Members, **changes: object) -> Members:
    """The members with a manifest that is changed and signed anew."""
    manifest = Manifest.model_validate_json(members[0][1]).model_copy(update=changes)
    return [plain(MANIFEST, signed(manifest).encode()), *members[1:]]


def assert_refused(settings: Settings, encoder: Encoder, path: Path, match: str = ".") -> None:
    with pytest.raises(QabotError, match=match) as error:
        import_generation(settings, encoder, path, Silent())
    assert len(str(error.value)) < 1000
    assert published_generations(settings.generations_folder) == []
    assert leftovers(settings.generations_folder) == []


def test_what_is_packed_on_one_machine_is_served_on_another(
    archive: Path, settings: Settings, elsewhere: Settings, encoder: Encoder
) -> None:
    done = import_generation(elsewhere, encoder, archive, Silent())
    with (
        closing(open_current(settings.generations_folder, settings.cache_folder)) as here,
        closing(open_current(elsewhere.generations_folder, elsewhere.cache_folder)) as there,
    ):
        assert there.id == done.generation
        assert there.manifest.files == here.manifest.files
        assert there.store.record_hashes() == here.store.record_hashes()
    assert done.sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert done.model == encoder.name == "e5-small-kk-ru-en"
    again = import_generation(elsewhere, encoder, archive, Silent())
    assert again.generation > done.generation


def test_the_same_generation_gives_the_same_archive(archive: Path, settings: Settings) -> None:
    second = archive.with_name("second.tar.zst")
    export_generation(settings, second, Silent())
    assert second.read_bytes() == archive.read_bytes()
    with pytest.raises(WriteError, match="exists"):
        export_generation(settings, second, Silent())
    export_generation(settings, second, Silent(), force=True)
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def test_an_archive_is_a_plain_tar_that_other_programs_read(archive: Path) -> None:
    members = unpacked(archive)
    assert members[0][0].name == MANIFEST
    manifest = json.loads(members[0][1])
    assert {member.name for member, _ in members[1:]} == set(manifest["files"])
    assert {(member.mtime, member.uid, member.uname, member.mode) for member, _ in members} == {(0, 0, "", 0o644)}


def test_an_archive_that_cannot_be_written_leaves_nothing(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    with pytest.raises(WriteError, match="cannot be written"):
        export_generation(settings, settings.home / "no" / "folder.tar.zst", Silent())
    with pytest.raises(WriteError, match="cannot be written"):
        export_generation(settings, settings.seeds_folder, Silent(), force=True)


def test_a_file_that_has_changed_since_it_was_opened_is_not_packed(settings: Settings, encoder: Encoder) -> None:
    folder = build(settings, encoder).folder

    class Spoiling(Silent):
        def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002
            path = folder / "articles.sqlite"
            path.write_bytes(path.read_bytes()[:-1] + b"?")

    with pytest.raises(DamagedIndexError, match=r"articles\.sqlite has changed"):
        export_generation(settings, settings.home / "index.tar.zst", Spoiling())
    assert not (settings.home / "index.tar.zst").exists()


def test_every_flipped_bit_and_every_cut_is_refused(archive: Path, elsewhere: Settings, encoder: Encoder) -> None:
    whole = archive.read_bytes()
    chance = random.Random(3)
    damaged = archive.with_name("damaged.tar.zst")
    for number in range(60):
        at = chance.randrange(len(whole))
        if number % 3:
            damaged.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        else:
            damaged.write_bytes(whole[:at])
        assert_refused(elsewhere, encoder, damaged, "damaged.tar.zst")


def test_bits_that_zstandard_ignores_and_cuts_of_the_last_bytes_are_refused(
    archive: Path, elsewhere: Settings, encoder: Encoder
) -> None:
    whole = archive.read_bytes()
    flipped = [(at, bit) for at in (4, 5, 18, len(whole) - 41, len(whole) - 40, len(whole) - 1) for bit in range(8)]
    damaged = [whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :] for at, bit in flipped]
    damaged += [whole[:-cut] for cut in (1, 39, 40, 41, 44, 45)]
    path = archive.with_name("damaged.tar.zst")
    for content in [*damaged, whole + b"\0", whole + whole[-40:]]:
        path.write_bytes(content)
        assert_refused(elsewhere, encoder, path, "damaged.tar.zst")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x28\xb5\x2f\xfd", bytes(4096)])
def test_what_is_no_archive_is_refused(tmp_path: Path, elsewhere: Settings, encoder: Encoder, content: bytes) -> None:
    path = tmp_path / "no archive.tar.zst"
    path.write_bytes(content)
    assert_refused(elsewhere, encoder, path, "no archive.tar.zst")
    assert_refused(elsewhere, encoder, tmp_path / "missing", "cannot be read")
    assert_refused(elsewhere, encoder, tmp_path, "cannot be read")


def link(kind: bytes, name: str, target: str = "/etc/passwd") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


@pytest.mark.parametrize(
    "hostile",
    [
        plain("../outside"),
        plain("/outside"),
        plain("terms/../../outside"),
        plain("not in the manifest"),
        link(tarfile.SYMTYPE, "articles.sqlite"),
        link(tarfile.LNKTYPE, "articles.sqlite"),
        link(tarfile.CHRTYPE, "articles.sqlite"),
        link(tarfile.FIFOTYPE, "articles.sqlite"),
        link(tarfile.DIRTYPE, "articles.sqlite"),
        plain("x" * 300),
    ],
    ids=lambda hostile: f"{hostile[0].type!r} {hostile[0].name[:30]}",
)
def test_hostile_members_are_refused_wherever_they_stand(
    archive: Path, elsewhere: Settings, encoder: Encoder, hostile: tuple[tarfile.TarInfo, bytes]
) -> None:
    members = unpacked(archive)
    for at in (0, 1, len(members)):
        path = packed(archive.with_name("hostile.tar.zst"), [*members[:at], hostile, *members[at:]])
        assert_refused(elsewhere, encoder, path, "no whole archive")
    assert not (elsewhere.home / "outside").exists()


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/b", "terms/a/b", "terms", "manifest.json", "terms/..", "./x", "x\0y", "", "\n"]
)
def test_a_manifest_that_names_files_elsewhere_is_refused(
    archive: Path, elsewhere: Settings, encoder: Encoder, name: str
) -> None:
    members = unpacked(archive)
    files = Manifest.model_validate_json(members[0][1]).files
    changed = with_manifest(members, files={name: next(iter(files.values())), **files})
    assert_refused(elsewhere, encoder, packed(archive.with_name("h.tar.zst"), changed))


def test_more_than_the_manifest_says_is_refused_before_it_is_unpacked(
    archive: Path, elsewhere: Settings, encoder: Encoder
) -> None:
    members = unpacked(archive)
    longer = [members[0], plain(members[1][0].name, members[1][1] + bytes(1_000_000)), *members[2:]]
    assert_refused(elsewhere, encoder, packed(archive.with_name("l.tar.zst"), longer), "its manifest says")
    packed(archive.with_name("z.tar.zst"), members, zstandard.ZstdCompressor().compress(bytes(1 << 27)))
    assert_refused(elsewhere, encoder, archive.with_name("z.tar.zst"), "more in it")
    packed(archive.with_name("t.tar.zst"), members, b"trailing")
    assert_refused(elsewhere, encoder, archive.with_name("t.tar.zst"))


def test_a_bomb_that_declares_its_size_finds_no_room(archive: Path, elsewhere: Settings, encoder: Encoder) -> None:
    members = unpacked(archive)
    files = Manifest.model_validate_json(members[0][1]).files
    huge = {name: entry.model_copy(update={"size": 1 << 60}) for name, entry in files.items()}
    path = packed(archive.with_name("bomb.tar.zst"), with_manifest(members, files=huge))
    assert_refused(elsewhere, encoder, path, "no room")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda manifest: {"articles": manifest.articles + 1}, "articles"),
        (lambda manifest: {"passages": manifest.passages - 1}, "articles"),
        (lambda manifest: {"files": dict(list(manifest.files.items())[1:])}, "manifest"),
    ],
)
def test_a_manifest_that_lies_is_refused(
    archive: Path,
    elsewhere: Settings,
    encoder: Encoder,
    change: Callable[[Manifest], dict[str, object]],
    match: str,
) -> None:
    members = unpacked(archive)
    manifest = Manifest.model_validate_json(members[0][1])
    path = packed(archive.with_name("liar.tar.zst"), with_manifest(members, **change(manifest)))
    assert_refused(elsewhere, encoder, path, match)


def test_another_schema_and_another_model_are_named(archive: Path, elsewhere: Settings, encoder: Encoder) -> None:
    members = unpacked(archive)
    path = archive.with_name("other.tar.zst")
    packed(path, with_manifest(members, schema_version=99))
    assert_refused(elsewhere, encoder, path, "schema 99")
    recipe = Manifest.model_validate_json(members[0][1]).recipe
    packed(path, with_manifest(members, recipe=recipe.model_copy(update={"model": "e5", "fingerprint": "f"})))
    with pytest.raises(StaleIndexError, match="It needs the model 'e5'"):
        import_generation(elsewhere, encoder, path, Silent())
    assert_refused(elsewhere.model_copy(update={"passage_tokens": 64}), encoder, archive, "passage_tokens = 256")


def test_a_sha256_that_was_told_is_compared(archive: Path, elsewhere: Settings, encoder: Encoder) -> None:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    with pytest.raises(DamagedIndexError, match=digest):
        import_generation(elsewhere, encoder, archive, Silent(), sha256="0" * 64)
    assert import_generation(elsewhere, encoder, archive, Silent(), sha256=digest.upper()).sha256 == digest
