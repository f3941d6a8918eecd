"""Terms: what counts as the same word, and what BM25 finds with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term_index import write_terms

from qabot.errors import DamagedIndexError
from qabot.index.analysis import ANALYZERS, content_terms, terms
from qabot.index.terms import Terms, TermsWriter

TEXTS = {
    1: ("en", "Kazakhstan proposed an anti-drug strategy to the U.N. on Tuesday."),
    2: ("en", "The U.S. president visited Berlin. Berlin was cold, Berlin was grey."),
    3: ("ru", "Казахстан предложил ёлочным базарам новую стратегию."),
    4: ("kk", "Қазақстан Ауғанстанға көмек ұсынды."),
}


@pytest.fixture
def index(tmp_path: Path) -> Terms:
    return write_terms(tmp_path / "terms", TEXTS, {language for language, _ in TEXTS.values()})


@pytest.mark.parametrize(
    ("analyzer", "one", "other"),
    [
        ("en", "proposes", "proposed"),
        ("en", "U.S.", "US"),
        ("en", "Müller", "Muller"),
        ("ru", "предложила", "предложил"),
        ("ru", "ёлка", "елка"),
        ("kk", "ҚАЗАҚСТАННЫҢ", "қазақстан"),
        ("plain", "ΑΘΉΝΑ", "αθήνα"),
    ],
)
def test_forms_of_a_word_are_one_term(analyzer: str, one: str, other: str) -> None:
    assert terms(one, analyzer) == terms(other, analyzer)


def test_stop_words_do_not_count_unless_there_is_nothing_else() -> None:
    assert content_terms("What did the president of Kazakhstan say?", "en") == ["presid", "kazakhstan", "say"]
    assert content_terms("To be or not to be?", "en") == ["to", "be", "or", "not"]
    assert content_terms("Кто предложил это?", "ru") == ["предлож"]


def test_a_question_finds_passages_of_its_words_in_each_language(index: Terms) -> None:
    assert index.search("Who proposes a strategy?", 10)[0].tolist() == [1]
    assert index.search("Кто предложил стратегию?", 10)[0].tolist() == [3]
    assert index.search("Ауғанстанға не ұсынды?", 10)[0].tolist() == [4]


def test_scores_fall_and_ties_are_in_the_order_of_keys(tmp_path: Path) -> None:
    writer = TermsWriter(tmp_path / "t")
    for key in (3, 1, 2):
        writer.add(key, key, "the same words", "en")
    writer.add(4, 4, "the same words, the same, the same", "en")
    writer.close()
    keys, scores = Terms(tmp_path / "t", ["en"]).search("same", 10)
    assert keys.tolist() == [4, 1, 2, 3]
    assert sorted(scores, reverse=True) == scores.tolist()


def test_a_search_can_be_kept_to_some_articles(index: Terms) -> None:
    assert sorted(index.search("president Tuesday", 10)[0].tolist()) == [1, 2]
    assert index.search("president Tuesday", 10, articles=[10, 30])[0].tolist() == [1]


def test_other_languages_in_the_index_hardly_change_scores_within_one(tmp_path: Path) -> None:
    short, long = "Flood in Berlin.", "Flood: " + "rain fell on and on, " * 20 + "flood in Berlin, flood."
    ratios = []
    for others in (0, 40):
        writer = TermsWriter(tmp_path / str(others))
        writer.add(1, 1, short, "en")
        writer.add(2, 2, long, "en")
        for key in range(10, 10 + others):
            writer.add(key, key, "Ауа райы ертең салқын болады, " * 10, "kk")
        writer.close()
        keys, scores = Terms(tmp_path / str(others), ["en", "kk"]).search("flood", 5)
        assert keys.tolist() == [1, 2]
        ratios.append(scores[0] / scores[1])
    # In a field for each language the mean length counts all passages: the short one then scored 5.6 times as much.
    assert ratios[1] == pytest.approx(ratios[0], rel=0.2)


def test_document_frequency_counts_passages_of_one_analyzer(index: Terms) -> None:
    assert index.document_frequency("berlin", "en") == 1
    assert index.document_frequency("berlin", "ru") == 0


@given(st.text(max_size=200))
def test_content_terms_are_terms(text: str) -> None:
    for analyzer in ANALYZERS:
        assert set(content_terms(text, analyzer)) <= set(terms(text, analyzer))


@pytest.mark.parametrize("question", ["title:x AND (", "*", "\\", "a^9 ~ b", "+must -not", "🙂", "'; DROP TABLE"])
def test_query_syntax_in_a_question_is_only_text(index: Terms, question: str) -> None:
    assert index.search(question, 10)[0].size == 0


def test_a_folder_that_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError):
        Terms(tmp_path, ["en"])
