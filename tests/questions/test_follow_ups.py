"""Follow-ups: how a question that leans on a conversation is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.questions.conversation import LONGEST_HEADLINE, LONGEST_QUOTE, Conversation
from qabot.questions.follow_ups import MOST_ADDED, resolve
from qabot.questions.leaning import content_words

LEE = Conversation().with_turn(
    "Who won the marathon in Astana?",
    "Ann Lee of Jersey won on Sunday, ahead of Dana Omarova, and will run in Oslo in May 2024.",
    "Ann Lee wins the Astana marathon in record time",
)
DAM = Conversation().with_turn("Which dam burst?", "The old dam above Talas burst after a week of rain.", "Talas dam")


def read(question: str, conversation: Conversation, language: str = "en") -> str | None:
    follow_up = resolve(question, language, conversation)
    return follow_up.read_as if follow_up else None


@pytest.mark.parametrize("question", ["Where was she born?", "Why?", "And in Almaty?", "What is inflation?"])
def test_nothing_leans_on_a_conversation_that_has_not_begun(question: str) -> None:
    assert read(question, Conversation()) is None


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Where was she born?", "Where was Ann Lee born?"),
        ("Who is her coach?", "Who is Ann Lee's coach?"),
        ("Did anyone see her?", "Did anyone see Ann Lee?"),
        ("When did Lee start running?", "When did Ann Lee start running?"),
        ("where does lee live?", "where does Ann Lee live?"),
        ("who is lees coach?", "who is Ann Lee's coach?"),
    ],
)
def test_a_pronoun_or_a_last_name_becomes_the_name(question: str, begins: str) -> None:
    assert (read(question, LEE) or "").startswith(begins)


def test_a_quote_that_is_nothing_but_a_name_is_what_it_and_they_stand_for() -> None:
    band = Conversation().with_turn("Which band split up?", "Lee and the Mothers of Talas", "Ann Lee")
    assert read("When did they split up?", band) == "When did Lee and the Mothers of Talas split up? (Ann Lee)"
    assert (read("Their first album?", band) or "").startswith("Lee and the Mothers of Talas' first album?")
    club = Conversation().with_turn("Which club won?", "Kairat", "Kairat wins the cup after a long night of penalties")
    assert (read("When was it founded?", club) or "").startswith("When was Kairat founded?")


def test_a_name_in_the_question_is_not_taken_for_a_pronoun_behind_it() -> None:
    assert read("Did Omar say that he was tired?", LEE) is None


def test_context_that_replaces_nothing_stands_in_brackets() -> None:
    assert read("Why did this happen?", DAM) == (
        "Why did this happen? (Talas dam, “old dam above Talas burst after a week of rain”)"
    )


def test_an_elliptical_question_carries_the_question_before_it() -> None:
    weather = Conversation().with_turn("What is the weather like in Astana?", "It is cold.", "Weather")
    assert read("And in Almaty?", weather) == "And in Almaty? (Weather, “weather like in Astana”)"


def test_a_chain_of_elliptical_questions_keeps_what_was_asked_first() -> None:
    weather = Conversation().with_turn("What is the weather like in Astana?").with_turn("And in Almaty?")
    assert "weather" in (read("And tomorrow?", weather) or "")


def test_the_article_answered_from_is_context_for_a_first_question_about_it() -> None:
    opened = Conversation().with_turn("", None, "Ann Lee")
    assert read("Where was she born?", opened) == "Where was Ann Lee born?"


def test_newer_names_come_before_older_ones() -> None:
    conversation = LEE.with_turn("Who is Dana Omarova?", None)
    assert (read("Where does she live?", conversation) or "").startswith("Where does Dana Omarova live?")


@pytest.mark.parametrize(
    ("question", "language", "holds"),
    [
        ("Когда он это сказал?", "ru", ["Токаев", "Астане"]),
        ("А в Алматы?", "ru", ["предложил", "саммите"]),
        ("Почему?", "ru", ["предложил"]),
        ("Ал Алматыда ше?", "kk", ["предложил"]),
    ],
)
def test_in_russian_and_kazakh_context_is_added_and_nothing_replaced(
    question: str, language: str, holds: list[str]
) -> None:
    summit = Conversation().with_turn(
        "Что предложил Токаев на саммите в Астане?", "Он предложил создать фонд чистой воды.", None
    )
    reading = read(question, summit, language) or ""
    assert reading.startswith(f"{question} (")
    assert all(word in reading for word in holds)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is the population of Oslo?", "en"),
        ("Which company announced it is closing its shops?", "en"),
        ("Какая столица Франции?", "ru"),
        ("Қазақстанның астанасы қай қала?", "kk"),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str, language: str) -> None:
    assert read(question, LEE, language) is None


def test_a_question_that_has_all_of_the_context_is_left_alone() -> None:
    assert read("Why did it happen in Talas?", Conversation().with_turn("Why in Talas?")) is None


def test_added_tells_what_the_reading_added() -> None:
    follow_up = resolve("Where was she born?", "en", LEE)
    assert follow_up is not None
    assert follow_up.added[0] == "Ann Lee"
    assert all(phrase in follow_up.read_as for phrase in follow_up.added[:1])


TURNS = st.lists(st.tuples(st.text(max_size=80), st.none() | st.text(max_size=80), st.none() | st.text(max_size=40)))
WORDS = st.lists(
    st.sampled_from(
        "why he she it they his the band Ann Lee lee's Lee in Astana 2024 . ? \n \ud7ff И он А Ол ше".split(" ")
    )
).map(" ".join)


@given(WORDS | st.text(max_size=120), st.lists(WORDS, max_size=3), TURNS, st.sampled_from(["en", "ru", "kk", "fr"]))
def test_a_reading_keeps_the_words_of_the_question_and_adds_few(
    question: str, said: list[str], turns: list[tuple[str, str | None, str | None]], language: str
) -> None:
    conversation = Conversation()
    for turn in turns:
        conversation = conversation.with_turn(*turn)
    for text in said:
        conversation = conversation.with_turn(text, text, text)
    follow_up = resolve(question, language, conversation)
    if follow_up is None:
        return
    asked, reading = set(content_words(question, language)), set(content_words(follow_up.read_as, language))
    assert asked <= reading
    assert len(set(content_words(" ".join(follow_up.added), language)) - asked) <= MOST_ADDED
    assert len(follow_up.read_as) <= len(question) + 4 * LONGEST_QUOTE + LONGEST_HEADLINE


def test_hostile_turns_add_no_more_than_others() -> None:
    shouting = "AAAA " * 1000 + "<b>&amp;</b> ((((“““ \\1 \\g<0> [x](y) " * 100
    conversation = Conversation().with_turn(shouting, shouting, shouting)
    reading = read("Why did he do this? \\1", conversation) or ""
    assert len(reading) < 400
