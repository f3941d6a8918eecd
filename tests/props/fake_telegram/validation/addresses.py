"""Addresses in links and buttons. Source: TDLib, `check_link_impl` in td/telegram/LinkManager.cpp."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from fake_telegram.refusals import bad_request

LONGEST = 2048
"""Characters that an address may have. Telegram's servers cut or refuse longer ones."""

_HOST = re.compile(r"^[^\s/?#@:\[\]<>\"'\\]+$")


def check_address(address: Any, what: str) -> str:
    """Gives an http, https or tg address as it is kept. Raises: Refusal."""
    if not isinstance(address, str) or not address:
        raise bad_request(f"{what} is empty")
    reason = _reason_against(address)
    if reason:
        raise bad_request(f"{what} '{address}' is invalid: {reason}")
    return address


def _reason_against(address: str) -> str:
    if re.search(r"[\s\x00-\x20\x7f]", address):
        return "URL contains white space"
    if len(address) > LONGEST:
        return "URL is too long"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "Wrong port number specified in the URL"
    scheme = parts.scheme.casefold()
    if scheme in ("tg", "ton", "tonsite"):
        return "" if parts.netloc or parts.path else "Wrong tg URL"
    if scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    host = parts.hostname or ""
    if not host:
        return "URL host is empty"
    if port == 0:
        return "Wrong port number specified in the URL"
    if "." not in host.strip(".") and not host.startswith("["):
        return "Wrong HTTP URL"
    return "" if _HOST.match(host) or ":" in host else "Wrong HTTP URL"
