"""An article saved as a file reads back as the same article, whatever is in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.articles.plain_text import read_markdown
from qabot.articles.record import Record, make_article
from qabot.errors import SeedsError
from qabot.gathering.files import LONGEST_NAME, safe_name
from qabot.gathering.saving import article_file, article_path, kept_text, marks_of, text_mark, url_mark

HEADS = st.sampled_from(
    [
        "",
        "---\ntitle: Another\n---\n",
        "---\n",
        "...\n",
        "# A heading\n\n",
        "date 2023-07-04 ",
        "ASTANA. KAZINFORM ",
        "NEW YORK (AP) — ",
        "title: x\n",
        "\ufeff",
        "\x1b[31m",
        "\u0301",
    ]
)
LINES = st.text(max_size=60) | st.sampled_from(
    ["a: b", "'", '"', "it's: 'so'", "\\", '\\"', "- x", "[a, b]", "|", "null", "~", "# x"]
)
URLS = st.sampled_from(
    ["https://example.org/a", "http://www.example.org:8080/a?b=c&d='e'", "https://xn--e1afmkfd.kz/x"]
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(HEADS) + draw(st.text(max_size=200)) + " word " + draw(st.text(max_size=50))
    record = Record(
        text=kept_text(text),
        path="",
        own_id="own",
        title=draw(LINES | HEADS),
        published=draw(st.none() | st.sampled_from(["2023-07-04", "2023-07-04T23:59:59Z", "1066-10-14"])),
        source=draw(st.none() | LINES),
        author=draw(st.none() | LINES),
        place=draw(st.none() | LINES),
        url=draw(URLS),
        language=draw(st.none() | st.sampled_from(["en", "ru", "kk", "de"])),
    )
    return make_article(record)


@settings(max_examples=400, deadline=None)
@given(articles())
def test_any_article_reads_back_as_it_was(article: Article) -> None:
    path = article_path(article)
    items = list(read_markdown(BytesIO(article_file(article)), path.as_posix(), 1_000_000))
    [again] = [item for item in items if isinstance(item, Article)]
    assert again.record_hash == article.record_hash
    assert again.text == article.text
    assert len(items) == 1


def test_the_pages_of_a_document_are_kept() -> None:
    article = make_article(Record("One page.\n\nTwo.", "", "own", url="https://a.org/x.pdf", title="T", pages=(11,)))
    [again] = read_markdown(BytesIO(article_file(article)), "a.md", 1000)
    assert isinstance(again, Article)
    assert again.pages == (11,)


@settings(max_examples=300, deadline=None)
@given(articles())
def test_the_name_is_safe_and_tells_address_and_text(article: Article) -> None:
    path = article_path(article)
    assert path.parts[0] == "added"
    assert len(path.parts) == 3
    assert ".." not in path.parts
    assert len(path.name.encode()) <= 255 - 10  # room for the name under which it is written
    assert path.name.isprintable()
    assert not path.name.startswith(".")
    assert marks_of(path.name) == (url_mark(article.url or ""), text_mark(article.text))


def test_a_name_is_made_of_day_and_title() -> None:
    article = make_article(
        Record(
            "Text.", "", "own", url="https://www.example.org/dam", title="Almaty opens: a dam!", published="2023-07-04"
        )
    )
    assert article_path(article).as_posix().startswith("added/example.org/2023-07-04-almaty-opens-a-dam-")
    assert url_mark("https://www.example.org/dam/") == url_mark("http://example.org/dam?utm_source=x")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one_or_none(name: str) -> None:
    safe = safe_name(name)
    assert len(safe.encode()) <= LONGEST_NAME
    assert safe.isprintable()
    assert not set(safe) & set('/\\:*?"<>|')
    assert not safe.startswith(".")
    assert safe == safe_name(safe)
    assert Path("x", safe).name == (safe or "x")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "-.-etc-passwd"),
        ("C:\\news\\a.txt", "C--news-a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\x00c\u202e.txt", "a b c.txt"),
        ("con.txt", "con_.txt"),
        ("Ж" * 300 + ".pdf", "Ж" * 98 + ".pdf"),
        ("новости 🎉.txt", "новости 🎉.txt"),
        ("...", ""),
        ("/", "-"),
        ("", ""),
    ],
)
def test_names_of_uploads(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_text_without_words_is_no_article() -> None:
    with pytest.raises(SeedsError):
        make_article(Record(kept_text("\x01\x02 —"), "", "own"))
