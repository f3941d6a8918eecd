"""The manifest of a generation: what it was made by, what it holds, and the checksum of every file."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from qabot.errors import DamagedIndexError, StaleIndexError

SCHEMA = 2
"""Version of the layout on disk, and of what makes articles one story. Another one is not read but built again."""

MANIFEST = "manifest.json"


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


class Manifest(_Frozen):
    """A generation in figures. `newest` is the latest date of an article; `files` has paths relative to the folder."""

    schema_version: int
    generation: str
    created: str
    version: str
    recipe: Recipe
    articles: int
    passages: int
    vectors: int
    newest: str | None
    files: dict[str, FileEntry]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes `manifest` into the folder of its generation."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`.

    Raises:
        DamagedIndexError: there is none, or it is not as it was written.
        StaleIndexError: another version of qabot wrote it.
    """
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
        version = _Version.model_validate_json(text).schema_version
        if version != SCHEMA:
            raise StaleIndexError(
                f"{folder.name} has schema {version} but this qabot reads schema {SCHEMA}",
                "Build it again: qabot index",
            )
        return Manifest.model_validate_json(text)
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(f"{path} cannot be read: {error}", "Build it again: qabot index") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        cause = f"{path} is damaged: {where}: {first['msg']}"
        raise DamagedIndexError(cause, "Build it again: qabot index") from error


class _Version(BaseModel):
    schema_version: int
