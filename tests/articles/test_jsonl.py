"""JSON lines: every good record is read, every bad one is named."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article, published_iso
from qabot.articles.jsonl import read_jsonl
from qabot.articles.records import NAMED
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

LIMIT = 100_000
GOOD = {"id": "one", "text": "Some text."}


def read(data: bytes | str, limit: int = LIMIT) -> list[Article | Skipped]:
    return list(read_jsonl(io.BytesIO(data if isinstance(data, bytes) else data.encode()), "n/a.jsonl", limit))


def lines(*records: Any) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def test_a_record_becomes_an_article() -> None:
    record = {
        "id": "rt-1",
        "title": "A\ntitle",
        "published": "2023-11-27T08:45:59Z",
        "source": "Mashable",
        "author": None,
        "url": "https://example.org/a",
        "text": " One.\r\nTwo. ",
        "place": "Astana",
        "language": "en",
        "unknown": [1, 2],
    }
    [article] = read(lines(record))
    assert isinstance(article, Article)
    assert article == Article(
        id="rt-1",
        title="A title",
        text="One.\nTwo.",
        published=article.published,
        source="Mashable",
        place="Astana",
        url="https://example.org/a",
        language="en",
        path="n/a.jsonl:1",
    )
    assert published_iso(article.published) == "2023-11-27T08:45:59Z"


def test_numbers_serve_as_id_and_date() -> None:
    [article] = read(lines({"id": 17, "published": 1688464800, "text": "Text."}))
    assert isinstance(article, Article)
    assert (article.id, published_iso(article.published)) == ("17", "2023-07-04T10:00:00Z")


def test_without_id_and_url_the_text_makes_the_id() -> None:
    first = read(lines({"text": "Text."}))[0]
    later = read(lines(GOOD, {"text": "Text."}))[1]
    assert isinstance(first, Article)
    assert isinstance(later, Article)
    assert first.id == later.id
    assert (first.path, later.path) == ("n/a.jsonl:1", "n/a.jsonl:2")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "cut', "is not JSON (Invalid control character at column 14)"),
        ("plain words", "is not JSON (Expecting value at column 1)"),
        ("[1, 2]", "is a list, not an object"),
        ("null", "is null, not an object"),
        ('{"title": "A"}', "has no text"),
        ('{"text": null}', "has no text"),
        ('{"text": ""}', "holds no text"),
        ('{"text": " \\n"}', "holds no text"),
        ('{"text": 5}', "has a number as its text"),
        ('{"text": ["a"]}', "has a list as its text"),
        ('{"text": "a", "title": 5}', "has a number as its title"),
        ('{"text": "a", "id": {"x": 1}}', "has an object as its id"),
        ('{"text": "a", "published": true}', "has true or false as its published"),
        ("[" * 20_000, "is JSON that no article needs: too deep, or a number too long"),
        ('{"text": "a", "id": ' + "9" * 5000 + "}", "is JSON that no article needs: too deep, or a number too long"),
        ('{"text": "' + "a" * LIMIT + '"}', "is a line of more than 0.1 MB (max_file_mb)"),
    ],
)
def test_a_bad_record_is_named_and_the_rest_is_read(line: str, reason: str) -> None:
    before, bad, after = read(lines(GOOD, line, {**GOOD, "id": "two"}))
    assert bad == Skipped("n/a.jsonl:2", reason)
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert (before.id, after.id) == ("one", "two")


def test_nan_counts_as_null_and_the_last_of_two_keys_holds() -> None:
    [article] = read('{"text": "a", "author": NaN, "id": "x", "id": "y"}')
    assert isinstance(article, Article)
    assert (article.author, article.id) == (None, "y")


def test_lone_surrogates_do_not_break_the_text() -> None:
    [article] = read('{"text": "a \\ud83d b", "title": "\\udfff t", "id": "\\ud800"}')
    assert isinstance(article, Article)
    assert article.content_hash
    assert article.record_hash
    assert article.text == "a ? b"


def test_blank_lines_are_passed_over_and_counted() -> None:
    [article] = read(f"\n  \n{json.dumps(GOOD)}\n\n")
    assert isinstance(article, Article)
    assert article.path == "n/a.jsonl:3"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = "Президент Казахстана предложил открыть в Алматы центр ООН."
    data = "".join(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n" for key in ("a", "b"))
    articles = read(data.encode(encoding))
    assert [item.text for item in articles if isinstance(item, Article)] == [text, text]


def test_a_long_line_in_utf16_is_passed_over() -> None:
    data = lines(GOOD, {"text": "b" * LIMIT}, {**GOOD, "id": "two"})
    one, bad, two = read(data.encode("utf-16"))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert bad == Skipped("n/a.jsonl:2", "is a line of more than 0.1 MB (max_file_mb)")


def test_gold_questions_are_left_out_as_a_whole() -> None:
    questions = lines({"id": "q1", "question": "Who?"}, {"id": "q2", "question": "What?"})
    assert read(questions) == [Skipped("n/a.jsonl", "holds questions, not articles", harmless=True)]


def test_a_file_full_of_bad_lines_is_a_short_report() -> None:
    skipped = read("bad\n" * (NAMED + 1234))
    assert len(skipped) == NAMED + 1
    assert skipped[-1] == Skipped("n/a.jsonl", "1,234 more records left out like those named before")


def test_dates_that_are_not_understood_are_counted_once() -> None:
    *articles, remark = read(lines(*({"text": f"Text {n}.", "published": "some day"} for n in range(3))))
    assert len(articles) == 3
    assert remark == Skipped("n/a.jsonl", "3 dates are not understood; those articles have none", harmless=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "is empty"), (b"\n \n", "holds no articles"), (b"\x1f\x8b\x08\x00", "is gzip data, not text")],
)
def test_a_file_without_records_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SeedsError) as refused:
        read(data)
    assert refused.value.cause == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["text", "id", "title", "published", "date", "source", "url", "language", "author", "question"])


@given(st.lists(st.dictionaries(KEYS, JSON), max_size=4))
def test_any_records_are_articles_or_skipped(records: list[dict[str, Any]]) -> None:
    try:
        items = read(lines(*records))
    except SeedsError:
        return
    for item in items:
        if isinstance(item, Article):
            assert item.id
            assert item.id.isprintable()
            assert item.title
            assert item.text
            assert item.record_hash
        else:
            assert item.reason.isprintable()


@given(st.binary(max_size=300), st.sampled_from([b"", b'{"text": "', b"\xff\xfe{\x00"]))
def test_any_bytes_are_read_or_refused(data: bytes, before: bytes) -> None:
    with contextlib.suppress(SeedsError):
        read(before + data, limit=64)
