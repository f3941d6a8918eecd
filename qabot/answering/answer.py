"""Quote and Answer: what asking gives. A quote holds no text of its own; it reads the stored article."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

from qabot.answering.candidates import Candidate
from qabot.answering.citation import Citation, cite
from qabot.answering.features import Features
from qabot.answering.sentences import ScoredSentence
from qabot.articles.article import Article, published_iso
from qabot.index.store import Edition
from qabot.passages.paragraphs import paragraphs
from qabot.passages.passage import Span
from qabot.questions.conversation import Conversation
from qabot.questions.question import Question

UNSURE = 0.6
"""Confidence under which an answer is called possible."""

Verdict = Literal["answered", "not found"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Code points [start, end) of an article.

    `score` orders the quotes of one answer; `also_in` are other articles that tell the same in nearly the same words.
    """

    article: Article = field(repr=False)
    start: int
    end: int
    score: float
    also_in: tuple[Edition, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def citation(self) -> Citation:
        return cite(self.article, self.start, self.end)

    @property
    def paragraph(self) -> int:
        """Number of the paragraph that the quote starts in, from 1."""
        return 1 + sum(span.end <= self.start for span in paragraphs(self.article.text))

    @property
    def page(self) -> int | None:
        """Number of the page that the quote starts on, from 1; None where the article has no pages."""
        pages = self.article.pages
        return bisect_right(pages, self.start) + 1 if pages else None

    @property
    def context(self) -> Span:
        """The span of the paragraph (or paragraphs) that the quote stands in."""
        around = [span for span in paragraphs(self.article.text) if span.start < self.end and self.start < span.end]
        return Span(min(self.start, around[0].start), max(self.end, around[-1].end))

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "article": self.article.id,
            "start": self.start,
            "end": self.end,
            "citation": str(self.citation),
            "page": self.page,
            "paragraph": self.paragraph,
            "score": round(self.score, 4),
            **_about(self.article),
            "also_in": [
                {
                    "article": edition.id,
                    "title": edition.title,
                    "source": edition.source,
                    "published": published_iso(edition.published),
                    "url": edition.url,
                }
                for edition in self.also_in
            ],
        }


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the articles reach: what an honest no is said about. `newest` is an ISO date or time."""

    generation: str
    articles: int
    passages: int
    newest: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say to a question.

    `confidence` is the probability that the first quote answers it. Where the verdict is "not found" there are
    no quotes, and `nearest` has the articles that came closest. `disagreeing` says that quotes of different days give
    different figures; they then stand newest first. `timings` are milliseconds by stage. `candidates`, `sentences`
    (those that were read, best first) and `features` say how the answer came about; `reader` names the one that scored
    the sentences, None if vectors and terms did.
    """

    question: Question
    verdict: Verdict
    confidence: float
    quotes: tuple[Quote, ...]
    disagreeing: bool
    nearest: tuple[Article, ...] = field(repr=False)
    reach: Reach
    timings: dict[str, float] = field(repr=False)
    candidates: tuple[Candidate, ...] = field(repr=False)
    sentences: tuple[ScoredSentence, ...] = field(repr=False)
    features: Features | None = field(repr=False)
    reader: str | None = None

    @property
    def found(self) -> bool:
        return self.verdict == "answered"

    @property
    def unsure(self) -> bool:
        """Whether what answers should be called possible only."""
        return self.confidence < UNSURE

    def continue_conversation(self, conversation: Conversation) -> Conversation:
        """`conversation` with this question and what was quoted to it, for the next question."""
        if not self.quotes:
            return conversation.with_turn(self.question.text)
        best = self.quotes[0]
        return conversation.with_turn(self.question.text, best.text, best.article.title)

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """The answer as JSON, of the form that docs/answer.schema.json describes; every channel gives this one.

        Args:
            explain: add the candidates with their scores.
        """
        result: dict[str, Any] = {
            "question": self.question.to_dict(),
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "quotes": [quote.to_dict() for quote in self.quotes],
            "disagreeing": self.disagreeing,
            "reader": self.reader,
            "nearest": [{"article": article.id, **_about(article)} for article in self.nearest],
            "index": {
                "generation": self.reach.generation,
                "articles": self.reach.articles,
                "passages": self.reach.passages,
                "newest": self.reach.newest,
            },
            "timings_ms": {stage: round(spent, 2) for stage, spent in self.timings.items()},
        }
        if explain:
            result["candidates"] = [candidate.to_dict() for candidate in self.candidates]
        return result


def _about(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "source": article.source,
        "published": published_iso(article.published),
        "url": article.url,
        "language": article.language,
    }
