"""The bot's token: from QABOT_TELEGRAM_TOKEN or from a file, never from the settings file or a flag."""

from __future__ import annotations

import re
import stat

from pydantic import SecretStr

from qabot.errors import TokenError
from qabot.settings import Settings

VARIABLE = "QABOT_TELEGRAM_TOKEN"
_LONGEST_FILE = 4096
_FORM = re.compile(r"[A-Za-z0-9:_-]{1,256}")
"""A token becomes part of an address: nothing else may stand in it."""


def read_token(settings: Settings) -> SecretStr:
    """The token in the environment, else the one in the file that `telegram_token_file` names.

    Raises:
        TokenError: there is none, it cannot be read, or it cannot be a token.
    """
    if settings.telegram_token is not None and settings.telegram_token.get_secret_value().strip():
        return _checked(settings.telegram_token.get_secret_value(), VARIABLE)
    path = settings.token_file
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_FILE).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        mend = f"Get one from @BotFather, then set {VARIABLE} or write it to {path}"
        raise TokenError("There is no Telegram token", mend) from None
    except OSError as error:
        raise TokenError(f"{path} cannot be read: {error.strerror}", f"Give access to it, or set {VARIABLE}") from error
    return _checked(text, str(path))


def token_file_is_open(settings: Settings) -> bool:
    """Whether other users of this machine can read the token's file."""
    try:
        return bool(settings.token_file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def _checked(text: str, where: str) -> SecretStr:
    token = text.strip()
    if not token:
        raise TokenError(f"{where} is empty", "Put the token there that @BotFather gave you, and nothing else")
    if not _FORM.fullmatch(token):
        mend = "It looks like 123456789:AAE…; get it from @BotFather"
        raise TokenError(f"What is in {where} is no Telegram token", mend)
    return SecretStr(token)
