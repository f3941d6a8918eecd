"""An answer as text for people: the quotes, then the numbered sources; or the honest no, and what came nearest."""

from __future__ import annotations

from rich.text import Text

from qabot.answering.answer import Answer
from qabot.channels.cli.reading import reading_lines
from qabot.channels.cli.sources import Source, sources_of
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.wording import lines_for


def render_answer(answer: Answer) -> Text:
    """All that `qabot ask` prints about `answer`. Each quote is one line, word for word."""
    text, lines = Text(), lines_for(answer.question.language)
    for line in reading_lines(answer):
        text.append(line + "\n", "dim")
    sources = sources_of(answer)
    if not answer.found:
        text.append(refusal(answer) + "\n", "bold")
        return text.append("\n").append_text(render_sources(sources, lines.words.nearest)) if sources else text
    if answer.unsure:
        text.append(lines.confidence(answer.confidence) + "\n", "dim")
    numbers = {source.article.id: source.number for source in sources}
    for quote in answer.quotes:
        text.append(f"«{safe(quote.text, one_line=True)}»", "bold")
        text.append(f" [{numbers[quote.article.id]}]\n", "cyan")
    return text.append("\n").append_text(render_sources(sources))


def render_sources(sources: list[Source], title: str = "") -> Text:
    """A block of numbered sources, each with its URL and with the command that shows the place."""
    text = Text()
    if title:
        text.append(title + "\n", "dim")
    for source in sources:
        number, _, rest = source.line().partition(" ")
        text.append(number, "cyan").append(f" {rest}\n")
        if source.article.url:
            text.append(f"    {safe(source.article.url, one_line=True)}\n", "blue")
        if also_in := source.also_in():
            text.append(f"    {also_in}\n")
        for command in source.commands():
            text.append(f"    {command}\n", "dim")
    return text


def refusal(answer: Answer) -> str:
    """`Not in my 4,872 articles (newest: 4 July 2023).`"""
    reach, asked, lines = answer.reach, answer.question, lines_for(answer.question.language)
    words = lines.words
    newest = words.newest.format(day=words.day(reach.newest)) if reach.newest else words.undated
    narrowed = {"--source": asked.source, "--since": asked.since, "--until": asked.until}
    flags = [flag for flag, value in narrowed.items() if value is not None]
    limit = lines.limited.format(flags=lines.listed(flags)) if flags else ""
    return f"{words.count(words.not_in, reach.articles)} ({newest}){limit}."
