"""`qabot ask`: what it prints, what it ends with, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, HOSTILE_QUESTION, HOSTILE_SENTENCE, Run, at_terminal, run_process

from qabot import __version__


def test_an_answer_is_its_quotes_then_the_numbered_sources(run: Run) -> None:
    ran = run("ask", "--top", "1", DAM_QUESTION)
    assert (ran.code, ran.err) == (0, "")
    quote, blank, source, url, command = ran.out.splitlines()
    assert (quote, blank) == (f"«{DAM_SENTENCE}» [1]", "")
    assert source == "[1] Kazinform, 4 July 2023, paragraph 2 · “Almaty opens a dam”"
    assert url.strip() == "https://example.org/dam"
    assert command.startswith("    qabot show dam:65-109@")


def test_a_question_may_be_several_words_or_come_through_standard_input(run: Run) -> None:
    asked = run("ask", DAM_QUESTION).out
    assert run("ask", *DAM_QUESTION.split()).out == asked
    assert run("ask", "-", stdin=DAM_QUESTION + "\n").out == asked
    assert run("ask", stdin=DAM_QUESTION).out == asked


def test_what_is_not_in_the_articles_is_said_and_ends_with_1(run: Run) -> None:
    ran = run("ask", "Who invented the telephone in Boston?")
    assert ran.code == 1
    first, *rest = ran.out.splitlines()
    assert first == "Not in my 4 articles (newest: 4 July 2023)."
    assert rest[:2] == ["", "Nearest:"]
    assert 1 <= sum(line.startswith("[") for line in rest) <= 3


def test_a_refusal_says_that_it_looked_at_some_articles_only(run: Run) -> None:
    ran = run("ask", "--source", "herald", "--until", "2023", "Who invented the telephone?")
    assert ran.code == 1
    assert ran.out.startswith("Not in my 4 articles (newest: 4 July 2023), as far as --source and --until let me look.")


def test_filters_and_threshold_reach_the_engine(run: Run) -> None:
    elsewhere = run("ask", "--json", "--threshold", "0", "--source", "herald", DAM_QUESTION).json
    assert {quote["article"] for quote in elsewhere["quotes"]} == {"chess"}
    later = run("ask", "--json", "--threshold", "0", "--since", "2023-07", "Who won the chess tournament?").json
    assert {quote["article"] for quote in later["quotes"]} == {"dam"}
    assert run("ask", "--threshold", "1", DAM_QUESTION).code == 1
    ran = run("ask", "--since", "2024", DAM_QUESTION)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: No article is left by the given outlet and days. See what there is: qabot status\n"


def test_json_is_the_answer_and_nothing_else(run: Run) -> None:
    ran = run("ask", "--json", HOSTILE_QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["quotes"][0]["text"] == HOSTILE_SENTENCE
    assert "candidates" not in ran.json
    assert "candidates" in run("ask", "--json", "--explain", HOSTILE_QUESTION).json
    assert run("ask", "--json", "Who invented the telephone?").json["verdict"] == "not found"


def test_an_uncertain_answer_is_called_possible(run: Run) -> None:
    confidence = run("ask", "--json", DAM_QUESTION).json["confidence"]
    assert ("Possibly" in run("ask", DAM_QUESTION).out) == (confidence < 0.6)
    uncertain = run("ask", "--threshold", "0", "Who invented the telephone in Boston?")
    assert uncertain.out.startswith("Possibly (confidence 0.")


def test_explain_shows_scores_confidence_and_timings(run: Run) -> None:
    lines = run("ask", "--explain", DAM_QUESTION).out.splitlines()
    assert any(line.startswith("Confidence 0.") and line.endswith("the threshold 0.25.") for line in lines)
    assert any(line.startswith("Milliseconds: understand ") for line in lines)
    header = next(at for at, line in enumerate(lines) if line.lstrip().startswith("dense"))
    assert lines[header].split() == ["dense", "lexical", "fused", "article", "passage"]
    assert lines[header + 1].split()[3:5] == ["dam", "Almaty,"]


def test_hostile_text_is_shown_as_it_stands_but_cannot_command_the_terminal(run: Run) -> None:
    ran = run("ask", "--explain", HOSTILE_QUESTION)
    assert ran.code == 0
    assert not {"\x1b", "\u202e", "\u202c"} & set(ran.out)
    assert (
        r"«The zebra census counted \x1b[31m512 zebras\x1b[0m [bold red]last year[/bold red] [2] :smile:"
        r" \u202eby night\u202c.» [1]" in ran.out.splitlines()
    )
    assert "[bold]counted[/bold] :smile:”" in ran.out
    assert "    qabot show -- '-zebra 1:0-" in ran.out


@pytest.mark.parametrize("question", ["", " ", "?!", "-" * 3000], ids=["empty", "blank", "marks", "dashes"])
def test_a_question_without_words_is_refused(run: Run, question: str) -> None:
    ran = run("ask", "--", question)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: The question is empty. ")


def test_a_question_of_10_kilobytes_is_refused(run: Run) -> None:
    ran = run("ask", stdin="why " * 2500)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: The question has 9999 characters; at most 2000 are read. ")


def test_bytes_that_are_no_text_are_asked_about_as_well_as_can_be(run: Run) -> None:
    assert run("ask", stdin=b"\xff\xfe What did the dam near Almaty cost?").code in (0, 1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "4 July"], "'4 July' is no day; write 2023-07-04, 2023-07 or 2023"),
        (["--until", "2023-02-30"], "'2023-02-30' is no day"),
        (["--top", "0"], "'--top'"),
        (["--threshold", "2"], "'--threshold'"),
        (["--sauce", "x"], "--sauce"),
    ],
)
def test_a_wrong_option_ends_with_2_and_is_named(run: Run, words: list[str], message: str) -> None:
    ran = run("ask", *words, DAM_QUESTION)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_days_that_are_reversed_are_refused(run: Run) -> None:
    ran = run("ask", "--since", "2023", "--until", "2022", DAM_QUESTION)
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_without_an_index_the_error_says_how_to_build_one(run: Run, tmp_path: Path) -> None:
    ran = run("ask", DAM_QUESTION, at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("Error: There is no index in ")
    assert ran.err.endswith("Build it: qabot index\n")


def test_a_home_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    ran = run("ask", DAM_QUESTION, at=tmp_path / "nowhere")
    assert (ran.code, ran.err) == (
        2,
        f"Error: There is no folder {tmp_path / 'nowhere'}. Make it: qabot init {tmp_path / 'nowhere'}\n",
    )


def test_unknown_and_mistyped_settings_are_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/qabot.toml").write_text("treshold = 0.2\n")
    ran = run("ask", DAM_QUESTION, at=tmp_path)
    assert (ran.code, ran.err) == (
        2,
        "Error: Unknown setting 'treshold' in config/qabot.toml. Did you mean 'threshold'?\n",
    )
    monkeypatch.setenv("QABOT_QUOTES", "many")
    ran = run("ask", DAM_QUESTION)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "'quotes' is 'many'" in ran.err


def test_home_and_debug_may_stand_after_the_command_too(home: Path, tmp_path: Path) -> None:
    assert run_process("ask", DAM_QUESTION, "--home", str(home), cwd=tmp_path).code == 0
    ran = run_process("ask", DAM_QUESTION, "--debug", cwd=tmp_path)
    assert ran.code == 2
    assert "Traceback" in ran.err
    assert ran.err.splitlines()[-1].startswith("Error: There is no index in ")


def test_json_is_utf_8_whatever_the_locale(home: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin", "PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "error"}
    ran = run_process("--home", str(home), "ask", "--json", HOSTILE_QUESTION, env=environment, cwd=tmp_path)
    assert json.loads(ran.out)["quotes"][0]["text"] == HOSTILE_SENTENCE
    ran = run_process("--home", str(home), "ask", DAM_QUESTION, env=environment, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert rf"\xab{DAM_SENTENCE}\xbb [1]" in ran.out


def test_the_version_is_one_line(run: Run) -> None:
    assert run("--version").out == f"qabot {__version__}\n"


def test_at_a_terminal_a_missing_question_is_asked_for(home: Path) -> None:
    with at_terminal("--home", str(home), "ask") as terminal:
        assert terminal.end() == 2
    assert "Missing question. For example: qabot ask" in terminal.text


def test_at_a_terminal_a_quote_stays_one_line_and_a_table_is_cut_at_the_edge(home: Path) -> None:
    with at_terminal("--home", str(home), "ask", "--explain", HOSTILE_QUESTION) as terminal:
        assert terminal.end() == 0
    lines = terminal.text.splitlines()
    assert any(line.startswith("«The zebra census") and line.endswith("» [1]") and len(line) > 80 for line in lines)
    table = lines[next(at for at, line in enumerate(lines) if line.lstrip().startswith("dense")) :]
    assert len(table) == 5
    assert max(map(len, table)) == 80
    assert not {"\u202e", "\u202c"} & set(terminal.raw)
    assert "\x1b[31m512" not in terminal.raw
