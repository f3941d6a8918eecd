"""An index of another model than is set: one line that says what it costs, or both ways out; never a wrong answer."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from subprocess import PIPE

import pytest
from cli_house import DAM_QUESTION, Run, start, write_seeds

from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import load_settings


@pytest.fixture
def old(tmp_path: Path, light_encoder: Encoder) -> Path:
    """A home whose index was made by the model that was the default before."""
    write_seeds(tmp_path)
    build(load_settings(tmp_path), light_encoder)
    return tmp_path


def change(made: Encoder, wanted: Encoder) -> str:
    return f"The index in service was made with {made.name}; all 4 passages are embedded again with {wanted.name}.\n"


def refusal(made: Encoder, wanted: Encoder) -> str:
    return (
        f"Error: The index was made by the model {made.name!r}, which differs from {wanted.name!r} as set now. "
        f'Build it again: qabot index, or keep it: set model = "{made.name}" in config/qabot.toml\n'
    )


def test_what_asks_refuses_it_in_one_line_with_both_ways_out(
    run: Run, old: Path, encoder: Encoder, light_encoder: Encoder
) -> None:
    for words in (["ask", DAM_QUESTION], ["ask", "--json", DAM_QUESTION], ["chat"]):
        ran = run(*words, at=old, stdin=DAM_QUESTION)
        assert (ran.code, ran.out, ran.err) == (2, "", refusal(light_encoder, encoder))
    assert refusal(light_encoder, encoder).removeprefix("Error: ").rstrip() in run("status", at=old).out
    assert run("ask", "--model", light_encoder.name, DAM_QUESTION, at=old).code in (0, 1)
    (old / "config").mkdir()
    (old / "config/qabot.toml").write_text(f'model = "{light_encoder.name}"\n')
    assert run("ask", DAM_QUESTION, at=old).code in (0, 1)


def test_a_build_says_that_all_is_embedded_again(run: Run, old: Path, encoder: Encoder, light_encoder: Encoder) -> None:
    ran = run("index", at=old)
    assert ran.code == 0
    assert ran.err.startswith(change(light_encoder, encoder))
    assert "4 passages (0 reused)" in ran.out
    assert run("index", at=old).err == ""
    assert run("ask", DAM_QUESTION, at=old).code == 0


def test_a_build_with_a_flag_says_what_asking_needs_then(
    run: Run, home: Path, old: Path, encoder: Encoder, light_encoder: Encoder
) -> None:
    assert run("index", at=old).code == 0
    ran = run("index", "--model", light_encoder.name, at=old)
    first, *_, last = ran.err.splitlines(keepends=True)
    assert first == change(encoder, light_encoder)
    name = light_encoder.name
    assert last == f'Ask it with --model {name}, or for good with model = "{name}" in config/qabot.toml\n'
    assert run("ask", DAM_QUESTION, at=old).err == refusal(light_encoder, encoder)
    assert run("index", "--model", encoder.name, at=old).err.count("Ask it with") == 0


@pytest.mark.parametrize("command", ["index", "ask"])
def test_a_model_that_is_named_as_the_encoder_gets_the_right_flag(run: Run, old: Path, command: str) -> None:
    ran = run(command, "--encoder", "e5-small-kk-ru-en", *([DAM_QUESTION] if command == "ask" else []), at=old)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "should be 'onnx' or 'sentence-transformers'" in ran.err
    assert ran.err.endswith(
        "A model is named by --model or the setting 'model': qabot index --model e5-small-kk-ru-en\n"
    )


def test_watching_says_it_and_builds(old: Path, encoder: Encoder, light_encoder: Encoder) -> None:
    current = old / "embeddings/generations/CURRENT"
    before = current.read_text()
    with start("--home", str(old), "watch", stdout=PIPE, stderr=PIPE) as process:
        deadline = time.monotonic() + 60
        while current.read_text() == before:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert change(light_encoder, encoder) in said.decode()
