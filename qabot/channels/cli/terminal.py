"""What may reach a terminal, and JSON for programs."""

from __future__ import annotations

import json
import re
import sys

# Escape sequences and other controls of C0 and C1, and what turns the direction of text or of a line around it.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")


def safe(text: str, *, one_line: bool = False) -> str:
    r"""`text` for display: characters that could command a terminal are written out, as `\x1b` or `\u202e`.

    Args:
        text: of an article, a file name, an error.
        one_line: write line ends and tabs as spaces.
    """
    if one_line:
        text = _LINE_ENDS.sub(" ", text)
    return _HARMFUL.sub(lambda found: ascii(found[0])[1:-1], text.replace("\u2028", "\n").replace("\u2029", "\n"))


def print_json(value: object) -> None:
    """`value` as JSON on stdout, in UTF-8 whatever the terminal's encoding."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    sys.stdout.flush()
    # A lone surrogate cannot be UTF-8; written as \udc80 it is good JSON.
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
