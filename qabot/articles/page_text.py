"""The text of pages as it was written: without what every page repeats, its lines joined to paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_EDGE = 2
"""Lines at the head and at the foot of a page that may be repeated on the others."""

_FULL_PAGE = 4
"""Lines from which a page has a head and a foot besides its text."""

_FEWEST_PAGES = 3
_MOST_PAGES = 0.6
"""Share of the pages on which a line has to stand at an edge to be no part of the text."""

_NUMBERS = re.compile(r"\d+|\b[ivx]{1,6}\b")
_PAGE_NUMBER = re.compile(r"[-–—| ]*(?:(?:page|стр\.?|страница|бет) ?)?#(?: ?(?:of|из|/) ?#)?[-–—| ]*")
_BROKEN = re.compile(r"([^\W\d_]{2,})([-\u2010\u00ad])$")
_WORD_START = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:][»”’\"')\]]*$")
_ITEM = re.compile(r"\s*(?:[•●▪◦‣*–—-]|\(?\d{1,3}[.)]|\(?[a-zа-я]\))\s+\S")

_FULL = 0.8
"""Share of the usual width of a line under which one that ends a sentence ends its paragraph."""

_SHORT = 0.6
"""Share under which one that ends nowhere is a headline, if what follows begins anew."""


def page_texts(pages: Iterable[str]) -> list[str]:
    """The text of each page in paragraphs with blank lines between; "" for a page without any.

    Args:
        pages: canonical texts, line by line as they stand on the page.
    """
    lines = _without_edges([[line.strip() for line in page.split("\n")] for page in pages])
    words = Counter(word.lower() for page in lines for line in page for word in _WORD.findall(line))
    return ["\n\n".join(_paragraphs(page, words)) for page in lines]


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """The pages without running heads and page numbers: edge lines that most pages have but for their numbers."""
    filled = [sum(bool(line) for line in page) for page in pages]
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_numberless(page[at]) for at in _edges(page)})
    pages_with_text = sum(map(bool, filled))
    least = max(_FEWEST_PAGES, _MOST_PAGES * pages_with_text)
    repeated = {line for line, count in seen.items() if count >= least}
    cleaned = []
    for page in pages:
        forms = {at: _numberless(page[at]) for at in _edges(page)}
        full = sum(map(bool, page)) >= _FULL_PAGE
        gone = {at for at, form in forms.items() if (full and form in repeated) or _is_number(form, len(pages))}
        cleaned.append([line for at, line in enumerate(page) if at not in gone])
    return cleaned


def _edges(page: list[str]) -> set[int]:
    """The places of the first and last lines with words, fewer on a page that is nearly empty."""
    filled = [at for at, line in enumerate(page) if line]
    count = min(_EDGE, max(1, len(filled) // 2))
    return {*filled[:count], *filled[-count:]}


def _numberless(line: str) -> str:
    return _NUMBERS.sub("#", " ".join(line.lower().split()))


def _is_number(form: str, pages: int) -> bool:
    return pages > 1 and bool(_PAGE_NUMBER.fullmatch(form))


def _paragraphs(lines: list[str], words: Counter[str]) -> list[str]:
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    found: list[list[str]] = []
    going_on = False
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if going_on and not _ITEM.match(line):
            found[-1][-1] = _before(found[-1][-1], line, words)
            found[-1].append(line)
        elif line:
            found.append([line])
        going_on = bool(line and following) and not _ends(line, following, width)
    return ["".join(parts) for parts in found]


def _ends(line: str, following: str, width: int) -> bool:
    """Whether a paragraph ends with `line`, which another follows at once."""
    if _SENTENCE_END.search(line):
        return len(line) < _FULL * width
    begins_anew = not following[0].islower()
    return begins_anew and len(line) < _SHORT * width and not line.endswith((",", ";", "-", "\u2010", "\u00ad"))


def _before(line: str, following: str, words: Counter[str]) -> str:
    """`line` as it stands before `following` in one paragraph; a word that was divided between them is made whole.

    A hyphen stays where the word is written with it elsewhere, and goes where the rest begins in lower case.
    """
    broken, rest = _BROKEN.search(line), _WORD_START.match(following)
    if not broken or not rest:
        return line + " "
    whole, divided = f"{broken[1]}{rest[0]}".lower(), f"{broken[1]}-{rest[0]}".lower()
    kept = following[0].isupper() or (broken[2] != "\u00ad" and words[divided] > words[whole])
    return line if kept else line[:-1]
