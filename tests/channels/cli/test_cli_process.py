"""The command as a process: how fast it helps, and how it ends when the other side goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from cli_house import DAM_QUESTION, Run, run_process, start

HEAVY = "faiss onnxruntime tokenizers sentencepiece tantivy numpy pydantic_settings rich torch".split()
COMMANDS = (
    "init index add feeds watch ask chat show status verify doctor compact gc export import"
    " eval calibrate telegram model"
).split()


def imported_by(*words: str) -> set[str]:
    """The modules that are loaded when the command has ended."""
    script = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['qabot', *{words}]\n"
        "from qabot.channels.cli.app import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["ask", "--help"], ["model", "prepare", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    imported = imported_by(*words)
    assert not imported.intersection(HEAVY)
    # typer itself reads a command's options by pydantic; the list of commands is there before.
    assert len(words) > 1 or "pydantic" not in imported


def test_help_lists_the_commands_in_the_order_of_need() -> None:
    lines = run_process("--help").out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines] == COMMANDS


@pytest.mark.parametrize("command", [*COMMANDS[:-1], "model list", "model prepare"])
def test_the_help_of_every_command_has_an_example(run: Run, command: str) -> None:
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert f"  qabot {command}" in ran.out.partition("Example")[2]


@pytest.mark.parametrize("words", [["status"], ["ask", DAM_QUESTION], ["ask", "--json", DAM_QUESTION], ["show", "dam"]])
def test_a_closed_pipe_leaves_no_traceback(home: Path, words: list[str]) -> None:
    with start("--home", str(home), *words, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_behind_standard_output_is_one_line(home: Path) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        start("--home", str(home), "status", stdout=full, stderr=PIPE) as process,
    ):
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err.count(b"\n")) == (2, 1)
    assert b"No space left on device" in err


def test_an_unexpected_error_is_one_line_and_a_traceback_with_debug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("qabot.answering.engine.open_engine", fail)
    ran = run("ask", DAM_QUESTION)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: unexpected RuntimeError: two lines. Run it again with --debug to see where\n"
    ran = run("ask", "--debug", DAM_QUESTION)
    assert (ran.code, "Traceback" in ran.err) == (2, True)


def test_a_word_that_is_no_command_ends_with_2() -> None:
    ran = run_process("aks", "Why?")
    assert (ran.code, ran.out) == (2, "")
    assert "No such command 'aks'" in ran.err


def test_what_is_written_to_a_file_is_plain(home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    for words in (["status"], ["ask", "--explain", DAM_QUESTION], ["show", "dam:65-109"], ["model", "list"]):
        assert "\x1b" not in run_process("--home", str(home), *words, env=environment | {"TERM": "xterm"}).out
