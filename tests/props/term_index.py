"""A small index of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from qabot.index.terms import Terms, TermsWriter


def write_terms(folder: Path, texts: Mapping[int, tuple[str, str]], languages: Iterable[str]) -> Terms:
    """The terms of passages: key -> language and text. The key of each passage's article is ten times its own."""
    writer = TermsWriter(folder)
    for key, (language, text) in texts.items():
        writer.add(key, key * 10, text, language)
    writer.close()
    return Terms(folder, languages)
