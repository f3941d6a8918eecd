"""What the vectors of a language have in common, and questions without it."""

from __future__ import annotations

import numpy as np
import pytest

from qabot.encoders.encoder import Vectors
from qabot.index.language_means import LanguageMeans

SUBJECT = 1
"""The dimension that has a subject; the first one tells the languages apart."""


def means(*counts: int) -> LanguageMeans:
    rows = np.array([[0.6, 0.0, 0.5], [-0.6, 0.0, 0.5]], np.float32)
    return LanguageMeans(("en", "ru"), rows, np.array(counts, np.int64))


@pytest.fixture
def question() -> Vectors:
    return np.array([[0.6, 0.8, 0.0]], np.float32)


def test_in_a_large_index_unrelated_is_what_its_passages_are_on_average(question: Vectors) -> None:
    unrelated = means(10**6, 10**6).unrelated(question, 0.2)
    assert unrelated["en"] == pytest.approx([0.36], abs=1e-3)
    assert unrelated["ru"] == pytest.approx([-0.36], abs=1e-3)


def test_in_a_small_index_the_model_says_what_is_unrelated(question: Vectors) -> None:
    unrelated = means(1, 1).unrelated(question, 0.2)
    assert unrelated["en"] == pytest.approx([0.2], abs=0.01)


def test_a_language_without_passages_gets_what_the_model_says(question: Vectors) -> None:
    assert means(10, 10).unrelated(question, 0.2)["kk"] == pytest.approx([0.2])


def test_without_its_language_a_question_is_as_near_to_each_language(question: Vectors) -> None:
    known = means(100, 100)
    neutral = known.without_language(question)
    assert neutral is not None
    near = neutral @ known.means.T
    assert near[0, 0] == pytest.approx(near[0, 1], abs=1e-6)
    assert neutral[0, SUBJECT] == pytest.approx(question[0, SUBJECT])


@pytest.mark.parametrize("counts", [(100, 3), (3, 3)])
def test_a_few_passages_say_nothing_of_a_language(question: Vectors, counts: tuple[int, int]) -> None:
    assert means(*counts).without_language(question) is None
