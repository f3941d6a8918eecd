"""Explaining: why an answer is what it is. Its candidates with their scores, its confidence and its timings."""

from __future__ import annotations

from qabot.answering.answer import Answer
from qabot.answering.candidates import Candidate
from qabot.articles.headline import cut_at_word
from qabot.channels.cli.screen import Screen
from qabot.channels.cli.table import print_table

_ID_CHARS, _BEGINNING_CHARS = 32, 60


def explain(answer: Answer, threshold: float, console: Screen) -> None:
    """Prints how `answer` came about, to be read below it."""
    comparison = "at least" if answer.confidence >= threshold else "under"
    console.print(f"\nConfidence {answer.confidence:.3f}, {comparison} the threshold {threshold:g}.")
    console.print(f"Language of the question: {answer.question.language}.")
    console.print(f"Sentences chosen by {f'the {answer.reader}' if answer.reader else 'vectors and terms'}.")
    spent = ", ".join(f"{stage} {milliseconds:.1f}" for stage, milliseconds in answer.timings.items())
    console.print(f"Milliseconds: {spent}; together {sum(answer.timings.values()):.1f}.\n")
    rows = [
        (
            "none" if candidate.dense is None else f"{candidate.dense:.3f}",
            f"{candidate.lexical:.2f}",
            f"{candidate.fused:.3f}",
            cut_at_word(candidate.article.id, _ID_CHARS),
            _beginning(candidate),
        )
        for candidate in answer.candidates
    ]
    print_table(console, ("dense", "lexical", "fused", "article", "passage"), rows, numbers=3)


def _beginning(candidate: Candidate) -> str:
    start = candidate.passage.start
    text = candidate.article.text[start : min(candidate.passage.end, start + 4 * _BEGINNING_CHARS)]
    return cut_at_word(" ".join(text.split()), _BEGINNING_CHARS)
