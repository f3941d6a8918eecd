"""Logs: lines on stderr that a person wants to read, and never the token."""

from __future__ import annotations

import logging
import sys

from pydantic import SecretStr

from qabot.channels.telegram.redaction import Redaction, install

_QUIET = {"telegram": logging.CRITICAL, "httpx": logging.WARNING, "httpcore": logging.WARNING}
"""Libraries that log what this package tells in its own words; httpx names the token's address at INFO."""


def set_up_logs(token: SecretStr, *, debug: bool) -> Redaction:
    """Logs to stderr, for the whole process.

    Args:
        token: hidden in every line from now on.
        debug: also tell what is only of interest to a developer.

    Returns:
        What hides it, for lines that are not logged.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    logging.getLogger("qabot").setLevel(logging.DEBUG if debug else logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    return install(token.get_secret_value())
