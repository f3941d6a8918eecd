"""Features: what the confidence of an answer is judged by."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from qabot.answering.candidates import Candidate
from qabot.answering.sentences import QuestionTerms, ScoredSentence
from qabot.index.analysis import analyzer_of, terms
from qabot.passages.context import indexed_text
from qabot.questions.expectation import expectation, meets
from qabot.questions.preferences import imprint_of
from qabot.questions.question import Question

_NEAR = 5
"""Passages among which the names of the question are looked for."""

_MUCH = 100.0
"""Nats of matched terms that count as 1: some twenty rare words."""

_MOST_TEXTS = 1_000_000
"""Passages of an index whose size counts as 1."""

_MOST_ODDS = 10.0
"""Log-odds of the reader from which it is as sure as can be."""

_WORD = re.compile(r"\w+(?:[-’']\w+)*")


@dataclass(frozen=True, slots=True)
class Features:
    """All in [0, 1]; of the best sentence and its passage unless said otherwise.

    similarity: cosine of sentence and question, 0 if it was not compared.
    compared: 1 if it was.
    terms: share of the question's terms that the sentence holds, by rarity.
    matched: how much the terms that the passage holds say, whatever share of the question they are: the sum of
        their information, -log of the share of passages that hold them. Long questions match small shares.
    known: share of the question's terms that stand anywhere in the index, by rarity.
    names: share of the question's names and numbers that stand as written in one of the best passages.
    expectation: 1 if the sentence holds the kind of thing that is asked for.
    gap: how far the passage's fused score is above the best one of another article.
    preferred: how far the article fits the outlets and the time asked for; 0 if nothing is asked for.
    outlets: share of the outlets asked for that the index has; 1 if none is asked for.
    size: logarithm of the number of passages. The more there are, the better the best one matches by chance.
    dense: cosine of passage and question, 0 if it has none.
    sure: by the odds of the reader, the probability that this sentence answers rather than another one that was read,
        or none; 0 where no reader read.
    """

    similarity: float
    compared: float
    terms: float
    matched: float
    known: float
    names: float
    expectation: float
    gap: float
    preferred: float
    outlets: float
    size: float
    dense: float
    sure: float

    def as_tuple(self) -> tuple[float, ...]:
        return astuple(self)


FEATURES = tuple(field.name for field in fields(Features))


def features(
    question: Question,
    sentences: Sequence[ScoredSentence],
    candidates: Sequence[Candidate],
    question_terms: QuestionTerms,
) -> Features:
    """The features of an answer whose first quote is made of the first of `sentences`, which are all that were read."""
    best = sentences[0]
    article, candidate = best.article, best.candidate
    analyzer = analyzer_of(article.language)
    sentence = article.text[best.span.start : best.span.end]
    others = [other.fused for other in candidates if other.article.id != article.id]
    asked_for = question.preferences.outlets.named or (question.preferences.time and question.preferences.time.periods)
    return Features(
        similarity=best.similarity or 0.0,
        compared=float(best.similarity is not None),
        terms=best.terms,
        matched=_matched(indexed_text(article, candidate.passage), analyzer, question_terms),
        known=_known(analyzer, question_terms),
        names=_names_found(question, candidates[:_NEAR], analyzer),
        expectation=float(meets(expectation(question.read_as), sentence, question.read_as)),
        gap=max(candidate.fused - max(others, default=0.0), 0.0),
        preferred=question.preferences.share(imprint_of(article)) if asked_for else 0.0,
        outlets=question.preferences.outlets.share,
        size=min(math.log(question_terms.texts) / math.log(_MOST_TEXTS), 1.0),
        dense=max(candidate.dense or 0.0, 0.0),
        sure=_sure(best.read, sentences),
    )


def _sure(odds: float | None, sentences: Sequence[ScoredSentence]) -> float:
    if odds is None:
        return 0.0
    others = sum(math.exp(min(one.read, _MOST_ODDS)) for one in sentences if one.read is not None)
    return math.exp(min(odds, _MOST_ODDS)) / (1 + others)


def _matched(passage: str, analyzer: str, question_terms: QuestionTerms) -> float:
    held = set(terms(passage, analyzer)) & question_terms.rarity(analyzer).keys()
    return min(sum(question_terms.information(term, analyzer) for term in sorted(held)) / _MUCH, 1.0)


def _known(analyzer: str, question_terms: QuestionTerms) -> float:
    rarity = question_terms.rarity(analyzer)
    return sum(weight for term, weight in rarity.items() if question_terms.frequency(term, analyzer))


def _names_found(question: Question, candidates: Sequence[Candidate], analyzer: str) -> float:
    wanted = [_spaced(name, analyzer) for name in name_runs(question.read_as)]
    wanted = [name for name in wanted if name.strip()]
    if not wanted:
        return 1.0
    passages = [_spaced(indexed_text(near.article, near.passage), analyzer) for near in candidates]
    return sum(any(name in passage for passage in passages) for name in wanted) / len(wanted)


def _spaced(text: str, analyzer: str) -> str:
    """The terms of `text` in a row, a space around each."""
    return f" {' '.join(terms(text, analyzer))} "


def name_runs(question: str) -> list[str]:
    """Names of one or more words: runs of words that are capitalised or have a digit, but for the first word."""
    spans: list[tuple[int, int]] = []
    for word in list(_WORD.finditer(question))[1:]:
        if not (word.group()[0].isupper() or any(character.isdigit() for character in word.group())):
            continue
        if spans and question[spans[-1][1] : word.start()] == " ":
            spans[-1] = spans[-1][0], word.end()
        else:
            spans.append(word.span())
    return [question[start:end] for start, end in spans]
