"""Windows of sentences: how they fill, where they break, when they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.passages.windows import SMALLEST_WINDOW, SPECIAL_TOKENS, count_by_words, split_passages, windows


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def test_a_text_that_fits_is_one_window() -> None:
    assert windows([30, 40, 50], [0, 2], 200, 200) == [(0, 3)]


def test_a_paragraph_that_fits_into_a_window_is_not_divided() -> None:
    assert windows([60, 60, 70, 70], [0, 2], 200, 200) == [(0, 2), (2, 4)]


def test_a_short_headline_goes_with_the_long_paragraph_after_it() -> None:
    assert windows([5, 70, 70, 70], [0, 1], 150, 150)[0] == (0, 3)


def test_the_parts_of_a_long_paragraph_share_one_sentence() -> None:
    assert windows([60, 60, 60, 60], [0], 130, 130) == [(0, 2), (1, 3), (2, 4)]


def test_parts_do_not_overlap_where_the_shared_sentence_would_leave_no_room() -> None:
    assert windows([100, 100, 100], [0], 130, 130) == [(0, 1), (1, 2), (2, 3)]


def test_a_paragraph_longer_than_a_window_is_not_divided_up_to_its_own_limit() -> None:
    assert windows([60, 60, 60, 60, 50], [0, 4], 130, 240) == [(0, 4), (4, 5)]
    assert windows([90, 60, 60, 60, 60], [0, 1], 130, 240) == [(0, 1), (1, 5)]
    assert windows([60, 60, 60, 60], [0], 130, 239) == [(0, 2), (1, 3), (2, 4)]


def test_a_short_headline_goes_with_such_a_paragraph_if_both_keep_to_the_limit() -> None:
    assert windows([5, 70, 70, 70], [0, 1], 150, 215) == [(0, 4)]
    assert windows([5, 70, 70, 70], [0, 1], 150, 214)[0] == (0, 3)


@given(
    st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=12), min_size=1, max_size=12),
    st.integers(50, 200),
    st.integers(0, 200),
)
def test_windows_cover_every_sentence_in_order_and_keep_to_the_budget(
    paragraphs: list[list[int]], budget: int, more: int
) -> None:
    tokens = [size for paragraph in paragraphs for size in paragraph]
    breaks = [0, *accumulate(map(len, paragraphs))][:-1]
    found = windows(tokens, breaks, budget, budget + more)
    assert found[0][0] == 0
    assert found[-1][1] == len(tokens)
    ends = [*breaks[1:], len(tokens)]
    for first, last in found:
        whole = any(first <= begin and end == last for begin, end in zip(breaks, ends, strict=True))
        assert sum(tokens[first:last]) <= (budget + more if whole else budget)
    for (first, last), (next_first, next_last) in pairwise(found):
        assert first < next_first <= last < next_last
        assert last - next_first <= 1


@given(
    st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=4), min_size=1, max_size=8),
    st.integers(50, 200),
)
def test_a_paragraph_that_fits_stands_whole_in_some_window_unless_a_scrap_precedes_it(
    paragraphs: list[list[int]], budget: int
) -> None:
    tokens = [size for paragraph in paragraphs for size in paragraph]
    breaks = [0, *accumulate(map(len, paragraphs))][:-1]
    found = windows(tokens, breaks, budget, 200)
    for start, paragraph in zip(breaks, paragraphs, strict=True):
        whole = any(first <= start and start + len(paragraph) <= last for first, last in found)
        after_a_scrap = any(
            first < start < last and sum(tokens[first:start]) < SMALLEST_WINDOW for first, last in found
        )
        assert whole or after_a_scrap


def test_passages_hold_every_sentence_and_fit_with_their_context_line() -> None:
    text = "\n\n".join(f"Paragraph {n} begins here. It goes on for a while. Then it ends." for n in range(40))
    article = Article("a", "A headline of six words here", text, source="Kazinform")
    found = split_passages(article, count_words, 64)
    assert len(found) > 5
    assert "".join(text[found[0].start : found[-1].end].split()) == "".join(text.split())
    for passage in found:
        assert sum(count_words([text[start:end] for start, end in passage.sentences])) + 9 <= 64


def test_a_sentence_longer_than_the_budget_is_cut_at_white_space() -> None:
    text = " ".join(f"word{n}" for n in range(300))
    found = split_passages(Article("a", "T", text), count_words, 64)
    assert [word for p in found for word in text[p.start : p.end].split()] == text.split()


def count_thrice(texts: Sequence[str]) -> list[int]:
    return [3 * count for count in count_words(texts)]


@pytest.mark.parametrize(("max_tokens", "most"), [(512, 128), (100, 100), (32, 64), (None, 64)])
def test_where_words_take_more_pieces_a_passage_gets_more_within_the_models_limit(
    max_tokens: int | None, most: int
) -> None:
    article = Article("a", "T", " ".join(f"Word word word word number{n} word." for n in range(60)))
    found = split_passages(article, count_thrice, 64, max_tokens)
    sizes = [sum(count_thrice([article.text[start:end] for start, end in one.sentences])) for one in found]
    assert most / 2 < max(sizes) <= most - SPECIAL_TOKENS


def test_an_article_without_any_word_gives_no_passage() -> None:
    assert split_passages(Article("a", "T", " \n "), count_words, 64) == []


def test_a_language_that_the_model_does_not_know_is_counted_by_words() -> None:
    assert count_by_words(["Пчеловоды Словении насчитали ульи.", "", "– 11 000!"]) == [6, 0, 3]
