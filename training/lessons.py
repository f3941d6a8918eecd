"""Lessons: for each question a few passages, one that answers and others that do not, made to look like news."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.questions import Text, TrainingQuestion

OUTLETS = (
    "Kazinform",
    "Reuters",
    "The Daily Post",
    "AP",
    "Morning Herald",
    "Wikipedia",
    "BBC News",
    "The Steppe Times",
)
CITIES = ("ASTANA", "LONDON", "GENEVA", "ALMATY", "WASHINGTON", "PARIS", "TOKYO", "NAIROBI")
MONTHS = "January February March April May June July August September October November December".split()

DRESSED = 0.5
"""Share of passages that get an outlet and a day in their context line, as news have."""
DATELINED = 0.08
SHORTENED = 0.15
"""Share of passages of which only a stretch is kept, so that lengths vary."""
FROM_INDEX = 0.6
"""Share of answering passages that are taken as qabot's own search cut them, where it found them."""

_NUMBER = re.compile(r"(?<!\w)\d[\d,.]*\d|(?<!\w)\d(?!\w)")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")


@dataclass(frozen=True, slots=True)
class Read:
    """One pass of the reader: a question, the context line of a passage, its sentences, and which of them answer."""

    question: str
    context: str
    sentences: tuple[str, ...]
    answers: frozenset[int]


def lesson(
    question: TrainingQuestion, neighbours: Sequence[Text], names: Sequence[str], chance: random.Random
) -> list[Read]:
    """The passages to read for `question`: the one that answers first, then hard ones that do not.

    - a passage high in the search that does not hold the answer;
    - one of: another from further down; the answering passage without its answer; the answering passage under a
      question in which a number or a name was exchanged.

    Args:
        question: with its own passage.
        neighbours: what the search found for the question, best first.
        names: names to exchange for those in a question.
        chance: the same chance gives the same lesson.
    """
    others = [text for text in neighbours if not text.answers and not question.answered_by(" ".join(text.sentences))]
    found = [text for text in neighbours if text.answers]
    gold = chance.choice(found) if found and chance.random() < FROM_INDEX else question.text
    reads = [_dressed(question.question, gold, chance)]
    if others:
        reads.append(_dressed(question.question, others[min(int(chance.expovariate(0.7)), len(others) - 1)], chance))
    kind = chance.random()
    if kind < 0.3 and (without := _without_answer(gold)):
        reads.append(_dressed(question.question, without, chance))
    elif kind < 0.6 and (other := exchanged(question.question, gold, names, chance)):
        reads.append(_dressed(other, replace(gold, answers=frozenset()), chance))
    elif len(others) > 1:
        reads.append(_dressed(question.question, chance.choice(others[1:]), chance))
    return reads


def _without_answer(text: Text) -> Text | None:
    left = tuple(sentence for number, sentence in enumerate(text.sentences) if number not in text.answers)
    return replace(text, sentences=left, answers=frozenset()) if left else None


def exchanged(question: str, text: Text, names: Sequence[str], chance: random.Random) -> str | None:
    """`question` with one of its numbers or names exchanged, so that `text` no longer answers it; None if it has none.

    What is exchanged stands in the text too: so every other word of the question still fits.
    """
    body = " ".join(text.sentences)
    numbers = [match for match in _NUMBER.finditer(question) if match[0] in body]
    held = [match[0] for match in _NAME.finditer(body) if match[0].lower() in question.lower()]
    if numbers and (not held or chance.random() < 0.5):
        match = chance.choice(numbers)
        return question[: match.start()] + _other_number(match[0], chance) + question[match.end() :]
    others = [name for name in names if name.lower() not in body.lower()]
    if not held or not others:
        return None
    name = chance.choice(held)
    return re.sub(re.escape(name), lambda _: chance.choice(others), question, count=1, flags=re.IGNORECASE)


def _other_number(number: str, chance: random.Random) -> str:
    digits = number.replace(",", "").replace(".", "")
    if len(digits) == 4 and digits[:2] in {"17", "18", "19", "20"}:
        return str(int(digits) + chance.choice((-23, -11, -4, -2, -1, 1, 2, 3, 7, 12)))
    return str(int(digits) + chance.randint(1, max(3, int(digits))))


def _dressed(question: str, text: Text, chance: random.Random) -> Read:
    """The read of a passage under a context line such as news have."""
    sentences, answers = list(text.sentences), set(text.answers)
    if len(sentences) > 3 and chance.random() < SHORTENED:
        first = chance.randint(0, min(answers or {len(sentences) - 2}))
        last = chance.randint(max(answers or {first}) + 1, len(sentences))
        sentences, answers = sentences[first:last], {number - first for number in answers}
    context = text.title
    if chance.random() < DRESSED:
        day = f"{chance.randint(1, 28)} {chance.choice(MONTHS)} {chance.randint(1995, 2025)}"
        outlet = chance.choice(OUTLETS)
        context = ". ".join(part for part in (context, f"{outlet}, {day}") if part)
        if chance.random() < DATELINED * 2:
            sentences[0] = f"{chance.choice(CITIES)} ({outlet}) - {sentences[0]}"
    return Read(question, context, tuple(sentences), frozenset(answers))


def names_in(texts: Sequence[Text], most: int = 3000) -> list[str]:
    """Names of the texts, for `exchanged`, sorted."""
    found = {match[0] for text in texts for sentence in text.sentences for match in _NAME.finditer(sentence)}
    return sorted(found)[:: max(1, len(found) // most)]
