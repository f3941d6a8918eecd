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
from weakref import WeakValueDictionary

import onnxruntime as ort

from qabot.encoders.card_file import MEND, MODEL
from qabot.encoders.tokenizer import Tokenizer, load_tokenizer, tokenizer_file
from qabot.errors import DamagedModelError

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of glibc's mallopt, as malloc.h numbers them."""

_BLOCK = 128 * 1024
"""Bytes: the limit that glibc begins with."""

_tokenizers: WeakValueDictionary[str, Tokenizer] = WeakValueDictionary()
"""Those in use, by the SHA-256 of their files: an encoder and a reader may have the same one."""

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
    check_files(folder, model_sha256, tokenizer_sha256)
    tokenizer = _tokenizers.get(tokenizer_sha256) or load_tokenizer(tokenizer_file(folder))
    _tokenizers[tokenizer_sha256] = tokenizer
    session = load_session(folder / MODEL)
    _give_memory_back()
    return tokenizer, session


def check_files(folder: Path, model_sha256: str, tokenizer_sha256: str) -> None:
    """Looks whether model and tokenizer of a folder are those that its card describes, without loading them.

    Raises:
        DamagedModelError: one is missing, or has another SHA-256.
    """
    _check_hash(folder / MODEL, model_sha256)
    _check_hash(tokenizer_file(folder), tokenizer_sha256)


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


def give_blocks_back() -> None:
    """Has glibc hand every block of 128 kB or more back to the system when it is freed.

    By itself it raises that limit to the size of the blocks it sees, and then keeps what a long passage took: 150 MB of
    an answering process with both readers.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:
            set_option(_MMAP_THRESHOLD, _BLOCK)
            set_option(_TRIM_THRESHOLD, _BLOCK)


def shrinking() -> ort.RunOptions:
    """Options of a run that leaves nothing of its memory in the session: a long text would keep it for good."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


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
