"""The core is light: what answering loads, and what installing it brings."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parent.parent
HEAVY = {"torch", "transformers", "scipy", "sentence_transformers", "sklearn", "onnx", "matplotlib"}


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_requires_nothing_heavy() -> None:
    requirements = [Requirement(line) for line in requires("qabot") or []]
    core = {requirement.name.replace("-", "_") for requirement in requirements if not requirement.marker}
    assert "faiss_cpu" in core
    assert not core & HEAVY


def test_an_answer_loads_nothing_heavy_and_opens_no_connection(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    seed = next((CHECKOUT / "seeds").glob("*.txt"))
    (tmp_path / "seeds" / seed.name).write_bytes(seed.read_bytes())
    code = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("a connection was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import qabot
from qabot.encoders.models import load_encoder
from qabot.index.building import build
from qabot.settings import load_settings
settings = load_settings()
build(settings, load_encoder(settings))
with qabot.open() as engine:
    assert engine.ask("What did Kazakhstan propose for Afghanistan?").found
print(*sorted(sys.modules))
"""
    loaded = run(code, QABOT_HOME=str(tmp_path)).split()
    assert "onnxruntime" in loaded
    assert not HEAVY & set(loaded)


def test_importing_qabot_loads_none_of_its_libraries() -> None:
    loaded = set(run("import qabot, sys; print(*sys.modules)").split())
    assert not loaded & {"numpy", "faiss", "onnxruntime", "pydantic", "tantivy", "typer"}


def test_the_wheel_works_from_any_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(CHECKOUT)], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}

    def qabot(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "qabot", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    where = run("import qabot; print(qabot.__file__)", PYTHONPATH=environment["PYTHONPATH"])
    assert where.startswith(str(tmp_path))
    assert qabot("init", "news").returncode == 0
    (tmp_path / "news" / "seeds" / "a.txt").write_text("The lighthouse of Aktau was painted red in May.")
    assert qabot("--home", "news", "index").returncode == 0
    answer = qabot("--home", "news", "ask", "What colour was the lighthouse of Aktau painted?")
    assert "«The lighthouse of Aktau was painted red in May.» [1]" in answer.stdout
    assert answer.returncode == 0
