"""Which reader a file is for: by its content where that is sure, else by its name."""

from __future__ import annotations

import gzip

import pytest
from made_files import Seeds, make_pdf, make_zip

from qabot.articles.readers import kind_of
from qabot.errors import SeedsError

PAGE = "<!DOCTYPE html><html><body><article><p>The dam was opened on Monday.</p></article></body></html>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", make_pdf([["The dam was opened on Monday."]])),
        ("a", make_pdf([["The dam was opened on Monday."]])),
        ("page", PAGE),
        ("page.php", "\ufeff\n<!-- saved from a site --> " + PAGE),
        ("page.pdf", PAGE),
        ("page.txt", PAGE.encode("utf-16")),
        ("page.xhtml", '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE),
        ("a.txt", make_zip({"a.txt": "The dam was opened on Monday."})),
        ("a.jsonl", gzip.compress(b'{"text": "The dam was opened on Monday."}', mtime=0)),
        ("A.TXT", "The dam was opened on Monday."),
    ],
)
def test_content_goes_before_the_name(seeds: Seeds, name: str, content: str | bytes) -> None:
    assert seeds.one(name, content).text == "The dam was opened on Monday."


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.png", b"\x89PNG"),
        ("README", b"Some text."),
        ("a.xml", b"<?xml version='1.0'?><rss>"),
        ("a.epub", b"PK\x03\x04"),
        ("a.tar.gz", b"\x1f\x8b"),
        ("a.bad\x1b[31m", b"x"),
    ],
)
def test_what_has_no_reader_says_so(name: str, head: bytes) -> None:
    with pytest.raises(SeedsError, match="no reader for") as refused:
        kind_of(name, head)
    assert refused.value.cause.isprintable()


def test_text_about_html_is_text() -> None:
    assert kind_of("a.md", b"Pages begin with <!DOCTYPE html>.") == "markdown"
    assert kind_of("a.txt", b"<htmlx>") == "text"
