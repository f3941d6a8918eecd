"""Diagnosis: what `qabot doctor` looks at, from the settings to the last passage."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from qabot import __version__
from qabot.channels.cli.words import count, size
from qabot.encoders.encoder import Encoder
from qabot.encoders.models import load_encoder
from qabot.errors import DamagedIndexError, EncoderError, NoIndexError, QabotError, StaleIndexError
from qabot.index.checking import Finding, check_generation
from qabot.index.generation import Generation, check_recipe, open_current, open_generation
from qabot.index.progress import Progress
from qabot.index.publishing import (
    current_generation,
    generations_before,
    is_being_built,
    leftovers,
    published_generations,
)
from qabot.index.recipe import recipe_of
from qabot.reader.card import GOLDEN_DIFFERENCE
from qabot.reader.loading import load_readers
from qabot.reader.onnx import Reader
from qabot.settings import CONFIG, Settings

_LEAST_FREE = 200_000_000
"""Bytes that should be free where generations are written, beside the room for a copy of the one in service."""


def diagnose(settings: Settings, progress: Progress) -> list[Finding]:
    """A finding for everything that is looked at; changes nothing."""
    findings = [*_surroundings(settings)]
    encoder: Encoder | None = None
    try:
        encoder = load_encoder(settings)
        findings.append(Finding("model", f"{encoder.name}, its files are those of its card"))
    except EncoderError as error:
        findings.append(_problem("model", error))
    findings += _readers(settings)
    findings += _index(settings, encoder, progress)
    findings += _older(settings)
    return findings


def _readers(settings: Settings) -> Iterator[Finding]:
    try:
        readers = load_readers(settings)
        if readers is None:
            yield Finding("reader", "none is set: sentences are chosen by vectors and terms")
        else:
            yield from map(_scores, readers.load())
    except EncoderError as error:
        yield _problem("reader", error)


def _scores(reader: Reader) -> Finding:
    off = reader.golden_difference()
    if off > GOLDEN_DIFFERENCE:
        mend = 'Install another release of onnxruntime, or set reader = "none"'
        return Finding("reader", f"{reader.name} gives scores {off:.1f} off those of its card", True, mend)
    return Finding("reader", f"{reader.name}, its files and scores are those of its card")


def _surroundings(settings: Settings) -> Iterator[Finding]:
    yield from _versions()
    config = settings.home / CONFIG
    yield Finding("settings", str(config) if config.is_file() else f"there is no {config}: defaults are used")
    seeds = settings.seeds_folder
    if seeds.is_dir() and os.access(seeds, os.R_OK | os.X_OK):
        yield Finding("seeds", str(seeds))
    else:
        yield Finding("seeds", f"{seeds} is no folder that can be read", True, "Make it, or give access to it")
    for name, folder in (("generations", settings.generations_folder), ("state", settings.state_folder)):
        yield _writable(name, folder)
    yield _room(settings)


def _versions() -> Iterator[Finding]:
    yield Finding(
        "qabot", f"{__version__}, Python {platform.python_version()}, {platform.system()} {os.uname().machine}"
    )
    missing = []
    found = []
    for requirement in requires("qabot") or []:
        if ";" in requirement:  # of an extra
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding("packages", f"missing: {', '.join(missing)}", True, "Install qabot again")
    else:
        yield Finding("packages", ", ".join(found))


def _writable(name: str, folder: Path) -> Finding:
    """Whether a folder can be written, or made where it is missing."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return Finding(name, str(folder) if existing == folder else f"{folder} is made when it is needed")
    return Finding(name, f"{existing} cannot be written", True, "Give access to it")


def _room(settings: Settings) -> Finding:
    folder = settings.generations_folder
    existing = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(existing).free
    try:
        largest = _bytes(current_generation(folder))
    except (NoIndexError, DamagedIndexError):
        largest = 0
    if free < largest + _LEAST_FREE:
        text = f"{size(free)} free, too little for the next generation"
        return Finding("disk", text, True, "Make room, for instance: qabot gc")
    return Finding("disk", f"{size(free)} free")


def _index(settings: Settings, encoder: Encoder | None, progress: Progress) -> Iterator[Finding]:
    generations = settings.generations_folder
    progress.stage("Checking files", None)
    try:
        current = current_generation(generations)
    except NoIndexError as error:
        yield _problem("index", error)
        return
    except DamagedIndexError as error:
        yield _problem("CURRENT", error)
    else:
        yield Finding("CURRENT", current.name)
    try:
        generation = open_current(generations, cache=None)
    except QabotError as error:
        yield _problem("files", error)
        return
    with closing(generation):
        if generation.notice:
            yield Finding("files", generation.notice, True)
        else:
            files = generation.manifest.files.values()
            total = size(sum(entry.size for entry in files))
            yield Finding("files", f"{count(len(files), 'file')}, {total}, as the manifest has them")
        if encoder:
            yield from _content(settings, generation, encoder, progress)


def _content(settings: Settings, generation: Generation, encoder: Encoder, progress: Progress) -> Iterator[Finding]:
    try:
        check_recipe(generation, recipe_of(settings, encoder))
    except StaleIndexError as error:
        yield _problem("recipe", error)
        return
    yield Finding("recipe", "model, passages and terms are made as the settings say")
    try:
        yield from check_generation(generation, encoder, progress)
    except DamagedIndexError as error:
        yield _problem("content", error)


def _older(settings: Settings) -> Iterator[Finding]:
    """Of the other generations, and what killed builds left."""
    generations = settings.generations_folder
    published = published_generations(generations)
    try:
        current = current_generation(generations)
        older = generations_before(generations, current)
    except QabotError:
        current, older = None, published
    for folder in published:
        if folder == current:
            continue
        try:
            open_generation(folder, cache=None).close()
        except StaleIndexError:
            yield Finding("older", f"{folder.name} is of another schema")
        except DamagedIndexError as error:
            yield Finding("older", error.cause, True, "Builds remove it in time; at once: qabot gc --keep 1")
        else:
            unnamed = "" if folder in older else ", newer than CURRENT: it was not put into service, or was taken back"
            yield Finding("older", f"{folder.name} is whole{unnamed}")
    left = leftovers(generations)
    if left and is_being_built(generations):
        yield Finding("builds", "one is running")
    elif left:
        text = f"{count(len(left), 'killed build')} left {size(sum(map(_bytes, left)))}"
        yield Finding("builds", text, True, "Remove it: qabot gc")
    else:
        yield Finding("builds", "none is running, and killed ones have left nothing")


def _problem(name: str, error: QabotError) -> Finding:
    return Finding(name, error.cause, problem=True, mend=error.mend)


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))
