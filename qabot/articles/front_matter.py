"""Front matter: a block of `key: value` lines between two `---` lines at the head of a text.

A small, forgiving part of YAML: plain and quoted values, lists and folded lines. What does not look like such a
block is the text itself.
"""

from __future__ import annotations

import re

from qabot.articles.record import NAMES

_BLOCK = re.compile(r"\s*---[ \t]*\n(?P<lines>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_PAIR = re.compile(r"(?P<key>[^\W\d][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*)|)$")
_CONTINUED = re.compile(r"[ \t]+\S|-[ \t]")
_FOLDED = re.compile(r"[|>][+-]?")
_ALIASES = NAMES | {"authors": "author", "link": "url", "lang": "language", "location": "place"}
_ALIASES |= {"verbatim": "verbatim", "pages": "pages"}  # written by qabot.gathering: a text as it is, a PDF's pages


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields of the front matter, by the names of a Record, and the text after it.

    Without a block, with a broken one, or with one that has no known key, the fields are empty and the text is
    whole. Never raises.

    Args:
        text: canonical.
    """
    block = _BLOCK.match(text)
    if not block:
        return {}, text
    fields: dict[str, str] = {}
    name: str | None = None
    for line in block["lines"].split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _CONTINUED.match(line):
            if name:
                fields[name] = _joined(fields.get(name, ""), line)
            continue
        pair = _PAIR.match(line)
        if not pair:
            return {}, text
        name = _ALIASES.get(pair["key"].lower())
        if name:
            fields[name] = _value(pair["value"] or "")
    if not fields:
        return {}, text
    return {name: value for name, value in fields.items() if value}, text[block.end() :]


def _value(written: str) -> str:
    written = written.strip()
    if len(written) >= 2 and written[0] == written[-1] == '"':
        return written[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(written) >= 2 and written[0] == written[-1] == "'":
        return written[1:-1].replace("''", "'")
    if written.startswith("[") and written.endswith("]"):
        return ", ".join(_value(item) for item in written[1:-1].split(",") if item.strip())
    return "" if _FOLDED.fullmatch(written) or written in ("null", "~") else written


def _joined(value: str, line: str) -> str:
    item = line.strip()
    if item.startswith("- "):
        item = _value(item[2:])
        return f"{value}, {item}" if value else item
    return f"{value} {item}" if value else item
