"""`qabot show`: a cited place in its article."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from qabot.channels.cli.options import Common, Debug, Embeddings, Home
from qabot.errors import ArticleGoneError, CitationError
from qabot.passages.passage import Span


def show(
    ctx: typer.Context,
    citation: Annotated[
        str,
        typer.Argument(metavar="CITATION", help="ARTICLE:START-END@HASH, as answers name it, or an article's id."),
    ],
    paragraph: Annotated[
        bool, typer.Option("--paragraph", help="Only the paragraph that the quote stands in.")
    ] = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Show an article with the cited words lit up and their paragraph marked.

    \b
    Example:
      qabot show 000_40421d8e319eeb75:1745-1944@441b5052563c
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings)

    from qabot.answering.citation import parse_citation, resolve
    from qabot.channels.cli.article import present
    from qabot.index.generation import open_current

    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        store = generation.store
        article = store.find_article(citation)
        place = None if article else parse_citation(citation)
        if place:
            article = resolve(place, store)
        if article is None:
            raise ArticleGoneError(f"Article {citation!r} is not in the index", "See what is: qabot status")
    if paragraph and place is None:
        ctx.fail("--paragraph needs a citation with a place, ARTICLE:START-END.")
    if place and not article.text[place.start : place.end].strip():
        raise CitationError(f"There is only white space at {citation}", "Ask again for a citation of the present text")
    present(article, [Span(place.start, place.end)] if place else [], only_paragraphs=paragraph)
