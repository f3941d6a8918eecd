"""Web pages: what is the article in them, and what stands around it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import Seeds

from qabot.articles.article import published_iso
from qabot.articles.html import decode_page, page_record
from qabot.articles.limits import Limits
from qabot.articles.record import make_article
from qabot.errors import SeedsError

TEXT = (
    "The dam above Almaty was opened on Monday after four years of work by three hundred people.",
    "It cost 12 million dollars, which the city and the region paid in equal shares.",
    "The lake behind it will hold water for two million people when it is full in spring.",
)
HEAD = """<title>Dam opened | Tengri News</title><meta property="og:site_name" content="Tengri News">
<meta property="og:title" content="Dam opened"><meta name="author" content="Aigul Serik">
<link rel="canonical" href="https://example.org/news/dam-opened?utm_source=x">"""


def page(head: str = HEAD, text: tuple[str, ...] = TEXT) -> str:
    menu = "".join(f'<li><a href="/s{number}">Section {number}</a></li>' for number in range(40))
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}
<script>var a = "<p>no</p>";</script></head><body>
<div class="cookie-banner" id="cookies"><p>We use cookies. Accept all cookies to go on reading.</p></div>
<header><nav><ul>{menu}</ul></nav></header><main><article><h1>Dam opened</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in text)}</article></main>
<section class="comments" id="comments"><div class="comment"><p>What a splendid dam this is, say I.</p></div></section>
<footer><ul>{menu}</ul><p>All rights reserved by nobody at all.</p></footer></body></html>"""


def test_the_text_of_a_page_is_that_of_its_article(seeds: Seeds) -> None:
    date = '<meta property="article:published_time" content="2023-07-04T10:15:00+06:00">'
    article = seeds.one("a.html", page(HEAD + date))
    assert article.text == "\n\n".join(TEXT)
    assert (article.title, article.author, article.source) == ("Dam opened", "Aigul Serik", "Tengri News")
    assert article.url == "https://example.org/news/dam-opened"
    assert published_iso(article.published) == "2023-07-04T04:15:00Z"
    assert article.language == "en"
    assert article.id.startswith("example.org-dam-opened-")


@pytest.mark.parametrize("markup", [f"<p>{TEXT[0]}</p>", f"<!-- saved --><div><p>{TEXT[0]}</p></div>"])
def test_a_piece_of_a_page_is_read(seeds: Seeds, markup: str) -> None:
    assert seeds.one("a.html", markup).text == TEXT[0]


def test_tables_have_no_frames(seeds: Seeds) -> None:
    table = "<table><tr><th>Dam</th><th>Height</th></tr><tr><td>Medeu</td><td>150 m</td></tr></table>"
    body = f"<article><p>{TEXT[0]}</p>{table}<p>{TEXT[1]}</p></article>"
    article = seeds.one("a.html", f"<html><body>{body}</body></html>")
    assert article.text == f"{TEXT[0]}\n\nDam | Height\n\nMedeu | 150 m\n\n{TEXT[1]}"


def test_a_page_laid_out_in_a_table_has_no_frames(seeds: Seeds) -> None:
    laid_out = seeds.one("a.html", f"<html><body><table><tr><td>{TEXT[0]}<br>{TEXT[1]}</td></tr></table></body></html>")
    assert not set("|-") & set(laid_out.text)


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-07-04"}</script>',
        '<meta name="date" content="2023-07-04">',
        '<meta itemprop="datePublished" content="2023-07-04">',
    ],
)
def test_a_date_is_found_in_any_of_its_places(seeds: Seeds, head: str) -> None:
    assert published_iso(seeds.one("a.html", page(head)).published) == "2023-07-04"


def test_a_page_without_a_date_has_none(seeds: Seeds) -> None:
    assert seeds.one("a.html", page(text=(*TEXT, "Another dam was opened here on 3 May 2011."))).published is None


