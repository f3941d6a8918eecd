"""`qabot chat`: through a pipe, and by a person at a terminal."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from subprocess import PIPE

from cli_house import DAM_QUESTION, DAM_SENTENCE, Run, at_terminal, start

ANSWER = f"«{DAM_SENTENCE}» [1]"


def test_each_line_of_a_pipe_is_a_question_or_a_command(run: Run) -> None:
    lines = [DAM_QUESTION, "", "/sources", "/open 1", "/help", "/quit", "Who won the chess tournament?"]
    ran = run("chat", stdin="\n".join(lines))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count(ANSWER) == 1
    assert ran.out.count("https://example.org/dam") == 3
    assert f"> >>>{DAM_SENTENCE}<<<" in ran.out
    assert "/open 1" in ran.out
    assert "Carlsen won" not in ran.out


def test_an_error_is_one_line_and_the_chat_goes_on(run: Run) -> None:
    lines = ["/sources", "/open 1", "/open", "/away", "?", "why " * 900, DAM_QUESTION, "/open 9", "/open [1]"]
    ran = run("chat", stdin="\n".join(lines))
    assert ran.code == 0
    assert [line.split(". ")[0] for line in ran.err.splitlines()] == [
        "Error: There is no answer yet",
        "Error: There is no source 1 in the last answer",
        "Error: Which source? Name its number",
        "Error: There is no command '/away'",
        "Error: The question is empty",
        "Error: The question has 3599 characters; at most 2000 are read",
        "Error: There is no source 9 in the last answer",
    ]
    assert ANSWER in ran.out
    assert "Almaty opens a dam\n" in ran.out


def test_what_came_nearest_can_be_opened_too(run: Run) -> None:
    ran = run("chat", stdin="Who invented the telephone in Boston?\n/sources\n/open 1\n")
    assert ran.code == 0
    assert ran.out.count("Nearest:") == 2
    assert ran.out.startswith("Not in my 4 articles")


def test_ctrl_c_ends_a_chat_through_a_pipe_with_130(home: Path) -> None:
    with start("--home", str(home), "chat", stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(DAM_QUESTION.encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline().decode() == ANSWER + "\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"Interrupted\n")


def test_a_person_can_edit_complete_drop_and_recall_lines(home: Path, tmp_path: Path) -> None:
    words = ("--home", str(home), "chat")
    with at_terminal(*words, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("4 articles, the newest of 4 July 2023. Ask, or type /help.")
        terminal.wait_for("qabot> ")
        terminal.type("dropped")
        terminal.wait_for("dropped")
        # Python's readline overlooks an interrupt that comes before it waits for a key again; no person is as fast.
        time.sleep(0.3)
        terminal.type("\x03")
        terminal.wait_for("qabot> ", times=2)
        terminal.type(DAM_QUESTION + "\n")
        terminal.wait_for("qabot> ", times=3)
        terminal.type("/so\t\n")
        terminal.wait_for("Sources:")
        terminal.wait_for("qabot> ", times=4)
        terminal.type("\x04")
        assert terminal.end() == 0
    assert ANSWER in terminal.text
    assert "dropped" not in (tmp_path / "qabot/history").read_text()
    with at_terminal(*words, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("qabot> ")
        terminal.type("\x1b[A\x1b[A\n")
        terminal.wait_for(ANSWER)
        terminal.wait_for("qabot> ", times=2)
        terminal.type("/quit\n")
        assert terminal.end() == 0
