"""An article to read, with the places of quotes lit up and their paragraphs marked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from rich.text import Text

from qabot.articles.article import Article
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.words import day
from qabot.passages.paragraphs import paragraphs
from qabot.passages.passage import Span

_LIT = "bold reverse"
_BAR, _MARK = "▌ ", "> "
_OPEN, _CLOSE = ">>>", "<<<"
_READABLE = 100
"""Columns that a line of reading text takes at most."""


def present(article: Article, places: Sequence[Span], *, only_paragraphs: bool = False) -> None:
    """Prints `article`, or only the paragraphs that `places` stand in; long ones go to a pager on a terminal."""
    console = Screen()
    lines = [] if only_paragraphs else _head(article)
    lines += _body(article, _merged(places), console, only_paragraphs)
    if sys.stdin.isatty() and console.styled and len(lines) > console.height - 1:
        os.environ.setdefault("LESS", "FRX")
        with console.pager(styles=True):
            console.print(_joined(lines))
    else:
        console.print(_joined(lines))


def _head(article: Article) -> list[Text]:
    facts = (article.source, day(article.published), article.author, article.place)
    rest = (", ".join(fact for fact in facts if fact), article.url or "")
    shown = [Text(safe(line, one_line=True), "dim") for line in rest if line]
    return [Text(safe(article.title, one_line=True), "bold"), *shown, Text()]


def _body(article: Article, places: Sequence[Span], console: Screen, only_paragraphs: bool) -> list[Text]:
    lines: list[Text] = []
    for paragraph in paragraphs(article.text):
        here = [place for place in places if place.start < paragraph.end and paragraph.start < place.end]
        if only_paragraphs and not here:
            continue
        if lines:
            lines.append(Text())
        text = _lit(article.text, paragraph, here, styled=console.styled)
        if console.styled:
            wrapped: Iterable[Text] = text.wrap(console, max(min(console.width, _READABLE) - len(_BAR), 1))
            prefix = Text(_BAR, "cyan") if here else Text(" " * len(_BAR))
        else:
            wrapped = text.split("\n")
            prefix = Text(_MARK if here else "")
        lines += [Text.assemble(prefix, line) for line in wrapped]
    return lines


def _lit(text: str, paragraph: Span, places: Sequence[Span], *, styled: bool) -> Text:
    lit = Text()
    at = paragraph.start
    for place in places:
        start, end = max(place.start, paragraph.start), min(place.end, paragraph.end)
        lit.append(safe(text[at:start]))
        quote = safe(text[start:end])
        lit.append(quote, _LIT) if styled else lit.append(f"{_OPEN}{quote}{_CLOSE}")
        at = end
    return lit.append(safe(text[at : paragraph.end]))


def _joined(lines: Sequence[Text]) -> Text:
    return Text("\n").join(lines)


def _merged(places: Sequence[Span]) -> list[Span]:
    """`places` in order, those that overlap made one."""
    merged: list[Span] = []
    for place in sorted(places):
        if merged and place.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return merged
