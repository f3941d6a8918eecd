"""The fake Telegram for tests of the bot."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_scene import make_home
from fake_telegram.driver import FakeTelegram

from qabot.encoders.encoder import Encoder

# As qabot.channels.telegram does: the library warns of every number of seconds that is no timedelta yet.
os.environ.setdefault("PTB_TIMEDELTA", "true")


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A fake Telegram in its own process, new for every test."""
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A home whose index is built; not to be changed."""
    return make_home(tmp_path_factory.mktemp("news") / "home", encoder)


@pytest.fixture(scope="module")
def module_home(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for the tests of one module."""
    home = tmp_path_factory.mktemp("module") / "home"
    shutil.copytree(news, home, symlinks=True)
    return home


@pytest.fixture
def home(news: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    home = tmp_path / "home"
    shutil.copytree(news, home, symlinks=True)
    return home
