"""Paragraphs: an article's text cut at blank lines and line ends, as spans."""

from __future__ import annotations

from collections.abc import Iterator

from qabot.passages.passage import Span

# Mail, press wires and plain-text archives wrap at 65 to 80 columns, and a line stops at most one long word
# short of that. Under 45 code points a line is more likely a headline, a verse or an entry of a list.
WRAPPED_LINE_MIN = 45
WRAPPED_LINE_MAX = 100


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of a canonical text (NFC, LF).

    Blank lines separate blocks. In a block each line is a paragraph of its own, as web pages and the usual
    extractors write them, unless the block is hard-wrapped: then it is one paragraph (see `_is_hard_wrapped`).

    Returns:
        Spans in order, without overlap and without white space at either end, which together cover all of
        the text but white space. Empty for a text without anything else.
    """
    found: list[Span] = []
    block: list[Span] = []
    for line in _lines(text):
        if line.start < line.end:
            block.append(line)
        else:
            found += _block_paragraphs(text, block)
            block = []
    return found + _block_paragraphs(text, block)


def _lines(text: str) -> Iterator[Span]:
    """Each line without its outer white space; an empty span for a blank one."""
    start = 0
    for line in text.split("\n"):
        inner = line.strip()
        indent = len(line) - len(line.lstrip()) if inner else 0
        yield Span(start + indent, start + indent + len(inner))
        start += len(line) + 1


def _block_paragraphs(text: str, lines: list[Span]) -> list[Span]:
    if _is_hard_wrapped(text, lines):
        return [Span(lines[0].start, lines[-1].end)]
    return lines


def _is_hard_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether a block's line ends were put there by a program that fills lines, not by the writer.

    Three signs together, since each alone is also met in lists of headlines and in one-sentence paragraphs:
    every line but the last has 45 to 100 code points, and the last no more; no line has room for the next
    one's first word (the block's longest line is the least width that it can have been filled to); and at
    least one line goes on in lower case, so a sentence does run over a line end.
    """
    if len(lines) < 2:
        return False
    lengths = [line.end - line.start for line in lines]
    if min(lengths[:-1]) < WRAPPED_LINE_MIN or max(lengths) > WRAPPED_LINE_MAX:
        return False
    width = max(lengths)
    for length, following in zip(lengths, lines[1:], strict=False):
        if length + 1 + _first_word_length(text, following) <= width:
            return False
    return any(text[line.start].islower() for line in lines[1:])


def _first_word_length(text: str, line: Span) -> int:
    return len(text[line.start : line.end].split(maxsplit=1)[0])
