"""Options and fixtures of all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qabot.encoders.encoder import Encoder
from qabot.encoders.models import load_encoder
from qabot.settings import Settings, load_settings

# Machines that run tests are busy: what is read must not depend on it.
os.environ.setdefault("QABOT_READER_MS", "60000")

CHECKOUT = Path(__file__).resolve().parent.parent

LIGHT = "all-minilm-l6-v2"

STORIES = {
    "dam": "Almaty, the largest city of Kazakhstan, opened a dam on Monday.\n\nThe dam cost 12 million dollars.",
    "bees": "Beekeepers in Slovenia counted 11,000 hives this spring. They blame mites for the losses of last year.",
    "chess": "Magnus Carlsen won the tournament in Stavanger. The prize was 60,000 euros.",
}
"""Three small articles that share nothing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail if a test was skipped, as in CI")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("--no-skips") and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The model that is used where nothing else is set."""
    return load_encoder(load_settings(CHECKOUT))


@pytest.fixture(scope="session")
def light_encoder() -> Encoder:
    """The light model that ships too: it knows English only, and starts four times as fast."""
    return load_encoder(load_settings(CHECKOUT, model=LIGHT))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty home folder with the three stories as seeds."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, text in STORIES.items():
        (seeds / f"{name}.txt").write_text(text, encoding="utf-8")
    return load_settings(tmp_path)


@pytest.fixture
def write_articles(tmp_path: Path) -> Callable[[str, list[dict[str, object]]], Path]:
    """Writes records into a .jsonl file of the home folder's seeds."""

    def write(name: str, records: list[dict[str, object]]) -> Path:
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    return write
