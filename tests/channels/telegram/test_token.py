"""The token: from the environment, else from its file, and nothing that cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qabot.channels.telegram.token import read_token, token_file_is_open
from qabot.errors import TokenError
from qabot.settings import Settings, load_settings

TOKEN = "123456789:AAE-abc_DEF"  # noqa: S105 - nobody's


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "telegram-token"


def settings(file: Path) -> Settings:
    return load_settings(file.parent.parent)


def test_the_environment_goes_before_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("1:fromfile")
    assert read_token(settings(file)).get_secret_value() == "1:fromfile"
    monkeypatch.setenv("QABOT_TELEGRAM_TOKEN", f" {TOKEN}\n")
    assert read_token(settings(file)).get_secret_value() == TOKEN


@pytest.mark.parametrize("text", [f"\ufeff{TOKEN}\r\n", f"\n  {TOKEN}  \n\n"])
def test_what_editors_put_around_it_does_not_matter(file: Path, text: str) -> None:
    file.write_text(text)
    assert read_token(settings(file)).get_secret_value() == TOKEN


def test_none_at_all_says_where_to_get_one(file: Path) -> None:
    with pytest.raises(TokenError, match=r"no Telegram token.*@BotFather.*QABOT_TELEGRAM_TOKEN"):
        read_token(settings(file))


@pytest.mark.parametrize("text", ["", " \n", "two words", "1:x/../getMe", "1:x?y", f"{TOKEN}\n{TOKEN}", "ключ", "\x00"])
def test_what_cannot_be_a_token_is_refused_and_not_shown(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(TokenError) as caught:
        read_token(settings(file))
    assert not text.strip() or text.strip() not in str(caught.value)


def test_a_folder_in_its_place_is_one_line(file: Path) -> None:
    file.mkdir()
    with pytest.raises(TokenError, match="cannot be read"):
        read_token(settings(file))


def test_a_file_that_others_can_read_is_told_apart(file: Path) -> None:
    assert not token_file_is_open(settings(file))
    file.write_text(TOKEN)
    file.chmod(0o644)
    assert token_file_is_open(settings(file))
    file.chmod(0o600)
    assert not token_file_is_open(settings(file))
