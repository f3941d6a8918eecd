"""Neighbours: the passages that qabot's own search finds for each question, which is what the reader will be given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from qabot.answering.candidates import Searching, find_candidates
from qabot.encoders.models import load_encoder
from qabot.encoders.unrelated import mean_of_unrelated
from qabot.index.building import build
from qabot.index.generation import open_current
from qabot.questions.outlets import OutletNames
from qabot.questions.question import About, understand
from qabot.settings import Settings, load_settings
from training.errors import TrainingError
from training.questions import Text, TrainingQuestion, lines_of

KEPT = 12
"""Passages kept for each question."""

_MODEL = "all-minilm-l6-v2"
"""What embeds: the articles are all in English, and it takes half the time of the default."""

_ABOUT = About(OutletNames([]), None)
_ASKED = date(2020, 1, 1)
"""Encyclopedic questions: neither outlets nor the day of asking mean anything."""


def find_neighbours(questions: Sequence[TrainingQuestion], articles: Path, home: Path) -> list[list[Text]]:
    """For each question the passages found for it, best first, with the sentences that answer it marked.

    Args:
        questions: their own passages become articles too, so that they can be found.
        articles: a `.jsonl` of further articles.
        home: a folder for the index; used again if it is there.

    Raises:
        TrainingError: `articles` cannot be read, or a line of it is no article.
        QabotError: the index cannot be made.
    """
    settings = _settings(home, articles, questions)
    encoder = load_encoder(settings)
    build(settings, encoder)
    unrelated = mean_of_unrelated(encoder)
    found: list[list[Text]] = []
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        for question in questions:
            asked = understand(question.question, _ABOUT, _ASKED, settings.max_question_chars)
            vectors = encoder.encode_questions(asked.readings)
            how = replace(Searching.of(settings, vectors @ unrelated), preference_weight=0.0, repeat_penalty=0.0)
            texts = []
            for candidate in find_candidates(generation, asked, vectors, how, KEPT):
                body = candidate.article.text
                sentences = tuple(body[start:end] for start, end in candidate.passage.sentences)
                answers = frozenset(n for n, sentence in enumerate(sentences) if _answers(question, sentence))
                texts.append(Text(candidate.article.title, sentences, answers))
            found.append(texts)
    return found


def _answers(question: TrainingQuestion, sentence: str) -> bool:
    return any(question.text.sentences[number] == sentence for number in question.text.answers)


def _settings(home: Path, articles: Path, questions: Sequence[TrainingQuestion]) -> Settings:
    """The settings of a home whose seeds are `articles` and the passages of other articles that the questions bring."""
    lines = list(lines_of(articles))
    titles = {_title(line, articles, number) for number, line in enumerate(lines, start=1)}
    own: dict[str, dict[str, str]] = {}
    for question in questions:
        if question.text.title and question.text.title not in titles:
            text = " ".join(question.text.sentences)
            own.setdefault(text, {"title": question.text.title, "text": text, "id": f"own-{len(own)}"})
    seeds = home / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (seeds / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    records = [json.dumps(record, ensure_ascii=False) for record in own.values()]
    (seeds / "passages.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")
    return load_settings(home, model=_MODEL)


def _title(line: str, path: Path, number: int) -> str:
    try:
        return str(json.loads(line)["title"])
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path}, line {number} is no article: {error!r}") from error
