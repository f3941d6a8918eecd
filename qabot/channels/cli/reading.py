"""How a question was read, in words: as a follow-up, with a time, with outlets."""

from __future__ import annotations

from dataclasses import replace

from qabot.answering.answer import Answer
from qabot.channels.cli.terminal import safe
from qabot.questions.preferences import imprint_of, nearness
from qabot.questions.times.describing import describe


def reading_lines(answer: Answer) -> list[str]:
    """A line for each thing that was read into the question; none for a plain one."""
    asked = answer.question
    time, outlets = asked.preferences.time, asked.preferences.outlets
    lines = []
    if asked.read_as != asked.text:
        lines.append(f"Read as: {asked.read_as}")
    latest = time is not None and time.latest
    wanted = [describe(replace(time, latest=False), "en")] if time and time.periods else []
    if outlets.named:
        wanted.append(f"from {' or '.join(sorted(outlets.named))}")
    if wanted or latest:
        articles = "the newest articles" if latest else "articles"
        lines.append(f"Looking first at {' '.join(filter(None, (articles, ', '.join(wanted))))}.")
    if outlets.missing:
        lines.append(f"None of the articles is from {' or '.join(outlets.missing)}.")
    if time and time.periods and answer.found and not _published_then(answer):
        lines.append("None of those answers, so all articles were asked.")
    if answer.disagreeing:
        lines.append("The articles disagree; the newest comes first.")
    return [safe(line, one_line=True) for line in lines]


def _published_then(answer: Answer) -> bool:
    time = answer.question.preferences.time
    periods = time.periods if time else ()
    return any(nearness(imprint_of(quote.article).day, periods) == 1 for quote in answer.quotes)
