"""Settings: what goes before what, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from qabot.errors import SettingsError
from qabot.settings import SECRETS, Settings, find_home, load_settings

CHECKOUT = Path(__file__).resolve().parent.parent


def configure(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "qabot.toml").write_text(text, encoding="utf-8")


def test_flags_go_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(tmp_path, "quotes = 4\nthreads = 5\ncandidates = 6\n")
    monkeypatch.setenv("QABOT_THREADS", "7")
    monkeypatch.setenv("QABOT_CANDIDATES", "8")
    settings = load_settings(tmp_path, candidates=9, quotes=None)
    assert (settings.quotes, settings.threads, settings.candidates) == (4, 7, 9)


def test_the_shipped_file_holds_every_setting_with_its_default(tmp_path: Path) -> None:
    shipped = tomllib.loads((CHECKOUT / "config" / "qabot.toml").read_text(encoding="utf-8"))
    assert list(shipped) == [name for name in Settings.model_fields if name not in {"home", *SECRETS}]
    assert load_settings(CHECKOUT).model_dump(exclude={"home"}) == load_settings(tmp_path).model_dump(exclude={"home"})


def test_paths_are_relative_to_home(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, seeds="texts")
    assert settings.seeds_folder == tmp_path / "texts"
    assert load_settings(tmp_path, seeds="/elsewhere").seeds_folder == Path("/elsewhere")


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    configure(tmp_path, "treshold = 0.3\n")
    with pytest.raises(SettingsError, match=r"'treshold'.*'threshold'"):
        load_settings(tmp_path)


def test_an_unknown_variable_names_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QABOT_THREDS", "2")
    with pytest.raises(SettingsError, match=r"'threds'.*'threads'"):
        load_settings(tmp_path)


@pytest.mark.parametrize("text", ['threads = "many"', "threshold = 2", 'encoder = "magic"', "passage_tokens = 1.5"])
def test_a_wrong_value_names_the_key_the_value_and_the_file(tmp_path: Path, text: str) -> None:
    configure(tmp_path, text)
    with pytest.raises(SettingsError, match=r"Setting '(\w+)' is .* but should be .*qabot\.toml"):
        load_settings(tmp_path)


def test_a_wrong_flag_is_named_as_a_flag(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the flag --max-file-mb"):
        load_settings(tmp_path, max_file_mb=0)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    configure(tmp_path, "threads = = 2")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_home_is_the_nearest_folder_above_with_a_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, "")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_home(deep) == tmp_path.resolve()
    monkeypatch.setenv("QABOT_HOME", str(deep))
    assert find_home() == deep.resolve()


def test_a_home_that_is_no_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QABOT_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="no folder"):
        find_home()


def test_a_list_in_the_environment_is_parted_by_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QABOT_TELEGRAM_ADMINS", "17, 42")
    monkeypatch.setenv("QABOT_FEEDS", "https://one.example/rss")
    settings = load_settings(tmp_path)
    assert (settings.telegram_admins, settings.feeds) == ((17, 42), ("https://one.example/rss",))


def test_a_list_in_the_environment_may_be_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QABOT_TELEGRAM_ADMINS", "[17, 42]")
    monkeypatch.setenv("QABOT_FEEDS", '["https://one.example/rss?a=1,2"]')
    settings = load_settings(tmp_path)
    assert (settings.telegram_admins, settings.feeds) == ((17, 42), ("https://one.example/rss?a=1,2",))
    monkeypatch.setenv("QABOT_FEEDS", '["https://one.example/rss"')
    with pytest.raises(SettingsError, match='a list: "a, b"'):
        load_settings(tmp_path)


def test_a_secret_in_the_file_is_refused_and_one_in_the_environment_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QABOT_TELEGRAM_TOKEN", "1:AAhush")
    settings = load_settings(tmp_path)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "1:AAhush"
    assert "AAhush" not in repr(settings)
    configure(tmp_path, 'telegram_token = "1:AAhush"')
    with pytest.raises(SettingsError, match="is a secret") as caught:
        load_settings(tmp_path)
    assert "1:AAhush" not in str(caught.value)
