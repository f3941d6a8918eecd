"""The manifest of a generation: what it was made by, what it holds, and the checksum of every file."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from qabot.errors import DamagedIndexError, StaleIndexError

SCHEMA = 3
"""Version of the layout on disk, and of what makes articles one story. Another one is not read but built again."""

MANIFEST = "manifest.json"

_BLANK = "0" * 64


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileEntry(_Frozen):
    """A file of the generation."""

    size: int
    sha256: str


class Recipe(_Frozen):
    """What, besides the articles, decides the content: two generations with equal recipes can share vectors."""

    model: str
    fingerprint: str
    dimensions: int
    passage_tokens: int
    splitting: int
    analysis: int


class Clusters(_Frozen):
    """How vectors are clustered: so many lists, of which `probed` are searched for a question.

    `recall` is the share of the ten nearest passages that such a search found for `questions` sentences of the
    articles. `trained_on`: number of vectors when the clusters were made. `imbalance`: 1 if all lists are of one size.
    """

    lists: int
    probed: int
    recall: float
    questions: int
    trained_on: int
    imbalance: float


class Manifest(_Frozen):
    """A generation in figures. `newest` is the latest date of an article; `files` has paths relative to the folder.

    `reading` is a digest of what, besides the seeds, decides what is read of them. `added` and `removed` count the
    passages since all was written anew. `clusters` is None if all vectors are compared with a question.
    `digest` covers all the rest; `write_manifest` sets it.
    """

    schema_version: int
    generation: str
    created: str
    version: str
    recipe: Recipe
    articles: int
    passages: int
    vectors: int
    newest: str | None
    reading: str
    added: int
    removed: int
    clusters: Clusters | None
    files: dict[str, FileEntry]
    digest: str = ""

    @field_validator("files")
    @classmethod
    def _inside(cls, files: dict[str, FileEntry]) -> dict[str, FileEntry]:
        for name in files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or path.as_posix() != name or not name.isprintable():
                raise ValueError(f"{name!r} is no path inside a generation")
        return files


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes `manifest` into the folder of its generation, with its digest."""
    (folder / MANIFEST).write_text(signed(manifest), encoding="utf-8")


def signed(manifest: Manifest) -> str:
    """The manifest as JSON with its digest: the SHA-256 of this text with zeros in the digest's place."""
    blank = manifest.model_copy(update={"digest": _BLANK}).model_dump_json(indent=1) + "\n"
    # The last occurrence is the digest's own: it is the last field.
    return _digest(blank).join(blank.rsplit(_BLANK, 1))


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`.

    Raises:
        DamagedIndexError: there is none, or it is not as it was written.
        StaleIndexError: another version of qabot wrote it.
    """
    path = folder / MANIFEST
    try:
        return parse_manifest(path.read_bytes().decode("utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(f"{path} cannot be read: {error}", "Build it again: qabot index") from error


def parse_manifest(text: str, path: Path) -> Manifest:
    """The manifest in `text`, which stands at `path`; raises as `read_manifest` does.

    Every schema since 3 has the digest as its last field, so damage is told from another schema.
    """
    try:
        outline = _Outline.model_validate_json(text)
        if outline.digest is not None and _digest(_BLANK.join(text.rsplit(outline.digest, 1))) != outline.digest:
            raise DamagedIndexError(f"{path} is damaged: its digest differs", "Build it again: qabot index")
        if outline.schema_version != SCHEMA:
            raise StaleIndexError(
                f"{path.parent.name} has schema {outline.schema_version} but this qabot reads schema {SCHEMA}",
                "Build it again: qabot index",
            )
        if outline.digest is None:
            raise DamagedIndexError(f"{path} is damaged: it has no digest", "Build it again: qabot index")
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        cause = f"{path} is damaged: {where}: {first['msg']}"
        raise DamagedIndexError(cause, "Build it again: qabot index") from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Outline(BaseModel):
    """What every schema has."""

    schema_version: int
    digest: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
