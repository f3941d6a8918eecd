"""Features: what each of them measures, on hand-computed cases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qabot.answering.candidates import Candidate
from qabot.answering.features import FEATURES, Features, features
from qabot.answering.sentences import QuestionTerms, ScoredSentence
from qabot.articles.article import Article
from qabot.index.terms import Terms, TermsWriter
from qabot.passages.passage import Passage, Span
from qabot.questions.outlets import OutletNames
from qabot.questions.question import About, Question, understand

DAM = "Almaty opened a dam on Monday. The dam cost 12 million dollars."
BEES = "Beekeepers in Slovenia counted hives. They blame mites."
SECOND = Span(31, len(DAM))
IMAGINED = 1000
"""Passages that the rarity of terms is told among, besides those of the index."""


@pytest.fixture
def index(tmp_path: Path) -> Terms:
    """The terms of two passages."""
    writer = TermsWriter(tmp_path / "terms")
    writer.add(1, 1, DAM, "en")
    writer.add(2, 2, BEES, "en")
    writer.close()
    return Terms(tmp_path / "terms", ["en"])


def asked(text: str) -> Question:
    return understand(text, About(OutletNames(["Kazinform", "Zakon"]), None), date(2024, 5, 1), 2000)


def article(name: str, text: str) -> Article:
    return Article(id=name, title="", text=text, source="Kazinform", language="en")


def candidate(of: Article, fused: float) -> Candidate:
    passage = Passage(of.id, (Span(0, len(of.text)),))
    return Candidate(1, passage, of, dense=0.5, lexical=3.0, fused=fused, score=fused)


def judged(
    question: str, index: Terms, *, similarity: float | None = 0.75, share: float = 0.5, odds: Sequence[float] = ()
) -> Features:
    """The features where the dam's second sentence is best, and an article about bees second; `odds` of a reader for as
    many sentences."""
    of = article("dam", DAM)
    best = candidate(of, 0.9)
    sentence = ScoredSentence(of, SECOND, best, terms=share, similarity=similarity, read=None, score=0.6)
    read = asked(question)
    sentences = [replace(sentence, read=one) for one in odds] or [sentence]
    return features(read, sentences, [best, candidate(article("bees", BEES), 0.6)], QuestionTerms(read, index))


def test_scores_are_taken_over(index: Terms) -> None:
    found = judged("How much did the dam cost?", index)
    assert (found.similarity, found.compared, found.terms) == (0.75, 1, 0.5)
    assert found.gap == pytest.approx(0.3)
    assert found.size == pytest.approx(math.log(1002) / math.log(1_000_000))


def test_a_single_article_has_the_usual_gap(index: Terms) -> None:
    best = candidate(article("dam", DAM), 0.9)
    sentence = ScoredSentence(best.article, SECOND, best, terms=0.5, similarity=0.7, read=None, score=0.6)
    read = asked("How much did the dam cost?")
    assert 0 < features(read, [sentence], [best], QuestionTerms(read, index)).gap < 0.3


def test_what_the_reader_says_is_taken_over(index: Terms) -> None:
    question = "How much did the dam cost?"
    found = judged(question, index, odds=[2.0, 2.0, -30.0])
    assert found.sure == pytest.approx(math.exp(2) / (1 + 2 * math.exp(2)))
    assert found.dense == 0.5
    assert judged(question, index).sure == 0
    assert [judged(question, index, odds=[extreme]).sure for extreme in (-50, 50)] == pytest.approx([0, 1], abs=1e-4)


def test_a_sentence_that_was_not_compared_says_so(index: Terms) -> None:
    found = judged("How much did the dam cost?", index, similarity=None)
    assert (found.similarity, found.compared) == (0, 0)


def test_what_matched_is_the_information_of_the_passages_terms(index: Terms) -> None:
    # dam and cost stand in the passage, each in one of 1,002 passages; bridge does not.
    once = math.log((IMAGINED + 2) / 1.5)
    assert judged("dam cost bridge", index).matched == pytest.approx(2 * once / 100)


def test_known_is_the_share_of_terms_that_the_index_has_anywhere(index: Terms) -> None:
    once, never = math.log((IMAGINED + 2) / 1.5), math.log((IMAGINED + 2) / 0.5)
    assert judged("dam mites bridge", index).known == pytest.approx(2 * once / (2 * once + never))


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Which dam did Almaty open?", 1),
        ("Which dam did Almaty and Astana open?", 0.5),
        ("Which dam did New Almaty open?", 0),
        ("Who counted hives in Slovenia?", 1),
        ("which dam is open?", 1),
    ],
)
def test_names_have_to_stand_as_written_in_a_good_passage(question: str, share: float, index: Terms) -> None:
    assert judged(question, index).names == share


def test_the_kind_of_thing_asked_for_is_looked_for_in_the_sentence(index: Terms) -> None:
    assert judged("How much did it cost?", index).expectation == 1
    assert judged("When did it open?", index).expectation == 0


def test_an_outlet_that_fits_is_for_an_answer_and_one_that_is_missing_against_it(index: Terms) -> None:
    nothing = judged("What did the dam cost?", index)
    assert (nothing.preferred, nothing.outlets) == (0, 1)
    fits = judged("According to Kazinform, what did the dam cost?", index)
    assert (fits.preferred, fits.outlets) == (1, 1)
    other = judged("According to Zakon, what did the dam cost?", index)
    assert (other.preferred, other.outlets) == (0, 1)
    missing = judged("According to Reuters, what did the dam cost?", index)
    assert (missing.preferred, missing.outlets) == (0, 0)


@pytest.mark.parametrize("question", ["?a", "Что построили в Алматы?", "Almaty " * 200, "How much did the dam cost?"])
def test_every_feature_is_between_0_and_1(question: str, index: Terms) -> None:
    values = judged(question, index).as_tuple()
    assert len(values) == len(FEATURES)
    assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize(
    ("question", "pair", "names", "known"),
    [
        ("How much did the dam in Almaty cost?", "en-en", 1, 1),
        ("Сколько стоила плотина в Алматы?", "ru-en", 1, 1),
        ("Сколько стоила плотина в Токио?", "ru-en", 0, 0),
        ("Сколько стоила плотина в Словении?", "ru-en", 1, 1),
        ("Алматыдағы бөгет қанша тұрды?", "kk-en", 1, 1),
        ("сколько стоила плотина?", "ru-en", 1, 1),
    ],
)
def test_across_languages_names_are_known_and_found_by_their_sound(
    question: str, pair: str, names: float, known: float, index: Terms
) -> None:
    found = judged(question, index)
    assert (found.pair, found.across) == (pair, float(pair != "en-en"))
    assert found.names == names
    assert found.known == known if found.across else found.known > 0.5


def test_across_languages_names_are_what_matches(index: Terms) -> None:
    once = math.log((IMAGINED + 2) / 1.5)
    assert judged("Сколько стоила плотина в Алматы?", index).matched == pytest.approx(once / 100)
    assert judged("Сколько стоила плотина в Токио?", index).matched == 0
