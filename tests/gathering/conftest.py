"""A site on loopback, and a home folder that may read from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Site, serving

from qabot.settings import Settings, load_settings


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    """Settings of an empty home folder, with loopback allowed and no pauses."""
    (tmp_path / "seeds").mkdir()
    return load_settings(
        tmp_path, private_addresses=True, fetch_pause_seconds=0, fetch_seconds=5, max_page_mb=1, max_read_seconds=20
    )
