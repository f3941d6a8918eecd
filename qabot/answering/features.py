"""Features: what the confidence of an answer is judged by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from qabot.answering.asked_names import NamesIn, across, name_runs, parts_of, sureness, terms_elsewhere
from qabot.answering.candidates import Candidate
from qabot.answering.sentences import QuestionTerms, ScoredSentence
from qabot.articles.article import Article
from qabot.index.analysis import analyzer_of, terms
from qabot.passages.context import indexed_text
from qabot.passages.passage import Passage
from qabot.questions.expectation import expectation, meets
from qabot.questions.preferences import imprint_of
from qabot.questions.question import Question

_NEAR = 5
"""Passages among which the names of the question are looked for."""

_USUAL_GAP = 0.15
"""The mean gap of the questions that the confidence was fitted to: where there is one article, it says nothing."""

_MUCH = 100.0
"""Nats of matched terms that count as 1: some twenty rare words."""

_MOST_TEXTS = 1_000_000
"""Passages of an index whose size counts as 1."""

_MOST_ODDS = 10.0
"""Log-odds of the reader from which it is as sure as can be."""


@dataclass(frozen=True, slots=True)
class Features:
    """All but `pair` in [0, 1]; of the best sentence and its passage unless said otherwise.

    similarity: how much nearer the question the sentence is than unrelated texts (`relatedness`); 0 if not compared.
    compared: 1 if it was.
    terms: share of the question's terms that the sentence holds, by rarity.
    matched: how much the terms that the passage holds say, whatever share of the question they are: the sum of
        their information, -log of the share of passages that hold them. Long questions match small shares. Names count
        too where they stand in another writing, half where only the frame of their sound is found.
    known: share of the question's terms that stand anywhere in the index, by rarity. Of a passage in another writing:
        share of the words of its names, since others cannot; 1 if it has none.
    names: share of the question's names and numbers that stand in one of the best passages, as written, or, in another
        writing, by their sound or as another language's abbreviation.
    expectation: 1 if the sentence holds the kind of thing that is asked for.
    gap: how far the passage's fused score is above the best one of another article; as usual if there is none.
    preferred: how far the article fits the outlets and the time asked for; 0 if nothing is asked for.
    outlets: share of the outlets asked for that the index has; 1 if none is asked for.
    size: logarithm of the number of passages. The more there are, the better the best one matches by chance.
    dense: as `similarity`, of the passage, 0 if it has no vector.
    sure: by the odds of the reader, the probability that this sentence answers rather than another one that was read,
        or none; 0 where no reader read.
    across: 1 if the article is in another language than the question.
    pair: the languages of question and article, as `ru-en`.
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
    across: float
    pair: str

    def as_tuple(self) -> tuple[float, ...]:
        """The numbers, in the order of `FEATURES`."""
        return astuple(self)[: len(FEATURES)]


FEATURES = tuple(field.name for field in fields(Features) if field.name != "pair")


def features(
    question: Question,
    sentences: Sequence[ScoredSentence],
    candidates: Sequence[Candidate],
    question_terms: QuestionTerms,
) -> Features:
    """The features of an answer whose first quote is made of the first of `sentences`, which are all that were read."""
    best = sentences[0]
    article, candidate = best.article, best.candidate
    sentence = article.text[best.span.start : best.span.end]
    names = [name for name in name_runs(question.read_as) if parts_of([name])]
    near = [NamesIn(question.read_as, one.article, one.passage) for one in candidates[:_NEAR]]
    others = [other.fused for other in candidates if other.article.id != article.id]
    asked_for = question.preferences.outlets.named or (question.preferences.time and question.preferences.time.periods)
    return Features(
        similarity=best.similarity or 0.0,
        compared=float(best.similarity is not None),
        terms=best.terms,
        matched=_matched(question, article, candidate.passage, question_terms),
        known=_known(question, names, article.language, question_terms),
        names=_names_found(names, near),
        expectation=float(meets(expectation(question.read_as), sentence, question.read_as)),
        gap=max(candidate.fused - max(others), 0.0) if others else _USUAL_GAP,
        preferred=question.preferences.share(imprint_of(article)) if asked_for else 0.0,
        outlets=question.preferences.outlets.share,
        size=min(math.log(question_terms.texts) / math.log(_MOST_TEXTS), 1.0),
        dense=max(candidate.dense or 0.0, 0.0),
        sure=_sure(best.read, sentences),
        across=float(question.language != article.language),
        pair=pair_of(question.language, article.language),
    )


def pair_of(asked: str, told: str) -> str:
    """The languages of a question and of what answers it, as `ru-en`."""
    return f"{asked}-{told}"


def _sure(odds: float | None, sentences: Sequence[ScoredSentence]) -> float:
    if odds is None:
        return 0.0
    others = sum(math.exp(min(one.read, _MOST_ODDS)) for one in sentences if one.read is not None)
    return math.exp(min(odds, _MOST_ODDS)) / (1 + others)


def _matched(question: Question, article: Article, passage: Passage, question_terms: QuestionTerms) -> float:
    analyzer = analyzer_of(article.language)
    held = set(terms(indexed_text(article, passage), analyzer)) & question_terms.rarity(analyzer).keys()
    nats = sum(question_terms.information(term, analyzer) for term in sorted(held))
    elsewhere = NamesIn(question.read_as, article, passage).found_elsewhere()
    nats += sum(sure * question_terms.name_information(name) for name, sure in elsewhere.items())
    return min(nats / _MUCH, 1.0)


def _known(question: Question, names: Sequence[str], language: str, question_terms: QuestionTerms) -> float:
    if across(question.language, language):
        return _names_known(names, question.read_as, language, question_terms)
    analyzer = analyzer_of(language)
    rarity = question_terms.rarity(analyzer)
    return sum(weight for term, weight in rarity.items() if question_terms.frequency(term, analyzer))


def _names_known(names: Sequence[str], question: str, language: str, question_terms: QuestionTerms) -> float:
    """As `_known`, of the names alone, each word the same: others cannot stand in a text in another writing."""
    elsewhere, analyzer = terms_elsewhere(question, language), analyzer_of(language)
    parts = parts_of(names)
    sure = [
        1.0
        if any(question_terms.frequency(term, analyzer) for term in terms(part, analyzer))
        else max(
            (sureness(name) for name in elsewhere.get(part, ()) if question_terms.name_frequency(name)), default=0.0
        )
        for part in parts
    ]
    return sum(sure) / len(sure) if sure else 1.0


def _names_found(names: Sequence[str], passages: Sequence[NamesIn]) -> float:
    if not names:
        return 1.0
    return sum(max(passage.surely(name) for passage in passages) for name in names) / len(names)
