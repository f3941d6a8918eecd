"""Outlets and authors in questions: those of the index, and those that it has not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.questions.outlets import OutletNames, OutletReading

INDEX = [
    "TechCrunch",
    "Fortune",
    "The Verge",
    "AP",
    "CBSSports.com",
    "Wired | Business",
    "The Age - News",
    "Jane Doe",
    "Казинформ",
    "Егемен Қазақстан",
    "x",
]
NAMES = OutletNames(INDEX)


@pytest.mark.parametrize(
    ("question", "outlet"),
    [
        ("What did the TechCrunch article say about Google?", "TechCrunch"),
        ("According to TechCrunch, who resigned?", "TechCrunch"),
        ("What was reported by 'TechCrunch' on Monday?", "TechCrunch"),
        ("What did TechCrunch's report claim?", "TechCrunch"),
        ("TechCrunch reported what?", "TechCrunch"),
        ("Who left, says The Verge?", "The Verge"),
        ("What did the AP report?", "AP"),
        ("What did Jane Doe write about rents?", "Jane Doe"),
        ("Which rents rose in the article by Jane Doe?", "Jane Doe"),
        ("Что пишет Казинформ о паводке?", "Казинформ"),
        ("«Егемен Қазақстан» хабарлады ма?", "Егемен Қазақстан"),
    ],
)
def test_a_name_with_a_cue_is_read(question: str, outlet: str) -> None:
    assert NAMES.read(question) == OutletReading(frozenset({outlet}), ())


@pytest.mark.parametrize("question", ["according to techcrunch, who won?", "what does the techcrunch article say?"])
def test_with_a_cue_the_case_of_a_name_is_free(question: str) -> None:
    assert NAMES.read(question).named == {"TechCrunch"}


def test_without_a_cue_a_name_has_to_be_written_as_the_index_has_it() -> None:
    assert NAMES.read("Who founded TechCrunch?").named == {"TechCrunch"}
    assert not NAMES.read("Who founded techcrunch?").named
    assert not NAMES.read("Was the fortune of the family lost?").named
    assert not NAMES.read("Is ap a word?").named


def test_the_first_word_alone_is_no_outlet_without_a_cue() -> None:
    assert not NAMES.read("Fortune favours whom?").named
    assert NAMES.read("Fortune reported what?").named == {"Fortune"}
    assert NAMES.read("Jane Doe was seen where?").named == {"Jane Doe"}


def test_a_name_at_the_end_of_another_one_is_no_outlet() -> None:
    assert not NAMES.read("Who hosts the Wheel of Fortune?").named
    assert NAMES.read("Who hosts the Wheel of Fortune, according to Fortune?").named == {"Fortune"}


@pytest.mark.parametrize("question", ["Whose wiredly made app?", "What is XTechCrunchY?", "Is foo.TechCrunch a site?"])
def test_a_name_inside_a_word_is_no_outlet(question: str) -> None:
    assert not NAMES.read(question).named


@pytest.mark.parametrize("written", ["CBSSports.com", "CBSSports", "cbssports"])
def test_a_domain_is_read_with_and_without_its_ending(written: str) -> None:
    assert NAMES.read(f"What did the {written} article say?").named == {"CBSSports.com"}


@pytest.mark.parametrize(
    ("written", "outlet"),
    [("Wired", "Wired | Business"), ("Wired | Business", "Wired | Business"), ("The Age", "The Age - News")],
)
def test_a_name_is_read_by_its_part_before_a_bar_or_dash(written: str, outlet: str) -> None:
    assert NAMES.read(f"What did {written} report?").named == {outlet}


@pytest.mark.parametrize(
    ("question", "outlet"),
    [
        ("Кто уволен, по данным Казинформа?", "Казинформ"),
        ("по сообщению казинформа, кто уволен?", "Казинформ"),
        ("Егемен Қазақстанның жазғанынша кім келді?", "Егемен Қазақстан"),
    ],
)
def test_a_cyrillic_name_may_have_an_ending(question: str, outlet: str) -> None:
    assert NAMES.read(question).named == {outlet}


def test_a_latin_name_takes_no_ending() -> None:
    assert not NAMES.read("What is a TechCruncher?").named


@pytest.mark.parametrize(
    ("name", "written"),
    [("Kazinform", "Kazınform"), ("İzmir Post", "izmir post"), ("Straße Heute", "straße heute"), ("ΟΔΟΣ", "οδοσ")],
)
def test_letters_that_differ_only_in_case_are_the_same(name: str, written: str) -> None:
    # The first of these once made an endless loop: to `re.IGNORECASE` a dotless i is an i, to `casefold` it is not.
    assert OutletNames([name]).read(f"According to {written}, who won?").named == {name}


def test_a_form_that_two_outlets_share_names_both() -> None:
    assert OutletNames(["Wired | Business", "Wired | Science"]).read("What did Wired report?").named == {
        "Wired | Business",
        "Wired | Science",
    }


def test_a_name_of_one_or_two_small_letters_is_never_read() -> None:
    assert not NAMES.read("According to x, what is y?").named


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("According to Reuters, who resigned?", "Reuters"),
        ("What did the article from Reuters say?", "Reuters"),
        ("What was reported by the New York Times?", "New York Times"),
        ("What did the Al Jazeera report claim?", "Al Jazeera"),
        ("What does the article by Some Author say on rent?", "Some Author"),
        ("What did a Hidden Name article say?", "Hidden Name"),
    ],
)
def test_an_outlet_that_the_index_has_not_is_named(question: str, missing: str) -> None:
    reading = NAMES.read(question)
    assert (reading.named, reading.missing, reading.share) == (frozenset(), (missing,), 0)


@pytest.mark.parametrize(
    "question",
    [
        "Who owns the New York Times?",
        "When did Bloomberg found his company?",
        "What is the circulation of The Guardian?",
        "Who lives at Times Square?",
        "Did Reuters hire Ann Lee?",
        "According to the minister, what will change?",
        "Who wrote the report published in March on the dam?",
    ],
)
def test_the_press_as_a_subject_and_other_sources_are_not_missing(question: str) -> None:
    assert NAMES.read(question) == OutletReading(frozenset(), ())


@pytest.mark.parametrize(
    "question",
    [
        "What changed between the article published by Engadget and the one from TechCrunch?",
        "Do articles by Engadget and TechCrunch agree?",
        "What do articles from 'Engadget' and 'TechCrunch' say?",
    ],
)
def test_a_known_and_an_unknown_outlet_side_by_side_are_told_apart(question: str) -> None:
    reading = NAMES.read(question)
    assert reading == OutletReading(frozenset({"TechCrunch"}), ("Engadget",))
    assert reading.share == 0.5


def test_a_missing_outlet_is_named_once() -> None:
    question = "Does the report by Reuters agree with the Reuters article, according to Reuters?"
    assert NAMES.read(question).missing == ("Reuters",)


def test_an_index_without_bylines_names_none() -> None:
    assert OutletNames([]).read("What did the TechCrunch article say?").named == frozenset()


CUES = [*"the a article report by from in according to of and & ' « ( The Times Wheel of Reuters ınıxİ".split()]
LETTERS = st.text(st.sampled_from("aiIıİsſßẞσςΣкКᲀ -|.'"), max_size=12)


@settings(deadline=None)  # a pattern is made for every example
@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from([*CUES, *INDEX]) | LETTERS, max_size=30).map(" ".join)),
    st.lists(st.one_of(st.sampled_from(INDEX), st.text(max_size=20), LETTERS), max_size=5),
)
def test_any_question_is_read_against_any_names(question: str, names: list[str]) -> None:
    reading = OutletNames(names).read(question)
    assert reading.named <= set(names)
    assert 0 <= reading.share <= 1
    assert all(name and name in question for name in reading.missing)


@pytest.mark.parametrize(
    "piece", ["a ", "'", "A ", "article by A ", "Wired ", "A of the ", "according to ", "Казинформа ", "Times "]
)
def test_a_hostile_question_is_read_at_once(piece: str) -> None:
    question = (piece * 2000)[:2000]
    many = OutletNames([*INDEX, *(f"A{number:04} Writer" for number in range(2000))])
    began = time.perf_counter()
    many.read(question)
    assert time.perf_counter() - began < 1
