"""The reply to a question: quotes word for word, sources that open, and an honest no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest
from fake_telegram.validation.text import check_text
from hostile import headlines, random_headline, random_text, sayings, texts, urls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_answers import BEES, DAM, answer, article, quote, short_id
from message_rules import broken_reply, covered, labels, links, quotations

from qabot.answering.answer import Answer, Quote
from qabot.articles.article import Article, canonical
from qabot.channels.telegram.replies import Reply, answer_reply, further_quotes
from qabot.channels.wording import LANGUAGES, words_for
from qabot.index.store import Edition
from qabot.passages.passage import Span
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import TimeReading

COST = "The dam cost 12 million dollars."
HIVES = "Beekeepers counted 11,000 hives."


def reply_to(given: Answer, language: str = "en", answer_id: str | None = "a1") -> Reply:
    return answer_reply(
        given, words_for(language), answer_id=answer_id, bot_username="qabot_bot", article_link=short_id
    )


def test_an_answer_is_its_quote_and_its_numbered_source() -> None:
    reply = reply_to(answer(quote(DAM, COST)))
    assert reply.text.text == f"{COST}\n[1] Kazinform · 4 July 2023\nAlmaty opens a dam"
    assert quotations(reply) == [COST]
    assert covered(reply.text, "text_link") == ["Almaty opens a dam"]
    assert links(reply) == ["https://example.org/dam#:~:text=The%20dam%20cost%2012%20million%20dollars."]
    assert labels(reply.keyboard) == [["1"], ["👍", "👎"]]


def test_an_article_without_an_address_opens_in_the_bot() -> None:
    reply = reply_to(answer(quote(BEES, HIVES)))
    assert reply.text.text == f"{HIVES}\n[1] Bees counted"
    assert links(reply) == [f"https://t.me/qabot_bot?start={short_id('bees')}"]


def test_quotes_of_one_article_stand_above_one_source() -> None:
    reply = reply_to(answer(quote(DAM, COST), quote(BEES, HIVES), quote(DAM, "Its wall is 150 metres high.")))
    assert quotations(reply) == [COST, "Its wall is 150 metres high.", HIVES]
    assert reply.text.text.count("Almaty opens a dam") == 1
    assert labels(reply.keyboard)[0] == ["1", "2"]


def test_pages_of_a_document_are_named() -> None:
    paged = replace(DAM, pages=(DAM.text.index(COST), DAM.text.index("Its wall")))
    given = answer(quote(paged, "Its wall is 150 metres high."), quote(paged, COST))
    assert "\n[1] Kazinform · 4 July 2023 · p. 2, 3\n" in reply_to(given).text.text
    assert "\n[1] Kazinform · 4 июля 2023 · стр. 2, 3\n" in reply_to(given, "ru").text.text
    assert "\n[1] Kazinform · 2023 жылғы 4 шілде · 2, 3-бет\n" in reply_to(given, "kk").text.text


def test_the_language_of_a_quote_is_said_where_the_question_is_in_another_one() -> None:
    given = answer(quote(DAM, COST), quote(BEES, HIVES))
    russian = replace(given, question=replace(given.question, language="ru"))
    dam = replace(DAM, language="en")
    assert "in English" not in reply_to(given).text.text
    mixed = replace(russian, quotes=(quote(dam, COST), quote(replace(BEES, language="ru"), HIVES)))
    assert "\n[1] Kazinform · 4 июля 2023 · на английском\n" in reply_to(mixed, "ru").text.text
    assert "\n[1] Kazinform · 2023 жылғы 4 шілде · ағылшынша\n" in reply_to(mixed, "kk").text.text
    assert f"{HIVES}\n[2] Bees counted" in reply_to(mixed, "ru").text.text
    assert quotations(reply_to(mixed, "ru")) == [COST, HIVES]


def test_possibly_is_said_only_of_an_unsure_answer() -> None:
    assert not reply_to(answer(quote(DAM, COST), confidence=0.6)).text.text.startswith("Possibly")
    assert reply_to(answer(quote(DAM, COST), confidence=0.59)).text.text.startswith("Possibly:\n")


def test_a_follow_up_says_how_it_was_read() -> None:
    reply = reply_to(answer(quote(DAM, COST), question="And the cost?", readings=["And the cost? dam Almaty"]))
    assert reply.text.text.startswith("Read as: And the cost? dam Almaty\n")


def test_a_time_and_an_outlet_that_were_read_are_named() -> None:
    time = TimeReading((Period(date(2023, 7, 3), date(2023, 7, 9)),), False, ())
    given = answer(quote(DAM, COST), time=time, named=["Kazinform"], missing=["Reuters"])
    assert reply_to(given).text.text.split("\n")[:2] == [
        "Looking first at articles published 3-9 July 2023, from Kazinform.",
        "None of my articles is from Reuters.",
    ]
    assert "Сначала просмотрены статьи (опубликовано 3-9 июля 2023" in reply_to(given, "ru").text.text
    assert "Алдымен мына мақалалар қаралды (жарияланған күні: 2023 жылғы 3-9 шілде" in reply_to(given, "kk").text.text


def test_it_is_said_when_no_article_of_the_time_answers() -> None:
    time = TimeReading((Period(date(2024, 1, 1), date(2024, 1, 31)),), True, ())
    lines = reply_to(answer(quote(DAM, COST), time=time)).text.text.split("\n")
    assert lines[0].startswith("Looking first at the newest articles published")
    assert lines[1] == "None of those answers, so I asked all my articles."


def test_it_is_said_when_figures_differ() -> None:
    assert (
        "The figures differ; the newest come first." in reply_to(answer(quote(DAM, COST), disagreeing=True)).text.text
    )


def test_other_outlets_that_tell_the_same_are_linked() -> None:
    editions = [
        Edition("e1", "A dam", "Zakon", "https://zakon.example/dam", None),
        Edition("e2", "A dam again", "Zakon", "https://zakon.example/dam2", None),
        Edition("e3", "The dam of Almaty", None, None, None),
    ]
    reply = reply_to(answer(quote(DAM, COST, editions)))
    assert reply.text.text.endswith("\nalso in: Zakon, The dam of Almaty")
    assert links(reply)[1:] == ["https://zakon.example/dam", f"https://t.me/qabot_bot?start={short_id('e3')}"]


def test_an_honest_no_names_the_articles_and_what_came_nearest() -> None:
    reply = reply_to(answer(nearest=[DAM, BEES]))
    assert reply.text.text == (
        "Not in my 4,872 articles (newest: 4 July 2023).\n\n"
        "Nearest:\n• Almaty opens a dam · Kazinform · 4 July 2023\n• Bees counted"
    )
    assert links(reply) == ["https://example.org/dam", f"https://t.me/qabot_bot?start={short_id('bees')}"]
    assert labels(reply.keyboard) == [["👍", "👎"]]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru", "В моих 4\u00a0872 статьях этого нет (самая новая: 4 июля 2023)."),
        ("kk", "Менің 4\u00a0872 мақаламда бұл жоқ (ең жаңасы: 2023 жылғы 4 шілде)."),
    ],
)
def test_the_no_is_said_in_the_language(language: str, line: str) -> None:
    assert reply_to(answer(), language).text.text == line


def test_articles_without_dates_are_said_to_have_none() -> None:
    assert reply_to(answer(articles=1, newest=None)).text.text == "Not in my 1 article (none has a date)."


def test_more_is_offered_where_there_are_further_passages() -> None:
    given = answer(quote(DAM, COST), further=[quote(DAM, COST), quote(BEES, HIVES), quote(DAM, "Almaty opened")])
    assert [one.text for one in further_quotes(given)] == [HIVES, "Almaty opened"]
    assert labels(reply_to(given).keyboard) == [["1"], ["More", "👍", "👎"]]


def test_a_message_for_another_chat_has_no_buttons() -> None:
    assert reply_to(answer(quote(DAM, COST)), answer_id=None).keyboard is None


def test_a_headline_of_ten_thousand_characters_is_cut() -> None:
    given = article(f"{COST} It is old.", title="👨‍👩‍👧‍👦" * 1500)
    (headline,) = covered(reply_to(answer(quote(given, COST))).text, "text_link")
    assert len(headline) < 170
    assert headline == "👨‍👩‍👧‍👦" * (len(headline) // 7) + "…"


def test_a_headline_that_shows_nothing_is_called_untitled() -> None:
    given = article(f"{COST} It is old.", title="\u202e\u200b \x07", source="\u2067")
    assert reply_to(answer(quote(given, COST))).text.text == f"{COST}\n[1] 4 July 2023\nUntitled article"


def test_a_hostile_quote_is_shown_word_for_word_and_turns_nothing_around() -> None:
    words = "\u202eThe <b>census</b> [2] counted _512_ *zebras* \x1b[31m"
    given = article(f"Before. {words}! After.", title="Zebras \u202ecounted", source="Savanna \u202eNews")
    reply = reply_to(answer(quote(given, words + "!")))
    assert quotations(reply) == [words + "!"]
    assert reply.text.text.endswith("!\n[1] Savanna News · 4 July 2023\nZebras counted")


def test_a_long_answer_is_sent_in_parts_with_the_buttons_under_the_last() -> None:
    long = " ".join([COST] * 300)
    reply = reply_to(answer(quote(article(long), long)))
    assert len(reply.parts) == 3
    assert [keyboard is not None for _, keyboard in reply.parts] == [False, False, True]
    assert not broken_reply(reply)
    quoted = " ".join(words for text, _ in reply.parts for words in covered(text, "blockquote"))
    assert quoted == long


def test_a_hundred_sources_are_sent_with_all_their_entities() -> None:
    many = [article(f"{COST} {'x' * number}", url=f"https://example.org/{number}") for number in range(80)]
    reply = reply_to(answer(*(quote(one, COST) for one in many)))
    assert not broken_reply(reply)
    assert sum(len(covered(text, "text_link")) for text, _ in reply.parts) == 80


@st.composite
def hostile_articles(draw: st.DrawFn) -> tuple[Article, Span]:
    before, words, behind = (canonical(draw(part)) for part in (texts, sayings(), texts))
    text = canonical(f"{before} {words} {behind}")
    start = text.index(words)
    source = draw(st.one_of(st.none(), headlines))
    published = draw(st.one_of(st.none(), st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2))))
    # An id may hold anything that a file's name may.
    return Article(draw(texts) or "x", canonical(draw(headlines)), text, published, source, url=draw(urls)), Span(
        start, start + len(words)
    )


@st.composite
def hostile_answers(draw: st.DrawFn) -> Answer:
    found = draw(st.lists(hostile_articles(), max_size=6))
    editions = draw(
        st.lists(st.builds(Edition, texts, headlines, st.one_of(st.none(), headlines), urls, st.none()), max_size=4)
    )
    quotes = [Quote(one, place.start, place.end, 1.0, tuple(editions)) for one, place in found]
    shown = draw(st.integers(0, len(quotes)))
    return answer(
        *quotes[:shown],
        question=draw(headlines),
        readings=draw(st.lists(headlines, max_size=1)),
        further=quotes[shown:],
        nearest=[one for one, _ in found[shown : shown + 3]],
        confidence=draw(st.floats(0, 1)),
        disagreeing=draw(st.booleans()),
        named=draw(st.lists(headlines, max_size=2)),
        missing=draw(st.lists(headlines, max_size=2)),
        articles=draw(st.integers(0, 10_000_000)),
        newest=draw(st.sampled_from([None, "2023-07-04", "2023-07-04T01:02:03Z"])),
    )


def check(given: Answer, language: str) -> None:
    """The messages are good, the fake Telegram takes them too, and read back they have the exact quotes."""
    reply = reply_to(given, language)
    assert not broken_reply(reply)
    for message, _ in reply.parts:
        check_text(message.text, [entity.to_dict() for entity in message.entities])
    by_article: dict[str, list[str]] = {}
    for one in given.quotes:
        by_article.setdefault(one.article.id, []).append(one.text)
    assert quotations(reply) == [words for quoted in by_article.values() for words in quoted]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hostile_answers(), st.sampled_from(list(LANGUAGES)))
def test_any_answer_gives_good_messages_with_exact_quotes(given: Answer, language: str) -> None:
    check(given, language)


def test_a_thousand_hostile_answers_give_good_messages_with_exact_quotes() -> None:
    chance = Random(4)
    for number in range(1000):
        quotes = [random_quote(chance) for _ in range(chance.randrange(5))]
        nearest = [quote.article for quote in quotes]
        shown = quotes if chance.random() < 0.7 else []
        given = answer(
            *shown,
            question=random_headline(chance),
            readings=[random_headline(chance)] if chance.random() < 0.5 else [],
            further=quotes,
            nearest=nearest[:3],
            confidence=chance.random(),
            disagreeing=chance.random() < 0.3,
            named=[random_headline(chance)] if chance.random() < 0.3 else [],
            missing=[random_headline(chance)] if chance.random() < 0.3 else [],
        )
        check(given, list(LANGUAGES)[number % len(LANGUAGES)])


def random_quote(chance: Random) -> Quote:
    words = canonical(f"A{random_text(chance)}z.")
    before = canonical(f"{random_text(chance)} ")
    one = article(
        f"{before}{words} {random_text(chance)}",
        title=random_headline(chance),
        source=random_headline(chance),
        url=f"https://example.org/{random_text(chance)}" if chance.random() < 0.5 else None,
    )
    start = one.text.index(words)
    edition = Edition("e", random_headline(chance), random_headline(chance), None, None)
    return Quote(one, start, start + len(words), 1.0, (edition,) if chance.random() < 0.5 else ())
