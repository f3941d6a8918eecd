"""One generation in one file, to build on one machine and serve on another: a tar archive, compressed by zstandard.

The manifest comes first. It has the size and SHA-256 of every file after it, and a digest of its own, so a reader knows
before each file what must come. The same generation gives the same archive, byte for byte. The SHA-256 of all of it
comes last, in a frame that zstandard skips: there are bits that zstandard does not look at.

Tar headers are read and written one block at a time: a plain file with a short name is all that an archive may hold, so
nothing of what makes tar dangerous (links, devices, long headers, paths) is ever interpreted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

import zstandard

from qabot.encoders.encoder import Encoder
from qabot.errors import DamagedIndexError, StaleIndexError, WriteError
from qabot.index.checking import check_generation
from qabot.index.generation import TERMS, compare_recipes, open_current, open_generation
from qabot.index.manifest import MANIFEST, FileEntry, Manifest, Recipe, parse_manifest, signed, write_manifest
from qabot.index.progress import Progress
from qabot.index.publishing import building, generation_id, publish
from qabot.index.recipe import recipe_of
from qabot.settings import CONFIG, Settings

_LEVEL = 3
_WORKERS = 1
"""Threads of zstandard beside this one; the bytes are the same for any number but 0."""

_CHUNK = 1 << 20
_MOST_MANIFEST = 1 << 22
_MOST_WINDOW = 1 << 27
"""Bytes that decompressing may keep in memory."""

_MOST_PADDING = 1 << 16
"""Bytes after the last file; tar programs fill their last block of 10,240."""

_SEAL = struct.pack("<II", 0x184D2A5E, hashlib.sha256().digest_size)
"""How a frame begins that zstandard skips, with room for the digest (RFC 8878, 3.1.2)."""

_EXPORT_AGAIN = "Export it again: qabot export"


@dataclass(frozen=True, slots=True)
class Archived:
    """What was packed or unpacked. `sha256` is that of the archive, `notice` as `Generation` has it."""

    generation: str
    articles: int
    passages: int
    model: str
    size: int
    sha256: str
    notice: str | None = None


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def export_generation(settings: Settings, path: Path, progress: Progress, *, force: bool = False) -> Archived:
    """Packs the generation in service into `path`, which is there whole or not at all.

    Raises:
        NoIndexError, DamagedIndexError, StaleIndexError: as `open_current`.
        WriteError: `path` exists and `force` is not set, or cannot be written.
    """
    if path.exists() and not force:
        raise WriteError(f"{path} exists", "Give another name, or --force to replace it")
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        manifest = generation.manifest
        try:
            with _written_whole(path) as raw:
                output = _Hashed(raw)
                packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True, threads=_WORKERS)
                with packer.stream_writer(output, closefd=False) as stream:  # type: ignore[arg-type]
                    _pack(generation.folder, manifest, stream, progress)
                output.write(_SEAL + bytes.fromhex(output.digest()))
        except OSError as error:
            raise WriteError(f"{path} cannot be written: {error.strerror}", "Make room or give access") from error
    return _archived(manifest, path, output.digest(), generation.notice)


def import_generation(
    settings: Settings, encoder: Encoder, path: Path, progress: Progress, *, sha256: str | None = None
) -> Archived:
    """Unpacks the archive `path` into a new generation and puts it into service, once all of it has been checked.

    Args:
        settings: where generations are.
        encoder: the one that questions will be encoded by; the archive must have been made by the same.
        path: what `export_generation` wrote, or anything else.
        progress: hears how far it is.
        sha256: what the archive's own SHA-256 has to be, in hex, if given.

    Raises:
        DamagedIndexError: `path` is no archive of ours, or not as it was written.
        StaleIndexError: another version of qabot, another model or other settings made it.
        BuildInProgressError: another process builds.
        WriteError: the generation cannot be written.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise DamagedIndexError(
            f"{path} cannot be read: {error.strerror}", "Name an archive of qabot export"
        ) from error
    with raw:
        source = _Hashed(raw)
        try:
            with building(settings.generations_folder) as folder:
                manifest = _unpack(path, source, folder, recipe_of(settings, encoder), progress)
                if sha256 and source.digest() != sha256.lower():
                    raise DamagedIndexError(f"{path} has the SHA-256 {source.digest()}", "Fetch it again")
                manifest = manifest.model_copy(update={"generation": generation_id(folder)})
                write_manifest(folder, manifest)
                with closing(open_generation(folder, settings.cache_folder)) as generation:
                    for finding in check_generation(generation, encoder, progress):
                        if finding.problem:
                            raise _no_archive(path, f"{finding.name}: {finding.text}")
                if not source.sealed:
                    raise _no_archive(path, "its own checksum differs")
                progress.stage("Publishing", None)
                publish(folder, settings.keep_generations)
        except OSError as error:
            cause = f"The index cannot be written in {settings.generations_folder}: {error.strerror}"
            raise WriteError(cause, "Make room or give access; then: qabot import") from error
    return _archived(manifest, path, source.digest(), None)


