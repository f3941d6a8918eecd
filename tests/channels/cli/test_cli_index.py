"""`qabot index` and `qabot init`: what they make, report and leave alone."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path
from subprocess import PIPE

import pytest
from cli_house import ARTICLES, Run, at_terminal, run_process, start, write_seeds

from qabot.bundled import bundled

GENERATION = r"generation 00000\d-\d{8}T\d{4}Z"


def test_a_build_ends_with_one_line_of_figures(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path)
    ran = run("index", at=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(rf"4 articles, 4 passages \(0 reused\) in \d\.\d s, \d+ kB: {GENERATION}\n", ran.out)
    again = run("index", at=tmp_path)
    assert re.fullmatch(rf"Nothing has changed: 4 articles, 4 passages, \d+ kB: {GENERATION}\n", again.out)
    full = run("index", "--full", at=tmp_path)
    assert full.out.startswith("4 articles, 4 passages (0 reused) in ")


def test_one_is_singular(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path, ARTICLES[3:])
    assert run("index", at=tmp_path).out.startswith("1 article, 1 passage (0 reused) in ")


def test_flags_name_folders_from_where_they_are_typed(tmp_path: Path) -> None:
    write_seeds(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ran = run_process("--home", ".", "index", "--seeds", "../seeds", "--embeddings", "built", cwd=elsewhere)
    assert (ran.code, ran.err) == (0, "")
    assert run_process("status", "--embeddings", "built", cwd=elsewhere).code == 0
    assert run_process("status", "--embeddings", "elsewhere/built", cwd=tmp_path).code == 0


def test_what_is_skipped_is_listed_with_its_reason(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path, [*ARTICLES, ARTICLES[1]])
    (tmp_path / "seeds/photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "seeds/empty.txt").write_bytes(b"")
    (tmp_path / "seeds/broken.jsonl").write_text('{"text": \n')
    ran = run("index", at=tmp_path)
    assert ran.code == 0
    assert ", 3 skipped, " in ran.out
    lost, harmless = ran.err.split("Left out without loss (1):\n")
    assert lost.startswith("Skipped (3):\n")
    assert re.search(r"^  photo\.png: .+$", lost, re.MULTILINE)
    assert re.search(r"^  empty\.txt: .+$", lost, re.MULTILINE)
    assert re.search(r"^  broken\.jsonl:1: .+$", lost, re.MULTILINE)
    assert harmless == "  articles.jsonl:5: same as articles.jsonl:2\n"


def test_strict_makes_an_error_of_what_is_skipped(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path)
    (tmp_path / "seeds/photo.png").write_bytes(b"\x89PNG")
    ran = run("index", "--strict", at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "photo.png" in ran.err


def test_a_long_list_is_a_table_by_reason_and_can_be_had_whole(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path)
    for number in range(3000):
        (tmp_path / f"seeds/{number}.xyz").write_bytes(b"\x89")
    (tmp_path / "seeds/empty.txt").write_bytes(b"")
    ran = run("index", at=tmp_path)
    lines = ran.err.splitlines()
    assert lines[0] == "Skipped (3,001):"
    assert len(lines) == 5
    assert re.fullmatch(r" +3,000  \S.+  0\.xyz, 1\.xyz, 10\.xyz", lines[2])
    assert lines[3].endswith("  empty.txt")
    assert lines[4] == "To list each one: qabot index --verbose"
    whole = run("index", "--verbose", at=tmp_path)
    assert whole.err.count(".xyz: ") == 3000


def test_reasons_that_differ_in_names_and_numbers_are_one(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path)
    records = "".join(f'{{"id": "{n % 40}", "text": "Text {n} of a record."}}\n' for n in range(80))
    (tmp_path / "seeds/more.jsonl").write_text(records)
    ran = run("index", at=tmp_path)
    assert "Skipped (40):" in ran.err
    assert "has the id … of …, but another text" in ran.err


def test_progress_is_drawn_at_a_terminal_and_gone_at_the_end(tmp_path: Path) -> None:
    write_seeds(tmp_path)
    with at_terminal("--home", str(tmp_path), "index") as terminal:
        assert terminal.end() == 0
    assert "Reading articles" in terminal.text
    assert terminal.text.rstrip().splitlines()[-1].startswith("4 articles, 4 passages (0 reused) in ")


def test_missing_and_empty_seeds_are_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("index", at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "There is no seeds folder" in ran.err
    (tmp_path / "seeds").mkdir()
    ran = run("index", at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "There is no article in" in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--threads", "-1"], "Change it in the flag --threads"),
        (["--encoder", "word2vec"], "should be 'onnx' or 'sentence-transformers'"),
        (["--model", "none"], "There is no model 'none'"),
    ],
)
def test_a_wrong_flag_is_one_line(run: Run, tmp_path: Path, words: list[str], message: str) -> None:
    write_seeds(tmp_path)
    ran = run("index", *words, at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_an_interrupted_build_leaves_the_old_index_and_ends_with_130(run: Run, tmp_path: Path) -> None:
    write_seeds(tmp_path)
    assert run("index", at=tmp_path).code == 0
    generations = tmp_path / "embeddings/generations"
    before = (generations / "CURRENT").read_text()
    many: list[dict[str, object]] = [
        {"id": str(number), "text": f"Sentence {number} of the long report. " * 60} for number in range(300)
    ]
    write_seeds(tmp_path, many)
    with start("--home", str(tmp_path), "index", stdout=PIPE, stderr=PIPE) as process:
        while not any(generations.glob(".building-*/articles.sqlite")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"Interrupted\n")
    assert (generations / "CURRENT").read_text() == before
    assert not list(generations.glob(".building-*"))


def test_init_makes_a_folder_that_index_and_ask_can_work_with(tmp_path: Path) -> None:
    ran = run_process("init", "my news", cwd=tmp_path)
    news = tmp_path / "my news"
    assert (ran.code, ran.err) == (0, "")
    assert (news / "config/qabot.toml").read_bytes() == bundled("config/qabot.toml").read_bytes()
    assert all((news / name).is_dir() for name in ("seeds", "embeddings"))
    commands = [line.strip() for line in ran.out.splitlines() if line.startswith("  ")]
    assert commands == ["cd 'my news'", "qabot index", 'qabot ask "What …?"']
    write_seeds(news)
    assert run_process("index", cwd=news / "seeds").code == 0
    assert run_process("ask", "What did the dam near Almaty cost?", cwd=news).code == 0


def test_init_never_overwrites_a_config(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    config = tmp_path / "config/qabot.toml"
    config.write_text("quotes = 1\n")
    ran = run("init", at=tmp_path)
    assert ran.code == 0
    assert config.read_text() == "quotes = 1\n"
    assert "qabot.toml is there already and stays as it is." in ran.out


def test_init_where_a_file_is_in_the_way_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news").write_text("")
    ran = run("init", str(tmp_path / "news"))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
