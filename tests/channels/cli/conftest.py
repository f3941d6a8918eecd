"""The house of cli_house.py with its index built, and the command run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_house import Ran, Run, write_seeds
from typer.testing import CliRunner

from qabot.channels.cli.app import app
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import load_settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A home folder whose index is built; not to be changed."""
    home = tmp_path_factory.mktemp("home")
    write_seeds(home)
    build(load_settings(home), encoder)
    return home


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process, in `home` if no other is given."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words: str, at: Path = home, stdin: str | bytes = "") -> Ran:
        done = CliRunner().invoke(app, ["--home", str(at), *words], input=stdin)
        return Ran(done.exit_code, done.stdout, done.stderr)

    return run