def _archived(manifest: Manifest, path: Path, sha256: str, notice: str | None) -> Archived:
    return Archived(
        manifest.generation,
        manifest.articles,
        manifest.passages,
        manifest.recipe.model,
        path.stat().st_size,
        sha256,
        notice,
    )


def _pack(folder: Path, manifest: Manifest, stream: zstandard.ZstdCompressionWriter, progress: Progress) -> None:
    text = signed(manifest).encode()
    stream.write(_header(MANIFEST, len(text)) + text + _padding(len(text)))
    total = sum(entry.size // _CHUNK for entry in manifest.files.values())
    progress.stage("Packing megabytes", total)
    for name, entry in sorted(manifest.files.items()):
        path = folder / name
        stream.write(_header(name, entry.size))
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                size += len(data)
                digest.update(data)
                stream.write(data)
                progress.advance(len(data) // _CHUNK)
        if (size, digest.hexdigest()) != (entry.size, entry.sha256):
            raise DamagedIndexError(f"{path} has changed while it was read", "Build it again: qabot index")
        stream.write(_padding(size))
    stream.write(bytes(2 * tarfile.BLOCKSIZE))


def _unpack(path: Path, source: _Hashed, folder: Path, recipe: Recipe, progress: Progress) -> Manifest:
    """Writes the files of the archive into `folder`; gives its manifest.

    Raises:
        DamagedIndexError, StaleIndexError: see `import_generation`.
        OSError: a file cannot be written.
    """
    unpacker = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW)
    stream = unpacker.stream_reader(source, read_size=_CHUNK, read_across_frames=True, closefd=False)  # type: ignore[arg-type]
    try:
        manifest = _read_manifest(path, stream)
        _check_recipe(path, manifest.recipe, recipe)
        total = sum(entry.size for entry in manifest.files.values())
        if total > shutil.disk_usage(folder).free:
            raise WriteError(f"{path} unpacks to {total:,} bytes, for which there is no room", "Make room")
        progress.stage("Unpacking megabytes", sum(entry.size // _CHUNK for entry in manifest.files.values()))
        for name, entry in sorted(manifest.files.items()):
            _read_header(path, stream, name, entry.size)
            _copy(path, stream, folder / name, entry, progress)
        # To the end, where zstandard compares its own checksum; after the last file there are only a few zeros.
        rest = stream.read(_MOST_PADDING)
        if rest.strip(b"\0") or stream.read(1):
            raise _no_archive(path, "there is more in it than its manifest says")
    except zstandard.ZstdError as error:
        raise _no_archive(path, str(error)) from error
    return manifest


def _read_manifest(path: Path, stream: _Readable) -> Manifest:
    header = _next_header(path, stream)
    if header.name != MANIFEST or header.size > _MOST_MANIFEST:
        raise _no_archive(path, "it does not begin with a manifest")
    data = _exactly(path, stream, header.size)
    _exactly(path, stream, len(_padding(header.size)))
    try:
        manifest = parse_manifest(data.decode("utf-8"), path / MANIFEST)
    except UnicodeDecodeError as error:
        raise _no_archive(path, "its manifest is no text") from error
    except DamagedIndexError as error:
        raise DamagedIndexError(error.cause, _EXPORT_AGAIN) from error
    except StaleIndexError as error:
        raise StaleIndexError(error.cause, "Export it by the version of qabot that is here") from error
    for name, entry in manifest.files.items():
        parts = PurePosixPath(name).parts
        alone = len(parts) == 1 and name not in (MANIFEST, TERMS)
        if not (alone or (len(parts) == 2 and parts[0] == TERMS)) or entry.size < 0:
            raise _no_archive(path, f"its manifest names {name!r}")
    return manifest


def _check_recipe(path: Path, made: Recipe, wanted: Recipe) -> None:
    try:
        compare_recipes(made, wanted)
    except StaleIndexError as error:
        mend = f"It needs the model {made.model!r} with passage_tokens = {made.passage_tokens}: set them in {CONFIG}"
        raise StaleIndexError(f"{path} does not fit. {error.cause}", mend) from error


def _read_header(path: Path, stream: _Readable, name: str, size: int) -> None:
    header = _next_header(path, stream)
    if header.name != name:
        raise _no_archive(path, f"it has {header.name[:100]!r} where its manifest says {name!r}")
    if header.size != size:
        raise _no_archive(path, f"{name} in it has {header.size:,} bytes; its manifest says {size:,}")


def _next_header(path: Path, stream: _Readable) -> tarfile.TarInfo:
    try:
        header = tarfile.TarInfo.frombuf(_exactly(path, stream, tarfile.BLOCKSIZE), "utf-8", "strict")
    except (tarfile.TarError, UnicodeDecodeError) as error:
        raise _no_archive(path, f"it is no tar archive ({error})") from error
    if header.type != tarfile.REGTYPE or header.size < 0:
        raise _no_archive(path, f"{header.name[:100]!r} in it is no plain file")
    return header


def _copy(path: Path, stream: _Readable, target: Path, entry: FileEntry, progress: Progress) -> None:
    target.parent.mkdir(exist_ok=True)
    digest, left = hashlib.sha256(), entry.size
    with target.open("xb") as file:
        while left:
            data = _exactly(path, stream, min(left, _CHUNK))
            left -= len(data)
            digest.update(data)
            file.write(data)
            progress.advance(len(data) // _CHUNK)
    if digest.hexdigest() != entry.sha256:
        raise _no_archive(path, f"the checksum of {target.name} in it differs")
    _exactly(path, stream, len(_padding(entry.size)))


def _exactly(path: Path, stream: _Readable, size: int) -> bytes:
    parts = []
    while size:
        data = stream.read(size)
        if not data:
            raise _no_archive(path, "it is cut")
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _no_archive(path: Path, why: str) -> DamagedIndexError:
    return DamagedIndexError(f"{path} is no whole archive of an index: {why}", _EXPORT_AGAIN)


def _header(name: str, size: int) -> bytes:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o644
    return header.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


@contextmanager
def _written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends, and is removed if it fails."""
    aside = path.with_name(f".qabot-export-{os.getpid()}")
    try:
        with aside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


class _Hashed:
    """A file whose bytes are hashed as they pass."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._last = b""
        """Bytes that may be the seal, and are not hashed yet."""

    def read(self, size: int = -1, /) -> bytes:
        return self._hashed(self._file.read(size))

    def write(self, data: bytes, /) -> int:
        return self._file.write(self._hashed(data))

    def digest(self) -> str:
        """Of all bytes that passed, in hex."""
        whole = self._sha256.copy()
        whole.update(self._last)
        return whole.hexdigest()

    @property
    def sealed(self) -> bool:
        """Whether the last bytes are the digest of those before."""
        return self._last == _SEAL + self._sha256.digest()

    def _hashed(self, data: bytes) -> bytes:
        waiting = self._last + data
        cut = max(len(waiting) - len(_SEAL) - self._sha256.digest_size, 0)
        self._sha256.update(waiting[:cut])
        self._last = waiting[cut:]
        return data
