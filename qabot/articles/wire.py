"""Frames between qabot and the processes that read for it: a length, then JSON. No pickle: they read hostile files."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import datetime
from typing import Any

from qabot.articles.article import Article
from qabot.articles.reading import FileDone, Item
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp

LENGTH = struct.Struct(">Q")


def pack(value: Any) -> bytes:
    """`value` (of JSON's types) as a frame. Names of files that are no text survive as lone surrogates."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return LENGTH.pack(len(body)) + body


def unpack(read: Callable[[int], bytes]) -> Any:
    """The value of the next frame.

    Args:
        read: gives the next bytes, as many as asked for, and fewer only at the end.

    Raises:
        EOFError: there is no whole frame any more.
    """
    head = read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    body = read(length)
    if len(body) < length:
        raise EOFError
    return json.loads(body.decode("utf-8", "surrogatepass"))


def as_json(item: Item) -> list[Any]:
    """An item in JSON's types, for `from_json`."""
    match item:
        case Article():
            moment = item.published.isoformat() if item.published else None
            about = [item.source, item.author, item.place, item.url, item.language, item.path, item.pages]
            return ["article", item.id, item.title, item.text, moment, *about]
        case Skipped():
            return ["skipped", item.path, item.reason, item.harmless]
        case FileDone():
            return ["done", item.path, item.stamp]


def from_json(value: list[Any]) -> Item:
    match value:
        case ["article", identity, title, text, moment, source, author, place, url, language, path, pages]:
            published = datetime.fromisoformat(moment) if moment else None
            return Article(identity, title, text, published, source, author, place, url, language, path, tuple(pages))
        case ["skipped", path, reason, harmless]:
            return Skipped(path, reason, harmless)
        case [_, path, stamp]:
            return FileDone(path, Stamp(*stamp) if stamp else None)
    raise ValueError(f"no item: {value!r:.100}")