@pytest.mark.parametrize(
    "data",
    [
        page(text=("Плотину над Алматы открыли в понедельник после четырёх лет работы.",) * 3)
        .replace('charset="utf-8"', 'charset="windows-1251"')
        .encode("cp1251"),
        page(text=("Плотину над Алматы открыли в понедельник после четырёх лет работы.",) * 3).encode("utf-16"),
        page(text=("Плотину над Алматы открыли в понедельник после четырёх лет работы.",) * 3).encode("utf-8-sig"),
        page(text=("Плотину над Алматы открыли в понедельник после четырёх лет работы.",) * 3)
        .replace('<meta charset="utf-8">', "")
        .encode("koi8-r"),
    ],
    ids=["declared cp1251", "utf-16", "utf-8 with a mark", "undeclared koi8-r"],
)
def test_pages_in_any_encoding(seeds: Seeds, data: bytes) -> None:
    article = seeds.one("a.htm", data)
    assert article.text.startswith("Плотину над Алматы открыли в понедельник")
    assert article.language == "ru"


def test_a_declaration_that_lies_is_not_believed() -> None:
    assert decode_page('<meta charset="windows-1251">Плотина'.encode(), "windows-1251").endswith("Плотина")
    assert decode_page('<meta charset="no-such">Il va à l’été'.encode("cp1252"), "base64").endswith("à l’été")
    assert decode_page("<p>caf\xe9 cr\xe8me".encode("latin-1"), "iso-8859-1").endswith("café crème")


def test_a_page_cannot_take_the_address_of_another_site() -> None:
    body = page().encode()
    fetched = "https://other.example/p1"
    assert page_record(body, url=fetched, charset=None, path="a", own_id="a").url == fetched
    own = page_record(body, url="http://www.example.org/news/1", charset=None, path="a", own_id="a").url
    assert own == "https://example.org/news/dam-opened"


def test_a_front_page_named_on_every_page_is_no_address(seeds: Seeds) -> None:
    article = seeds.one("a.html", page(HEAD.replace("news/dam-opened?utm_source=x", "")))
    assert (article.url, article.id, article.source) == (None, "a.html", "Tengri News")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (
            b"<!DOCTYPE html><html><body><nav></nav><script>var a = 1;</script></body></html>",
            "without the text of an article",
        ),
        (b"<html>\x00\x01\x02\x03", "binary"),
    ],
)
def test_a_page_without_an_article_is_reported(seeds: Seeds, data: bytes, reason: str) -> None:
    assert reason in seeds.refused("a.html", data)


def test_nesting_without_end_is_an_article_or_a_report(seeds: Seeds) -> None:
    seeds.put("a.html", "<!DOCTYPE html><html><body>" + "<div>" * 100_000 + "<p>" + TEXT[0])
    seeds.put("b.html", "<!DOCTYPE html><html><body><p>" + TEXT[0] + "<b><i>" * 100_000)
    seeds.put("c.html", "<!-- " * 100_000)
    seeds.put("d.txt", "<!-- -->" * 2_000 + "Text.")
    began = time.monotonic()
    articles, skipped = seeds.read()
    assert len(articles) + len(skipped) == 4
    assert articles[-1].path == "d.txt"
    assert time.monotonic() - began < 25


def test_a_page_that_takes_too_long_is_one_report_and_the_rest_is_read(seeds: Seeds) -> None:
    seeds.put("a.html", "<!DOCTYPE html><html><body>" + "<p>Some words here " * 300_000)
    seeds.put("b.html", page())
    [article], [skipped] = seeds.read(Limits(max_read_seconds=1))
    assert article.path == "b.html"
    assert str(skipped) == "a.html: takes longer than max_read_seconds = 1"


_TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "<html", "<!--", "-->", "<article>", "<a href=", "\x00", "&#0;", "&amp", "<table><td>"]
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(_TAGS | st.text(max_size=20) | st.just(TEXT[0]), max_size=30),
    st.sampled_from(["utf-8", "utf-16", "cp1251"]),
)
def test_any_page_is_an_article_or_refused(parts: list[str], encoding: str) -> None:
    body = "".join(["<!DOCTYPE html><html><body>", *parts]).encode(encoding, "replace")
    try:
        article = make_article(page_record(body, url=None, charset=None, path="a.html", own_id="a.html"))
    except SeedsError:
        return
    assert article.text.strip() == article.text != ""
