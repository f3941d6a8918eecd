"""Features: what the confidence of an answer is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from qabot.answering.candidates import Candidate
from qabot.answering.sentences import QuestionTerms, ScoredSentence
from qabot.articles.article import Article
from qabot.index.analysis import analyzer_of, terms
from qabot.passages.context import context_line, indexed_text
from qabot.questions.expectation import expectation, meets, names
from qabot.questions.preferences import imprint_of
from qabot.questions.question import Question

_AGREEING = 5
"""Ranks that count as near the top of an arm."""


@dataclass(frozen=True, slots=True)
class Features:
    """All in [0, 1]; of the best sentence unless said otherwise.

    similarity: cosine with the question, 0 if it was not compared.
    compared: 1 if it was.
    terms: share of the question's terms in the sentence.
    passage_terms: the same for its passage with the context line.
    names: share of the question's names and numbers that its article holds.
    expectation: 1 if the sentence holds the kind of thing that is asked for.
    dense: cosine of question and passage.
    gap: how far the passage's fused score is above the best one of another article.
    agreement: 1 if the passage is near the top of both arms.
    outlets: share of the outlets asked for that the index has; 1 if none is asked for.
    preferred: how far the article fits the outlets and the time asked for; 1 if nothing is asked for.
    """

    similarity: float
    compared: float
    terms: float
    passage_terms: float
    names: float
    expectation: float
    dense: float
    gap: float
    agreement: float
    outlets: float
    preferred: float

    def as_tuple(self) -> tuple[float, ...]:
        return astuple(self)


FEATURES = tuple(field.name for field in fields(Features))


def features(
    question: Question,
    best: ScoredSentence,
    candidates: Sequence[Candidate],
    question_terms: QuestionTerms,
) -> Features:
    """The features of an answer whose first quote is made of `best`."""
    article, candidate = best.article, best.candidate
    passage = indexed_text(article, candidate.passage)
    sentence = article.text[best.span.start : best.span.end]
    others = [other.fused for other in candidates if other.article.id != article.id]
    return Features(
        similarity=best.similarity or 0.0,
        compared=float(best.similarity is not None),
        terms=best.terms,
        passage_terms=question_terms.share(passage, article.language),
        names=_names_found(question, article),
        expectation=float(meets(expectation(question.read_as), sentence, question.read_as)),
        dense=max(candidate.dense or 0.0, 0.0),
        gap=max(candidate.fused - max(others, default=0.0), 0.0),
        agreement=float(_near_top(candidate, candidates)),
        outlets=question.preferences.outlets.share,
        preferred=question.preferences.share(imprint_of(article)),
    )


def _names_found(question: Question, article: Article) -> float:
    analyzer = analyzer_of(article.language)
    wanted = set(terms(" ".join(names(question.read_as)), analyzer))
    if not wanted:
        return 1.0
    return len(wanted & set(terms(f"{context_line(article)}\n{article.text}", analyzer))) / len(wanted)


def _near_top(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    by_meaning = sorted((other.dense or 0.0 for other in candidates), reverse=True)[:_AGREEING]
    by_terms = sorted((other.lexical for other in candidates), reverse=True)[:_AGREEING]
    return (candidate.dense or 0.0) >= by_meaning[-1] and candidate.lexical >= by_terms[-1]
