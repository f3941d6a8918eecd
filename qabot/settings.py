"""Settings: config/qabot.toml, then QABOT_* in the environment, then flags; the later goes first."""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from qabot.errors import SettingsError

ENV_PREFIX = "QABOT_"
HOME_VARIABLE = "QABOT_HOME"
CONFIG = Path("config/qabot.toml")
_NO_SETTINGS = {HOME_VARIABLE, "QABOT_TORCH_INDEX"}
"""Variables under the prefix that are no settings: the home folder, and where scripts/setup finds torch."""
SECRETS = {"telegram_token"}
"""Settings that config/qabot.toml may not hold: files are shared, committed and shown."""


def _listed(value: object) -> object:
    """`"1, 2"` or `'["1", "2"]'`, as the environment may have it -> `["1", "2"]`."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValueError('a list: "a, b" or ["a", "b"]') from error
    return [part.strip() for part in value.split(",") if part.strip()]


Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_listed)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """All settings, typed and checked. `config/qabot.toml` has one line on each.

    `home` is the folder that holds config/, seeds/ and embeddings/; relative paths start there.
    """

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, extra="forbid", frozen=True, validate_default=True)

    home: Path = Path()

    seeds: Path = Path("seeds")
    embeddings: Path = Path("embeddings")

    max_file_mb: int = Field(100, ge=1)
    max_unpacked_mb: int = Field(500, ge=1)
    max_pages: int = Field(2000, ge=1)
    max_read_seconds: float = Field(30, gt=0)
    jobs: int = Field(0, ge=0, le=1024)

    feeds: Names = ()
    feed_minutes: float = Field(15, gt=0)
    fetch_seconds: float = Field(20, gt=0)
    fetch_pause_seconds: float = Field(1, ge=0)
    max_page_mb: int = Field(20, ge=1)
    private_addresses: bool = False

    encoder: Literal["onnx", "sentence-transformers"] = "onnx"
    model: str = Field("e5-small-kk-ru-en", min_length=1)
    threads: int = Field(0, ge=0, le=1024)
    batch_size: int = Field(32, ge=1, le=4096)

    passage_tokens: int = Field(256, ge=32, le=8192)

    keep_generations: int = Field(3, ge=1)
    max_memory_mb: int = Field(1000, ge=200)
    exact_vectors: int = Field(200_000, ge=0)
    least_recall: float = Field(0.99, gt=0, le=1)
    added_share: float = Field(0.05, ge=0, le=1)
    watch_seconds: float = Field(2, gt=0)

    candidates: int = Field(100, ge=1, le=10_000)
    dense_weight: float = Field(0.5, ge=0, le=1)
    across_weight: float = Field(0.7, ge=0, le=1)

    preference_weight: float = Field(0.25, ge=0, le=1)
    repeat_penalty: float = Field(0.06, ge=0, le=1)

    passages_read: int = Field(8, ge=1, le=100)
    reader: Names = Field(("reader", "reader-kk-ru-en"), min_length=1)
    reader_ms: float = Field(500, gt=0)
    reader_weight: float = Field(0.3, ge=0, le=1)
    sentences_encoded: int = Field(12, ge=0, le=1000)
    similarity_weight: float = Field(0.3, ge=0, le=1)
    terms_weight: float = Field(0.4, ge=0, le=1)
    passage_weight: float = Field(0.3, ge=0, le=1)
    quotes: int = Field(3, ge=1, le=20)

    threshold: float = Field(0.25, ge=0, le=1)
    max_question_chars: int = Field(2000, ge=1)

    telegram_token: SecretStr | None = None
    telegram_token_file: Path = Path("config/telegram-token")
    telegram_api: str = Field("https://api.telegram.org", pattern=r"^https?://[^/]+[^?#]*$")
    telegram_webhook: str = Field("", pattern=r"^(https://[^/?#]+[^?#]*)?$")
    telegram_listen: str = Field("127.0.0.1:8443", pattern=r"^[^:]+:\d{1,5}$")
    telegram_body_kb: int = Field(1024, ge=16)
    telegram_admins: Ids = ()
    telegram_allowed: Ids = ()
    telegram_denied: Ids = ()
    telegram_per_minute: int = Field(10, ge=1)
    telegram_per_day: int = Field(300, ge=1)
    telegram_per_second: int = Field(30, ge=1, le=10_000)
    telegram_workers: int = Field(0, ge=0, le=256)
    telegram_queue: int = Field(100, ge=1)
    telegram_reader_queue: int = Field(4, ge=0)
    telegram_stale_minutes: float = Field(5, gt=0)
    telegram_drain_seconds: float = Field(10, gt=0)
    telegram_keep_days: int = Field(90, ge=1)
    telegram_metrics_port: int = Field(0, ge=0, le=65535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _TomlSource(settings_cls)

    @property
    def seeds_folder(self) -> Path:
        return self.home / self.seeds

    @property
    def models_folder(self) -> Path:
        return self.home / self.embeddings / "models"

    @property
    def generations_folder(self) -> Path:
        return self.home / self.embeddings / "generations"

    @property
    def cache_folder(self) -> Path:
        return self.home / self.embeddings / ".cache"

    @property
    def state_folder(self) -> Path:
        """What running leaves behind and no build makes again: the bot's memory, when feeds were read."""
        return self.home / "state"

    @property
    def token_file(self) -> Path:
        return self.home / self.telegram_token_file


