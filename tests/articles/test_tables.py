"""Tables with named columns, and JSON that is no JSON lines."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import Seeds

from qabot.articles.article import Article, published_iso
from qabot.articles.csv_table import read_csv
from qabot.articles.limits import Budget, Limits
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.csv", "|")])
def test_rows_are_articles_whatever_stands_between_columns(seeds: Seeds, name: str, mark: str) -> None:
    rows = [
        ["Title", "URL", " text ", "Date", "rank"],
        ["A dam", "https://example.org/1", f'"It holds{mark} says ""he"",\nwater."', "2023-07-04", "1"],
        ["", "", "Another text.", "", ""],
    ]
    seeds.put(name, "\n".join(mark.join(row) for row in rows))
    [first, second], [] = seeds.read()
    assert (first.title, first.text) == ("A dam", f'It holds{mark} says "he",\nwater.')
    assert published_iso(first.published) == "2023-07-04"
    assert (first.source, first.path) == ("example.org", f"{name}:2")
    assert (second.title, second.path) == ("Another text.", f"{name}:4")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_tables_in_any_encoding(seeds: Seeds, encoding: str) -> None:
    text = "id;title;text\n1;Плотина;Плотину над Алматы открыли в понедельник.\n"
    article = seeds.one("a.csv", text.encode(encoding))
    assert (article.id, article.title) == ("1", "Плотина")
    assert article.text == "Плотину над Алматы открыли в понедельник."


def test_a_table_without_texts_names_its_columns(seeds: Seeds) -> None:
    assert seeds.refused("a.csv", "name,body\na,b\n") == "has no column text; its columns are name, body"
    assert seeds.refused("a.csv", "text\n") == "holds no articles"
    assert seeds.refused("a.csv", b"") == "is empty"


def test_bad_rows_are_reported_by_their_lines(seeds: Seeds) -> None:
    seeds.put("a.csv", "text,title,date\nfine,t,soon\n,no text,\n\nlast\n")
    articles, skipped = seeds.read()
    assert [article.text for article in articles] == ["fine", "last"]
    assert skipped == [
        Skipped("a.csv:3", "has no text"),
        Skipped("a.csv", "1 dates are not understood; those articles have none", harmless=True),
    ]


def test_a_field_without_end_is_one_report(seeds: Seeds) -> None:
    seeds.put("a.csv", 'text\nfine\n"' + "word " * 400_000 + '"\nlost\n')
    [article], [skipped] = seeds.read(Limits(max_file_mb=1))
    assert article.text == "fine"
    assert skipped.path == "a.csv:3"
    assert skipped.reason.startswith("is where reading ended")


def test_a_large_table_is_read_since_it_is_streamed(seeds: Seeds) -> None:
    seeds.put("a.csv", "text,id\n" + "".join(f"{'word ' * 200},{number}\n" for number in range(2000)))
    assert len(seeds.read(Limits(max_file_mb=1))[0]) == 2000


@settings(deadline=None)
@given(st.text(st.sampled_from('text,;"\n\r\t|\\a\x00é '), max_size=60) | st.text(max_size=40))
def test_any_table_gives_articles_or_reports(rows: str) -> None:
    read_or_refuse(("text,title\n" + rows).encode("utf-8", "replace"))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    read_or_refuse(data)


def read_or_refuse(data: bytes) -> None:
    """Without `guarded`: nothing but a SeedsError may come out."""
    with contextlib.suppress(SeedsError):
        items = list(read_csv(io.BytesIO(data), "a.csv", Budget(Limits())))
        assert all(isinstance(item, Article | Skipped) for item in items)


def test_json_may_be_an_article_a_list_or_an_object_with_a_list(seeds: Seeds) -> None:
    record = {"id": "x", "title": "T", "text": "Some text."}
    for value in (record, [record], {"count": 1, "articles": [record]}):
        article = seeds.one("a.json", json.dumps(value, indent=1))
        assert (article.id, article.title, article.text) == ("x", "T", "Some text.")


def test_json_lines_under_the_name_of_json_are_read(seeds: Seeds) -> None:
    seeds.put("a.json", '{"text": "One."}\n{"text": "Two."}\n')
    assert [article.path for article in seeds.read()[0]] == ["a.json:1", "a.json:2"]


@pytest.mark.parametrize(
    "text", ["{", "[1", '"text"', "{}", '{"a": 1}', "[" * 100_000, "9" * 10_000, '{"a":[],"b":[]}']
)
def test_json_without_articles_is_reported(seeds: Seeds, text: str) -> None:
    assert seeds.refused("a.json", text)
