"""A process that encodes opens no socket, imports nothing heavy, and says nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARIES = {"all-minilm-l6-v2": "tokenizers", "e5-small-kk-ru-en": "sentencepiece"}
"""What cuts texts for each model that ships."""

PROGRAM = """
import json, socket, sys

def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")

class Refused(socket.socket):
    __init__ = refuse

socket.socket = Refused
socket.create_connection = refuse
socket.getaddrinfo = refuse

from pathlib import Path
from qabot.encoders.models import load_encoder
from qabot.settings import load_settings

before = sorted(sys.modules)
encoder = load_encoder(load_settings(Path(sys.argv[1])))
encoder.encode_questions(["Who opened the dam?"])
encoder.encode_passages(["The dam was opened on Monday."] * 20)
encoder.count_tokens(["The dam"])
print(json.dumps([before, sorted(sys.modules)]))
"""
FORKING = """
import os, sys
from pathlib import Path
from qabot.encoders.models import load_encoder
from qabot.settings import load_settings

encoder = load_encoder(load_settings(Path(sys.argv[1]), threads=1))
encoder.count_tokens(["The dam"] * 1000)
child = os.fork()
counted = encoder.count_tokens(["The dam"] * 1000)
if child:
    sys.exit(os.waitpid(child, 0)[1])
os._exit(0 if counted == [2] * 1000 else 1)
"""


def run(program: str, folder: Path, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | variables,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("model", LIBRARIES)
def test_encoding_opens_no_socket_and_imports_one_tokenizer_and_no_torch(tmp_path: Path, model: str) -> None:
    before, after = json.loads(run(PROGRAM, tmp_path, QABOT_MODEL=model))
    for module in ("onnxruntime", LIBRARIES[model]):
        assert module not in before
        assert module in after
    (other,) = {*LIBRARIES.values()} - {LIBRARIES[model]}
    heavy = ("torch", "transformers", "sentence_transformers", "scipy", "huggingface_hub", "onnx", "httpx")
    for module in (*heavy, "google.protobuf", other):
        assert module not in after


def test_encoding_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    run(PROGRAM, tmp_path, HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("model", LIBRARIES)
def test_a_forked_process_goes_on_encoding_in_silence(tmp_path: Path, model: str) -> None:
    run(FORKING, tmp_path, QABOT_MODEL=model)