class _TomlSource(PydanticBaseSettingsSource):
    """The values of `home`/config/qabot.toml, if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        home = self.current_state.get("home", Path())
        return _read_toml(Path(home) / CONFIG)


def find_home(start: Path | None = None) -> Path:
    """The folder to work in: QABOT_HOME, else the nearest one at or above `start` with config/qabot.toml, else `start`.

    Raises:
        SettingsError: QABOT_HOME names no folder.
    """
    start = (start or Path.cwd()).resolve()
    if named := os.environ.get(HOME_VARIABLE):
        home = Path(named).expanduser()
        if not home.is_dir():
            raise SettingsError(f"{HOME_VARIABLE} is {named!r}, which is no folder", f"Make it: qabot init {named}")
        return home.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    return start


def load_settings(home: Path | None = None, **flags: object) -> Settings:
    """The settings for `home` (found by `find_home` if not given); flags that are None are left out.

    Raises:
        SettingsError: an unknown key (the nearest known one is named), a wrong type or a value out of range.
    """
    home = home or find_home()
    given = {key: value for key, value in flags.items() if value is not None}
    known = [name for name in Settings.model_fields if name != "home"]
    configured = _read_toml(home / CONFIG)
    for name in sorted(SECRETS & configured.keys()):
        mend = f"Take it out and set {ENV_PREFIX}{name.upper()}"
        raise SettingsError(f"{CONFIG} holds {name!r}, which is a secret", mend)
    _refuse_unknown(sorted(configured), known, where=str(CONFIG))
    variables = (key for key in sorted(os.environ) if key.startswith(ENV_PREFIX) and key not in _NO_SETTINGS)
    _refuse_unknown([key.removeprefix(ENV_PREFIX).lower() for key in variables], known, where="the environment")
    try:
        return Settings(home=home, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _settings_error(error, home, given) from error


def _refuse_unknown(keys: list[str], known: list[str], *, where: str) -> None:
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            mend = f"Did you mean {near[0]!r}?" if near else "config/qabot.toml lists every setting"
            raise SettingsError(f"Unknown setting {key!r} in {where}", mend)


def _settings_error(error: ValidationError, home: Path, flags: dict[str, object]) -> SettingsError:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    if name in flags:
        where = f"the flag --{name.replace('_', '-')}"
    elif ENV_PREFIX + name.upper() in os.environ:
        where = f"the variable {ENV_PREFIX}{name.upper()}"
    else:
        where = str(home / CONFIG)
    message = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    mend = f"Change it in {where}"
    if name == "encoder":
        # Whoever wants another model often looks for it here first.
        mend += f". A model is named by --model or the setting 'model': qabot index --model {first['input']}"
    return SettingsError(f"Setting {name!r} is {first['input']!r} but should be {message}", mend)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", "Mend it, or copy the original: qabot init") from error
