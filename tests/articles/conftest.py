"""Fixtures of the tests of reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_files import Seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    """An empty folder of seeds."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    return Seeds(folder)
