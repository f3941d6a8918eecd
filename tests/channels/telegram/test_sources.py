"""What the buttons open: the paragraph with the quoted sentence in bold, read from the index in service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hostile import PIECES, headlines, texts, urls
from hypothesis import given
from hypothesis import strategies as st
from made_up_answers import short_id
from message_rules import broken_reply, covered, labels, links, quotations

from qabot.answering.citation import cite
from qabot.answering.engine import Engine, open_engine
from qabot.articles.article import Article, canonical
from qabot.channels.telegram.replies import Reply
from qabot.channels.telegram.sources import article_reply, further_reply, more_reply, source_count, source_reply
from qabot.channels.wording import words_for
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.index.store import Store
from qabot.settings import load_settings

WORDS = words_for("en")
FIRST = "Almaty opened a dam on Monday."
COST = "The dam cost 12 million dollars."
WALL = "Its wall is 150 metres high."
LONG = " ".join(f"Sentence {number} of a paragraph without an end." for number in range(300))
HOSTILE = " ".join(piece for piece in PIECES if piece.strip() and "\n" not in piece)
RECORDS = [
    {
        "id": "dam",
        "title": "Almaty opens a dam",
        "text": f"{FIRST}\n\n{COST} {WALL}\n\nEngineers had planned it since 1966.",
        "published": "2023-07-04",
        "source": "Kazinform",
        "url": "https://example.org/dam",
    },
    {"id": "bees", "title": "Bees", "text": "Beekeepers counted 11,000 hives. They blame mites."},
    {"id": "long", "title": "Long", "text": LONG},
    {"id": "hostile", "title": HOSTILE, "text": f"{HOSTILE} and so on. {HOSTILE} again.", "source": HOSTILE},
]


@pytest.fixture(scope="module")
def engine(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = load_settings(tmp_path_factory.mktemp("home"))
    settings.seeds_folder.mkdir()
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    (settings.seeds_folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    build(settings, encoder)
    with open_engine(settings) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> Store:
    return engine.generation.store


def citation(store: Store, article_id: str, words: str) -> str:
    article = stored(store, article_id)
    start = article.text.index(words)
    return str(cite(article, start, start + len(words)))


def stored(store: Store, article_id: str) -> Article:
    article = store.find_article(article_id)
    assert article
    return article


def opened(citations: list[str], number: int, store: Store, language: str = "en") -> Reply:
    words = words_for(language)
    return source_reply(citations, number, store, words, bot_username="qabot_bot", article_link=short_id)


def more(further: list[str], store: Store) -> Reply:
    return more_reply(further, store, WORDS, answer_id="a1", first=3, bot_username="qabot_bot", article_link=short_id)


def test_a_source_opens_at_its_paragraph_with_the_sentence_in_bold(store: Store) -> None:
    reply = opened([citation(store, "dam", WALL)], 1, store)
    assert reply.text.text == f"[1] Kazinform · 4 July 2023\nAlmaty opens a dam\n{COST} {WALL}"
    assert covered(reply.text, "expandable_blockquote") == [f"{COST} {WALL}"]
    assert covered(reply.text, "bold") == [WALL]
    assert links(reply) == ["https://example.org/dam#:~:text=Its%20wall%20is%20150%20metres%20high."]
    assert labels(reply.keyboard) == [["Whole article"]]


def test_quotes_of_one_article_are_one_source(store: Store) -> None:
    citations = [
        citation(store, "dam", WALL),
        citation(store, "bees", "They blame mites."),
        citation(store, "dam", FIRST),
    ]
    assert source_count(citations) == 2
    reply = opened(citations, 1, store)
    assert quotations(reply) == [FIRST, f"{COST} {WALL}"]
    assert covered(reply.text, "bold") == [FIRST, WALL]
    assert opened(citations, 2, store).text.text.startswith("[2] Bees\n")


def test_a_long_paragraph_is_shown_around_the_quote(store: Store) -> None:
    sentence = "Sentence 150 of a paragraph without an end."
    reply = opened([citation(store, "long", sentence)], 1, store)
    (shown,) = quotations(reply)
    assert covered(reply.text, "bold") == [sentence]
    assert shown in LONG
    assert len(shown) < 2600
    assert len(reply.parts) == 1


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_changed_article_says_so(store: Store, language: str) -> None:
    article = stored(store, "dam")
    old = replace(article, text=f"{article.text} And more.")
    reply = opened([str(cite(old, 0, 10))], 1, store, language)
    assert reply.text.text == words_for(language).changed
    assert reply.keyboard is None


def test_an_article_that_is_gone_says_so(store: Store) -> None:
    assert opened(["gone:0-10@441b5052563c"], 1, store).text.text == WORDS.gone


@pytest.mark.parametrize(("citations", "number"), [([], 1), (["dam:0-10"], 2), (["dam:0-10"], 0), (["nonsense"], 1)])
def test_a_button_that_leads_nowhere_is_too_old(store: Store, citations: list[str], number: int) -> None:
    assert opened(citations, number, store).text.text == WORDS.too_old


def test_a_place_outside_of_the_text_is_too_old(store: Store) -> None:
    assert opened(["dam:0-99999"], 1, store).text.text == WORDS.too_old


def test_hostile_articles_open_in_good_messages(store: Store) -> None:
    article = stored(store, "hostile")
    for start in range(0, len(article.text) - 20, 7):
        place = str(cite(article, start, start + 20))
        assert not broken_reply(opened([place], 1, store))
        assert not broken_reply(more([place], store))


def test_more_shows_further_passages_numbered_on(store: Store) -> None:
    further = [
        citation(store, "dam", COST),
        citation(store, "dam", FIRST),
        citation(store, "bees", "They blame mites."),
    ]
    reply = more(further, store)
    assert reply.text.text == (
        f"Further passages:\n{COST}\n[3] Kazinform · 4 July 2023\nAlmaty opens a dam\n\n"
        f"{FIRST}\n[4] Kazinform · 4 July 2023\n\n"
        "They blame mites.\n[5] Bees"
    )
    assert labels(reply.keyboard) == [["3", "4", "5"]]
    assert quotations(reply) == [COST, FIRST, "They blame mites."]


def test_further_passages_that_changed_are_left_out(store: Store) -> None:
    assert quotations(more(["gone:0-4", citation(store, "bees", "They blame mites.")], store)) == ["They blame mites."]
    assert more(["gone:0-4"], store).text.text == WORDS.no_more
    assert more([], store).text.text == WORDS.no_more


def test_a_further_passage_opens_by_the_number_that_it_has_in_the_chat(store: Store) -> None:
    further = [citation(store, "dam", COST), citation(store, "bees", "They blame mites.")]
    reply = further_reply(further, 2, store, WORDS, first=3, bot_username="qabot_bot", article_link=short_id)
    assert reply.text.text.startswith("[4] Bees\n")
    late = further_reply(further, 3, store, WORDS, first=3, bot_username="qabot_bot", article_link=short_id)
    assert late.text.text == WORDS.too_old


def test_an_article_is_shown_in_pages(store: Store) -> None:
    article = stored(store, "long")
    first = article_reply(article, WORDS, key="s1")
    assert first.text.text.startswith("Long\n\nSentence 0 ")
    assert first.text.text.endswith("\n\nPage 1 of 5")
    assert labels(first.keyboard) == [["2 ›"]]
    shown = [article_reply(article, WORDS, key="s1", page=page).text.text for page in range(1, 6)]
    assert " ".join(text.split("\n\n")[1] for text in shown) == LONG
    assert article_reply(article, WORDS, key="s1", page=99).text == article_reply(article, WORDS, key="s1", page=5).text


def test_a_short_article_has_no_pages_and_links_to_its_publisher(store: Store) -> None:
    reply = article_reply(stored(store, "dam"), WORDS, key="s1")
    assert reply.keyboard is None
    assert links(reply) == ["https://example.org/dam"]
    assert reply.text.text.endswith("Engineers had planned it since 1966.")


@given(texts, headlines, urls, st.integers(-1, 5))
def test_any_article_is_shown_in_one_good_message(text: str, title: str, url: str | None, page: int) -> None:
    article = Article("x", canonical(title), canonical(text * 50), source=canonical(title), url=url)
    reply = article_reply(article, WORDS, key="s1", page=page)
    assert not broken_reply(reply)
    assert len(reply.parts) == 1
