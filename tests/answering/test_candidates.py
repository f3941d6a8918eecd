"""Fusion: hand-computed sums, and what is done where an arm says nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qabot.answering.candidates import fuse, level, relatedness

NAN = float("nan")


def test_the_fused_score_is_the_weighted_sum_of_shares_of_the_best() -> None:
    fused = fuse(np.array([0.2, 0.4, 0.3]), np.array([10.0, 0.0, 5.0]), 0.4)
    assert np.allclose(fused, [0.8, 0.4, 0.6])


def test_what_is_farther_than_unrelated_texts_counts_nothing() -> None:
    assert np.allclose(fuse(np.array([-0.1, 0.5]), np.array([0.0, 0.0]), 0.4), [0.0, 0.4])


def test_a_passage_without_a_vector_counts_by_its_terms() -> None:
    fused = fuse(np.array([NAN, 0.6, 0.3]), np.array([10.0, 0.0, 5.0]), 0.4)
    assert np.allclose(fused, [1.0, 0.4, 0.5])


def test_without_any_vector_the_terms_decide() -> None:
    assert np.allclose(fuse(np.array([NAN, NAN]), np.array([4.0, 2.0]), 0.4), [1, 0.5])


def test_a_passage_in_another_language_does_not_lose_for_its_other_words() -> None:
    dense, lexical, weights = np.array([0.3, 0.4]), np.array([4.0, 0.0]), np.array([0.5, 0.7])
    assert np.allclose(fuse(dense, lexical, weights), [0.875, 0.7])


def test_relatedness_is_nought_for_unrelated_texts_and_one_for_the_same() -> None:
    assert np.allclose(relatedness(np.array([0.75, 1.0, 0.875]), 0.75), [0.0, 1.0, 0.5])
    assert np.allclose(relatedness(np.array([[0.8, 0.8]]), np.array([[0.75, 0.6]])), [[0.2, 0.5]])


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50)), min_size=1, max_size=50), st.floats(0, 1))
def test_a_fused_score_is_between_nought_and_one(scores: list[tuple[float, float]], weight: float) -> None:
    dense, lexical = np.array(scores).T
    fused = fuse(dense, lexical, weight)
    assert (fused >= 0).all()
    assert (fused <= 1 + 1e-9).all()


def test_what_answers_in_a_small_collection_is_not_hidden_by_a_large_one_in_another_language() -> None:
    russian = np.linspace(0.6, 0.5, 20)
    english = np.array([0.58, 0.4, 0.38, 0.35, 0.34, 0.33])
    dense, languages = np.concatenate([russian, english]), ["ru"] * 20 + ["en"] * 6
    own = np.arange(26) < 20
    levelled = level(dense, languages, own)
    np.testing.assert_array_equal(levelled[own], russian)
    assert levelled.argmax() == 20
    np.testing.assert_allclose(np.diff(levelled[20:]), np.diff(english))


def test_a_language_of_which_too_little_is_near_is_left_as_it_is() -> None:
    dense = np.array([0.6, 0.5, 0.5, 0.4, 0.4, 0.9, 0.2, np.nan])
    languages = ["ru"] * 5 + ["en"] * 2 + ["kk"]
    np.testing.assert_array_equal(level(dense, languages, np.arange(8) < 5), dense)
    np.testing.assert_array_equal(level(dense, languages, np.zeros(8, dtype=bool)), dense)
