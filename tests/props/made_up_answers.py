"""Answers as the engine gives them, from made-up articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from qabot.answering.answer import Answer, Quote, Reach
from qabot.answering.candidates import Candidate
from qabot.answering.sentences import ScoredSentence
from qabot.articles.article import Article, canonical
from qabot.index.store import Edition
from qabot.passages.passage import Passage, Span
from qabot.questions.outlets import OutletReading
from qabot.questions.preferences import Preferences
from qabot.questions.question import Question
from qabot.questions.times.reading import TimeReading

JULY = datetime(2023, 7, 4, tzinfo=UTC)
DAM = Article(
    "dam",
    "Almaty opens a dam",
    "Almaty opened a dam on Monday.\n\nThe dam cost 12 million dollars. Its wall is 150 metres high.",
    JULY,
    "Kazinform",
    url="https://example.org/dam",
    language="en",
)
BEES = Article("bees", "Bees counted", "Beekeepers counted 11,000 hives. They blame mites.", None, None, language="en")


def short_id(article_id: str) -> str:
    """The bot's short id of an article."""
    return f"s{sum(article_id.encode())}"


def quote(article: Article, words: str, also_in: Sequence[Edition] = ()) -> Quote:
    start = article.text.index(words)
    return Quote(article, start, start + len(words), 1.0, tuple(also_in))


def article(text: str, title: str = "A headline", source: str | None = "Kazinform", url: str | None = None) -> Article:
    return Article(f"a{len(text)}", canonical(title), canonical(text), JULY, source and canonical(source), url=url)


def answer(
    *quotes: Quote,
    question: str = "What did the dam cost?",
    readings: Sequence[str] = (),
    nearest: Sequence[Article] = (),
    further: Sequence[Quote] = (),
    confidence: float = 0.9,
    disagreeing: bool = False,
    named: Sequence[str] = (),
    missing: Sequence[str] = (),
    time: TimeReading | None = None,
    articles: int = 4872,
    newest: str | None = "2023-07-04",
) -> Answer:
    """An answer with `quotes`, or a "not found" without any; `further` are sentences that were read too."""
    sentences = [
        ScoredSentence(
            one.article,
            Span(one.start, one.end),
            Candidate(key, Passage(one.article.id, (Span(one.start, one.end),)), one.article, None, 1.0, 1.0, 1.0),
            1.0,
            None,
            None,
            1.0,
        )
        for key, one in enumerate([*quotes, *further])
    ]
    preferences = Preferences(OutletReading(frozenset(named), tuple(missing)), time)
    return Answer(
        question=Question(question, "en", (*readings, question), preferences),
        verdict="answered" if quotes else "not found",
        confidence=confidence,
        quotes=quotes,
        disagreeing=disagreeing,
        nearest=tuple(nearest),
        reach=Reach("000001-20230704T1000Z", articles, 3 * articles, newest),
        timings={},
        candidates=(),
        sentences=tuple(sentences),
        features=None,
    )
