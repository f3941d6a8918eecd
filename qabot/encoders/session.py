"""Running a model file with onnxruntime: checked, loaded for one thread a run, and run by several threads at once."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import onnxruntime as ort

from qabot.encoders.card_file import MEND, MODEL
from qabot.encoders.tokenizer import Tokenizer, load_tokenizer, tokenizer_file
from qabot.errors import DamagedModelError

Part = TypeVar("Part")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_model(folder: Path, model_sha256: str, tokenizer_sha256: str) -> tuple[Tokenizer, ort.InferenceSession]:
    """The tokenizer and the model of a folder, both as its card describes them.

    Raises:
        DamagedModelError: a file is missing, has another SHA-256, or cannot be loaded.
    """
    _check_hash(folder / MODEL, model_sha256)
    _check_hash(tokenizer_file(folder), tokenizer_sha256)
    loaded = load_tokenizer(tokenizer_file(folder)), load_session(folder / MODEL)
    _give_memory_back()
    return loaded


def _give_memory_back() -> None:
    """Hands what the loading of a model has freed back to the system, where the C library is glibc.

    What parsing a model leaves free glibc would keep for the process: 23 MB of an answering one with encoder and
    reader, 15 MB of them for good. It takes 2 ms a model.
    """
    if sys.platform == "linux":
        # Other C libraries have no such function.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _check_hash(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise DamagedModelError(f"{path} is missing", MEND) from error
    except OSError as error:
        raise DamagedModelError(f"{path} cannot be read: {error.strerror}", MEND) from error
    if found != expected:
        raise DamagedModelError(f"{path} is not the file that its card describes (sha256 {found[:12]}...)", MEND)


def load_session(path: Path) -> ort.InferenceSession:
    """The model in the file `path`, to be run by one thread a run.

    Raises:
        DamagedModelError: onnxruntime cannot load it.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Level "all" only adds layout changes for convolutions, which no text model has.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    ort.disable_telemetry_events()
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no base of their own
        raise DamagedModelError(f"{path} cannot be loaded: {error}", MEND) from error


def in_threads(threads: int, work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """The results of `work` for each of `parts`, in their order, by at most `threads` threads."""
    if threads == 1 or len(parts) <= 1:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(min(threads, len(parts)), "qabot-encoder") as pool:
        yield from pool.map(work, parts)
