"""Docs that cannot rot: what the README shows is what qabot does."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DOCS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")])


def qabot(*arguments: str, home: Path = CHECKOUT) -> str:
    command = [sys.executable, "-m", "qabot", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 200


_CONFIDENCE = re.compile(r"(?<=\(\w{10} )0[.,]\d\d(?=\))")


def test_the_transcripts_are_what_qabot_says(tmp_path: Path) -> None:
    every = re.findall(r"    \$ sh scripts/ask (.+)\n((?:    .*\n|\n)+)", README)
    assert len(every) == 2
    seeds = str(CHECKOUT / "seeds")
    qabot("index", "--seeds", seeds, home=tmp_path)
    for words, shown in every:
        said = qabot("ask", *shlex.split(words), home=tmp_path)
        lines = [line.removeprefix("    ").rstrip() for line in shown.rstrip().splitlines()]
        # Processors differ in the last digit of a confidence.
        assert _CONFIDENCE.sub("", said).rstrip().splitlines() == [_CONFIDENCE.sub("", line) for line in lines]


def test_the_table_of_settings_has_the_defaults() -> None:
    defaults = tomllib.loads((CHECKOUT / "config" / "qabot.toml").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", README, re.MULTILINE)
    assert len(rows) >= 5
    for name, default in rows:
        value = defaults[name]
        assert (json.dumps(value) if isinstance(value, list) else str(value)) == default


def test_every_command_is_in_the_readme_and_every_one_there_exists() -> None:
    listed = re.findall(r"^  (\w+)  ", qabot("--help").partition("Commands:")[2], re.MULTILINE)
    assert len(listed) >= 8
    assert set(re.findall(r"^\| `qabot (\w+)", README, re.MULTILINE)) == set(listed)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z][a-z-]+)", README))))
def test_every_option_in_the_readme_exists(option: str) -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "scripts").iterdir() if path.is_file())
    helps = "".join(qabot(command, "--help") for command in ("index", "ask", "chat", "show", "status"))
    assert option in helps + qabot("--help") + scripts


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_between_docs_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_scripts_in_the_docs_exist() -> None:
    for path in DOCS:
        for script in re.findall(r"sh (scripts/\w+)", path.read_text(encoding="utf-8")):
            assert (CHECKOUT / script).is_file(), script
