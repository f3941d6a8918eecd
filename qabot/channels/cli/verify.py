"""`qabot verify`: does every quote of a saved answer stand in its article, word for word?"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qabot.channels.cli.exits import ERROR, say_line
from qabot.channels.cli.options import Common, Debug, Embeddings, Home
from qabot.channels.cli.terminal import safe
from qabot.errors import ArticleChangedError, ArticleGoneError, CitationError, QuoteMismatchError

if TYPE_CHECKING:
    from qabot.index.store import Store

DIFFERS = 1
"""Exit code where a quote is not its slice; 0 where all are, 2 where an article is gone or has changed."""

_FIELDS = {"text": str, "article": str, "start": int, "end": int, "citation": str}


@dataclass(frozen=True, slots=True)
class SavedQuote:
    """A quote as an answer's JSON has it."""

    text: str
    article: str
    start: int
    end: int
    citation: str


def verify(
    ctx: typer.Context,
    answer: Annotated[str, typer.Argument(metavar="ANSWER.json", help="What `qabot ask --json` printed; `-`: stdin.")],
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Check that every quote of a saved answer equals its slice of the indexed article.

    Ends with 0 if all do, with 1 if one differs, with 2 if an article is gone or has changed since.

    \b
    Example:
      qabot ask --json "Who chairs the SCO?" > answer.json
      qabot verify answer.json
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.channels.cli.screen import Screen
    from qabot.index.generation import open_current

    quotes = read_quotes(answer)
    console = Screen()
    worst = 0
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        for quote in quotes:
            wrong = find_wrong(quote, generation.store)
            if wrong is not None:
                worst = max(worst, DIFFERS if isinstance(wrong, QuoteMismatchError) else ERROR)
            if console.styled:
                mark, style = ("✗", "red") if wrong else ("✓", "green")
            else:
                mark, style = ("differs" if wrong else "ok"), ""
            said = f": {wrong}" if wrong else ""
            console.print(f"{mark} {safe(quote.citation + said, one_line=True)}", style=style)
    if not quotes:
        say_line("The answer has no quotes, so there is nothing to compare.")
    raise typer.Exit(worst)


def find_wrong(quote: SavedQuote, store: Store) -> CitationError | None:
    """What is wrong with a quote; None if it is word for word what stands at its place.

    ArticleGoneError and ArticleChangedError say that there is nothing to compare it with, QuoteMismatchError that
    its text, its numbers or its citation are not the article's.
    """
    from qabot.answering.citation import Citation, cite, parse_citation, resolve

    mend = "Ask again, or do not trust it"
    cited = parse_citation(quote.citation)
    if cited is None or (cited.article, cited.start, cited.end) != (quote.article, quote.start, quote.end):
        place = Citation(quote.article, quote.start, quote.end)
        return QuoteMismatchError(f"The citation is not that of {place}, where the quote says it stands", mend)
    if cited.content_hash is None:
        return QuoteMismatchError("The citation has no hash, so it may be of another text", mend)
    try:
        article = resolve(cited, store)
    except (ArticleGoneError, ArticleChangedError) as error:
        return error
    except CitationError as error:
        return QuoteMismatchError(error.cause, mend)
    if article.text[quote.start : quote.end] != quote.text:
        return QuoteMismatchError("The article has other words at this place", mend)
    if str(cite(article, quote.start, quote.end)) != quote.citation:
        return QuoteMismatchError("The citation is not written as qabot writes it", mend)
    return None


def read_quotes(answer: str) -> list[SavedQuote]:
    """The quotes of the answer in a file, or in standard input for `-`.

    Raises:
        CitationError: it cannot be read or is no answer; says what is missing.
    """
    name = "Standard input" if answer == "-" else answer
    mend = "Save one: qabot ask --json QUESTION > answer.json"
    try:
        raw = sys.stdin.buffer.read() if answer == "-" else Path(answer).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CitationError(f"{name} cannot be read: {reason}", mend) from error
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CitationError(f"{name} is no JSON: {error}", mend) from error
    quotes = value.get("quotes") if isinstance(value, dict) else None
    if not isinstance(quotes, list):
        raise CitationError(f"{name} is not an answer: it has no list 'quotes'", mend)
    return [_checked(number, quote, name) for number, quote in enumerate(quotes, 1)]


def _checked(number: int, quote: Any, name: str) -> SavedQuote:
    for field, kind in _FIELDS.items():
        if not isinstance(quote, dict) or type(quote.get(field)) is not kind:
            what = "text" if kind is str else "number"
            raise CitationError(f"{name} is not an answer: its quote {number} has no {what} {field!r}")
    return SavedQuote(**{field: quote[field] for field in _FIELDS})
