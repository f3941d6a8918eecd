"""Repeats: sentences that stand word for word in two places, and passages made of the same ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.index.repeats import covered, same_passage, sentence_hash, sentence_hashes
from qabot.passages.passage import Passage, Span

SENTENCES = [
    "The mine was opened in 1954 and closed forty years later.",
    "Its owners promised to clean the river, but did not.",
    "Нынешний владелец рудника обещает очистить реку к осени.",
    "Кеніштің қазіргі иесі өзенді күзге дейін тазартуға уәде берді.",
    "A court in Karaganda will hear the case in September.",
]


def hashed(*sentences: str) -> bytes:
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    return sentence_hashes(Article("a", "", text), Passage("a", tuple(spans)))


def test_a_paragraph_of_background_in_two_articles_is_the_same_passage() -> None:
    assert same_passage(hashed(*SENTENCES), hashed("Four miners were found alive on Friday morning.", *SENTENCES[:4]))


def test_passages_with_other_numbers_and_names_are_not_the_same() -> None:
    changed = [sentence.replace("1954", "1955").replace("Karaganda", "Almaty") for sentence in SENTENCES]
    assert sentence_hash(changed[0]) != sentence_hash(SENTENCES[0])
    assert not same_passage(hashed(SENTENCES[0], SENTENCES[4]), hashed(changed[0], changed[4]))


def test_a_sentence_inside_a_long_passage_does_not_make_it_the_same() -> None:
    assert not same_passage(hashed(SENTENCES[0]), hashed(*SENTENCES))


def test_case_marks_and_spaces_make_no_difference() -> None:
    assert sentence_hash("THE MINE — “was opened” in  1954;") == sentence_hash("The mine was opened in 1954.")


def test_short_sentences_say_nothing_about_sameness() -> None:
    assert sentence_hash("He did not reply.") == 0
    assert not same_passage(hashed("He did not reply.", "Nobody did."), hashed("He did not reply.", "Nobody did."))


@given(st.lists(st.sampled_from(SENTENCES), max_size=6), st.lists(st.sampled_from(SENTENCES), max_size=6))
def test_sameness_is_mutual_and_every_passage_of_sentences_is_the_same_as_itself(
    one: list[str], other: list[str]
) -> None:
    assert same_passage(hashed(*one), hashed(*other)) == same_passage(hashed(*other), hashed(*one))
    assert same_passage(hashed(*one), hashed(*one)) == bool(one)


def test_a_passage_is_covered_by_several_that_together_hold_its_sentences() -> None:
    first, second, third, fourth = SENTENCES[:4]
    assert covered(hashed(second, third), [hashed(first, second), hashed(third, fourth)])
    assert not covered(hashed(second, third), [hashed(first, second)])
    assert not covered(hashed("Too short."), [hashed("Too short.", first)])
