"""Builds in a child process of low priority, so that a process that answers stays quick and cannot be hurt by them.

The child gets its settings and nothing else: QABOT_* variables, a token among them, stay here. It tells what it does
in lines of JSON. It ends with its parent, however that one ends: then its standard input is closed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from pydantic import TypeAdapter

import qabot
from qabot import errors
from qabot.errors import BuildCancelledError, GenerationError, QabotError
from qabot.index.building import Build, build
from qabot.index.progress import Progress, Silent
from qabot.settings import ENV_PREFIX, SECRETS, Settings, load_settings

_NICENESS = 10
_KILLED_FIRST = 500
"""Of 1,000: which process the kernel ends where memory runs out. The parent has 0."""

_LOOK_SECONDS = 0.2
"""Between two looks whether the build was cancelled."""

_END_SECONDS = 5
"""For the child to end after its build is done."""

_TELL_SECONDS = 0.1
"""Between two reports of progress."""

_READ_BYTES = 65_536
_START = (
    "import sys; package = sys.argv[1]\n"
    "if package not in sys.path: sys.path.insert(0, package)\n"
    "from qabot.index.background import child; child()"
)
_BUILD = TypeAdapter(Build)


def build_in_background(
    settings: Settings,
    progress: Progress | None = None,
    *,
    cancelled: threading.Event | None = None,
    full: bool = False,
    strict: bool = False,
) -> Build:
    """Builds as `build` does, in a child process, and waits for it. May be called from any thread.

    Args:
        settings: of the build.
        progress: hears how far it is, in this thread.
        cancelled: kills the child when it is set; the index in service stays as it is.
        full: as `build` has it.
        strict: as `build` has it.

    Raises:
        QabotError: what the build raised.
        BuildCancelledError: it was cancelled, or the child was killed.
        GenerationError: the child failed in a way that was not foreseen.
    """
    values = settings.model_dump(mode="json", exclude=SECRETS | {"home"})
    order = {"home": str(settings.home.resolve()), "settings": values, "full": full, "strict": strict}
    package = str(Path(qabot.__file__).resolve().parent.parent)
    # -P: the working folder, which may hold anything, is no place for modules.
    command = [sys.executable, "-P", "-c", _START, package]
    process = subprocess.Popen(  # noqa: S603
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)},
        start_new_session=True,
    )
    with process:
        try:
            return _heard(process, order, progress or Silent(), cancelled or threading.Event())
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def child() -> None:
    """The child process: builds what standard input orders, and tells of it on standard output."""
    os.nice(_NICENESS)
    with suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text(str(_KILLED_FIRST), encoding="ascii")
    with os.fdopen(os.dup(0), "rb", buffering=0) as orders:
        order = json.loads(orders.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    teller = _Teller()
    try:
        from qabot.encoders.models import load_encoder  # noqa: PLC0415 - only the child encodes

        settings = load_settings(Path(order["home"]), **order["settings"])
        done = build(settings, load_encoder(settings), full=order["full"], strict=order["strict"], progress=teller)
    except QabotError as error:
        teller.tell(error=type(error).__name__, cause=error.cause, mend=error.mend)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        traceback.print_exc()
        teller.tell(error="", cause=f"{type(error).__name__}: {error}", mend="See where: qabot --debug index")
    else:
        teller.tell(done=_BUILD.dump_python(done, mode="json"))


def _heard(
    process: subprocess.Popen[bytes], order: dict[str, Any], progress: Progress, cancelled: threading.Event
) -> Build:
    with suppress(BrokenPipeError):  # it may be dead already
        cast(IO[bytes], process.stdin).write(json.dumps(order).encode() + b"\n")
    for event in _events(cast(IO[bytes], process.stdout).fileno(), cancelled):
        match event:
            case {"stage": str(name), "total": total}:
                progress.stage(name, total)
            case {"advance": int(steps)}:
                progress.advance(steps)
            case {"done": values}:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_END_SECONDS)
                return _BUILD.validate_python(values)
            case {"error": str(name), "cause": str(cause), "mend": str(mend)}:
                raise _error(name, cause, mend)
    code = process.wait()
    how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended early with code {code}"
    cause = f"The process that built the index {how}; the index in service is as it was"
    raise BuildCancelledError(cause, "If memory ran out, lower max_memory_mb or threads; then: qabot index")


def _events(output: int, cancelled: threading.Event) -> Iterator[dict[str, Any]]:
    """What the child tells, until it ends.

    Raises:
        BuildCancelledError: the build was cancelled.
    """
    ready = select.poll()
    ready.register(output, select.POLLIN)
    begun = b""
    while True:
        if cancelled.is_set():
            raise BuildCancelledError(
                "The build was cancelled; the index in service is as it was", "Build it: qabot index"
            )
        if not ready.poll(_LOOK_SECONDS * 1000):
            continue
        data = os.read(output, _READ_BYTES)
        if not data:
            return
        *lines, begun = (begun + data).split(b"\n")
        yield from map(json.loads, lines)


def _error(name: str, cause: str, mend: str) -> QabotError:
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, QabotError):
        return kind(cause, mend)
    return GenerationError(f"The build failed: {cause}", mend)


def _end_with_parent() -> None:
    """Ends this process and its children when the parent closes the pipe, which the kernel does for a dead one."""
    while os.read(0, _READ_BYTES):
        pass
    os.killpg(0, signal.SIGKILL)


class _Teller:
    """Progress, told in lines of JSON on what was standard output; what libraries print there goes to stderr."""

    def __init__(self) -> None:
        self._output = os.dup(1)
        os.dup2(2, 1)
        self._steps = 0
        self._told = 0.0

    def stage(self, name: str, total: int | None) -> None:
        self._flush()
        self.tell(stage=name, total=total)

    def advance(self, steps: int) -> None:
        self._steps += steps
        if time.monotonic() - self._told >= _TELL_SECONDS:
            self._flush()

    def tell(self, **event: object) -> None:
        self._told = time.monotonic()
        line = json.dumps(event).encode() + b"\n"
        while line:
            line = line[os.write(self._output, line) :]

    def _flush(self) -> None:
        if self._steps:
            steps, self._steps = self._steps, 0
            self.tell(advance=steps)
