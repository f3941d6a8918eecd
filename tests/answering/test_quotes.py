"""Quotes: how many, and where a sentence takes its neighbour along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qabot.answering.candidates import Candidate
from qabot.answering.quotes import choose_quotes, with_neighbour, without_stray_marks
from qabot.answering.sentences import ScoredSentence
from qabot.articles.article import Article
from qabot.passages.passage import Passage, Span
from qabot.passages.sentences import split_sentences


def article(text: str, language: str = "en") -> Article:
    return Article("a", "T", text, language=language)


def spans(text: str, language: str = "en") -> list[Span]:
    return [span for paragraph in split_sentences(text, language) for span in paragraph]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor spoke. He promised a bridge.",
        "The mayor spoke. «They will get it,» he said.",
        "A dam broke. This is the third one this year.",
        "The laws passed. These are the strictest yet.",
        "The laws passed.\n\nIts author was not there.",
    ],
)
def test_a_sentence_that_leans_on_the_one_before_takes_it_along(text: str) -> None:
    last = spans(text)[-1]
    assert with_neighbour(article(text), last) == Span(0, len(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Мэр выступил. Он пообещал мост.", "ru"),
        ("Плотину прорвало. Это третий случай за год.", "ru"),
        ("Әкім сөз сөйледі. Ол көпір салуға уәде берді.", "kk"),
    ],
)
def test_it_does_so_in_russian_and_kazakh(text: str, language: str) -> None:
    assert with_neighbour(article(text, language), spans(text, language)[-1]) == Span(0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "The mayor spoke. This comprehensive document includes ten measures.",
        "The mayor spoke. Italy won.",
        "The mayor spoke. Heaven waits.",
        "The mayor spoke. A bridge is promised.",
    ],
)
def test_a_sentence_that_stands_alone_stays_alone(text: str) -> None:
    last = spans(text)[-1]
    assert with_neighbour(article(text), last) == last


def test_the_first_sentence_has_no_neighbour() -> None:
    text = "He promised a bridge. The mayor left."
    assert with_neighbour(article(text), spans(text)[0]) == spans(text)[0]


def scored(source: Article, span: Span, score: float) -> ScoredSentence:
    candidate = Candidate(1, Passage(source.id, (span,)), source, None, 1.0, 1.0, 1.0)
    return ScoredSentence(source, span, candidate, 1.0, None, None, score)


def test_quotes_are_the_best_sentences_and_those_nearly_as_good() -> None:
    source = article("One is here. Two is there. Three is far. Four is gone.")
    one, two, three, four = spans(source.text)
    sentences = [
        scored(source, three, 0.9),
        scored(source, one, 0.8),
        scored(source, four, 0.3),
        scored(source, two, 0.1),
    ]
    assert [(quote.start, quote.end) for quote in choose_quotes(sentences, 3)] == [three, one]
    assert [(quote.start, quote.end) for quote in choose_quotes(sentences, 1)] == [three]


def test_a_sentence_inside_an_earlier_quote_is_not_quoted_again() -> None:
    source = article("The mayor spoke. He promised a bridge.")
    first, second = spans(source.text)
    quotes = choose_quotes([scored(source, second, 0.9), scored(source, first, 0.9)], 3)
    assert [(quote.start, quote.end) for quote in quotes] == [(first.start, second.end)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("«Special attention is needed.", "Special attention is needed."),
        ("This meets our interests,» said Tokayev.", "This meets our interests,» said Tokayev."),
        ("We will go on.»", "We will go on."),
        ("«We go on,» he said.", "«We go on,» he said."),
        ("The plan «Unity.»", "The plan «Unity.»"),
        ("“We will go on.", "We will go on."),
        ("«»", "«»"),
        ("«", "«"),
    ],
)
def test_a_mark_whose_partner_stands_outside_is_left_out(text: str, quoted: str) -> None:
    start, end = without_stray_marks(article(text), Span(0, len(text)))
    assert text[start:end] == quoted


def test_the_same_words_are_quoted_once() -> None:
    source = article("The dam broke at noon. People fled.\n\nPhoto: agency. The dam  broke at noon.")
    sentences = [scored(source, span, 0.9) for span in spans(source.text)]
    assert [source.text[quote.start : quote.end] for quote in choose_quotes(sentences, 5)] == [
        "The dam broke at noon.",
        "People fled.",
        "Photo: agency.",
    ]


@pytest.mark.parametrize(
    ("second", "read", "several", "shown"),
    [
        (0.75, None, False, 1),
        (0.75, 2.0, False, 2),
        (0.65, 2.0, False, 1),
        (0.65, 2.0, True, 2),
        (0.55, 2.0, True, 1),
    ],
)
def test_how_good_a_further_quote_must_be_depends_on_the_reader_and_on_what_is_wanted(
    second: float, read: float | None, several: bool, shown: int
) -> None:
    source = article("One is here. Two is there.")
    sentences = [
        replace(scored(source, span, score), read=read)
        for span, score in zip(spans(source.text), (1.0, second), strict=True)
    ]
    assert len(choose_quotes(sentences, 3, several=several)) == shown


def test_no_sentence_gives_no_quote() -> None:
    assert choose_quotes([], 3) == []
