"""How a question was read, in words: as a follow-up, with a time, with outlets."""

from __future__ import annotations

from dataclasses import replace

from qabot.answering.answer import Answer
from qabot.channels.cli.terminal import safe
from qabot.channels.cli.wording import lines_for
from qabot.questions.preferences import imprint_of, nearness
from qabot.questions.times.describing import describe


def reading_lines(answer: Answer) -> list[str]:
    """A line for each thing that was read into the question; none for a plain one."""
    asked, said = answer.question, lines_for(answer.question.language)
    time, outlets, words = asked.preferences.time, asked.preferences.outlets, said.words
    lines = []
    if asked.read_as != asked.text:
        lines.append(words.read_as.format(question=asked.read_as))
    latest = time is not None and time.latest
    wanted = [describe(replace(time, latest=False), words.code)] if time and time.periods else []
    if outlets.named:
        wanted.append(words.from_outlets.format(names=words.listed_either(sorted(outlets.named))))
    if wanted or latest:
        form = words.looking_newest if latest else words.looking_first
        lines.append(form.format(wanted=words.wanted.format(", ".join(wanted)) if wanted else ""))
    if outlets.missing:
        lines.append(said.missing_outlets.format(names=words.listed_either(outlets.missing)))
    if time and time.periods and answer.found and not _published_then(answer):
        lines.append(said.none_from_then)
    if answer.disagreeing:
        lines.append(said.disagreeing)
    return [safe(line, one_line=True) for line in lines]


def _published_then(answer: Answer) -> bool:
    time = answer.question.preferences.time
    periods = time.periods if time else ()
    return any(nearness(imprint_of(quote.article).day, periods) == 1 for quote in answer.quotes)
