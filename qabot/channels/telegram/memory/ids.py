"""Short ids for buttons, and short names of articles for links."""

from __future__ import annotations

import base64
import hashlib
import secrets

_BYTES = 9
"""72 bits: 12 characters, which leave room in the 64 bytes of a button's data, and nobody guesses one."""


def new_id() -> str:
    """Random; letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(_BYTES)


def name_of(text: str) -> str:
    """Always the same for the same `text`, in the same form as `new_id`."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode()
