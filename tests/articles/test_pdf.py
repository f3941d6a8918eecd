"""PDF documents: paragraphs, pages and properties, and what is no document that can be read."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import Seeds, make_pdf
from pypdf import PdfReader, PdfWriter

from qabot.answering.answer import Quote
from qabot.articles.article import published_iso
from qabot.articles.limits import Limits
from qabot.articles.page_text import page_texts

LINES = (
    "The government said on Tuesday that the new reser-",
    "voir above Almaty would be filled by the end of it,",
    "and that the cost would be 12 million dollars.",
)
PARAGRAPH = (
    "The government said on Tuesday that the new reservoir above Almaty would be filled by the end of it,"
    " and that the cost would be 12 million dollars."
)


def test_lines_become_paragraphs_and_pages_are_kept(seeds: Seeds) -> None:
    words = ("one", "two", "three")
    pages = [[f"Day {word}.", f"It was {word}.", *LINES, f"Said on {word}.", f"End of {word}."] for word in words]
    article = seeds.one("a.pdf", make_pdf(pages))
    assert article.text.startswith("Day one.\n\nIt was one.\n\n" + PARAGRAPH)
    assert article.text.count(PARAGRAPH) == 3
    assert [article.text[offset : offset + 8] for offset in article.pages] == ["Day two.", "Day thre"]
    for number, word in enumerate(words, start=1):
        start = article.text.index(f"Said on {word}.")
        assert Quote(article, start, start + 10, 1.0).page == number


def test_running_heads_and_page_numbers_are_no_text(seeds: Seeds) -> None:
    story = ["A dam was built.", "A bridge was opened.", "A road was closed.", "A school was founded."]
    pages = [["The Daily News, 4 July", line, *LINES, f"Page {number} of 4"] for number, line in enumerate(story, 1)]
    article = seeds.one("a.pdf", make_pdf(pages))
    assert "Daily News" not in article.text
    assert "Page" not in article.text
    assert all(line in article.text for line in story)


def test_a_page_without_text_keeps_its_number(seeds: Seeds) -> None:
    article = seeds.one("a.pdf", make_pdf([[""], ["Second page."], [""], ["Fourth page."]]))
    assert article.text == "Second page.\n\nFourth page."
    pages = [Quote(article, start, start + 1, 1.0).page for start in (0, article.text.index("Fourth"))]
    assert pages == [2, 4]


def test_a_document_of_one_page_has_no_page_numbers(seeds: Seeds) -> None:
    article = seeds.one("a.pdf", make_pdf([["One page."]]))
    assert article.pages == ()
    assert Quote(article, 0, 3, 1.0).page is None


def test_properties_give_title_author_and_date(seeds: Seeds) -> None:
    info = {"Title": "Report on dams", "Author": "A. Writer", "CreationDate": "D:20230704101500+06'00'"}
    article = seeds.one("a.pdf", make_pdf([["Text of it."]], info))
    assert (article.title, article.author) == ("Report on dams", "A. Writer")
    assert published_iso(article.published) == "2023-07-04T04:15:00Z"


@pytest.mark.parametrize("title", ["Microsoft Word - dams.doc", "untitled", "dams_final.indd", "1234", ""])
def test_a_title_left_over_from_a_program_is_none(seeds: Seeds, title: str) -> None:
    info = {"Title": title, "Author": "user", "CreationDate": "yesterday"}
    article = seeds.one("a.pdf", make_pdf([["Dams are built of earth. They hold water."]], info))
    assert (article.title, article.author, article.published) == ("Dams are built of earth.", None, None)


def test_a_hyphen_stays_where_the_word_has_one() -> None:
    [text] = page_texts(["It is a well-known dam and the state-owned firm is a well-\nknown builder of reser-\nvoirs."])
    assert text == "It is a well-known dam and the state-owned firm is a well-known builder of reservoirs."


def test_a_scanned_document_says_so(seeds: Seeds) -> None:
    reason = seeds.refused("a.pdf", make_pdf([[""], [""]]))
    assert reason == "holds no text: its 2 pages are pictures or empty; recognise the text in it first"


def test_an_encrypted_document_is_reported_and_one_without_a_password_is_read(seeds: Seeds) -> None:
    writer = PdfWriter(clone_from=PdfReader(seeds.put("plain.pdf", make_pdf([["Secret text."]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(seeds.folder / "locked.pdf")
    writer = PdfWriter(clone_from=PdfReader(seeds.folder / "plain.pdf"))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(seeds.folder / "open.pdf")
    articles, [skipped] = seeds.read()
    assert [article.path for article in articles] == ["open.pdf", "plain.pdf"]
    assert str(skipped) == "locked.pdf: is encrypted: it takes a password to read"


def test_ten_thousand_pages_are_one_report(seeds: Seeds) -> None:
    document = make_pdf([["Text."]] * 10_000)
    assert seeds.refused("a.pdf", document) == "has 10,000 pages, more than max_pages = 2,000"
    assert seeds.refused("a.pdf", make_pdf([["Text."]] * 3), Limits(max_pages=2)).startswith("has 3 pages")


def test_damaged_documents_are_reported(seeds: Seeds) -> None:
    good = make_pdf([[*LINES]] * 3)
    seeds.put("cut.pdf", good[: len(good) // 2])
    seeds.put("loop.pdf", good.replace(b"/Kids [4 0 R 6 0 R 8 0 R]", b"/Kids [2 0 R 2 0 R 2 0 R]"))
    seeds.put("noise.pdf", b"%PDF-1.4\n" + random.Random(1).randbytes(20_000))
    seeds.put("other.pdf", "This is no PDF document at all.")
    articles, skipped = seeds.read()
    assert articles == []
    assert [item.path for item in skipped] == ["cut.pdf", "loop.pdf", "noise.pdf", "other.pdf"]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("Aab1 .-\n\u00ad•"), max_size=60), max_size=6))
def test_joining_lines_loses_no_letters(pages: list[str]) -> None:
    joined = page_texts(pages)
    assert len(joined) == len(pages)
    for before, after in zip(pages, joined, strict=True):
        kept = iter(ch for ch in before if ch.isalpha())
        assert all(ch in kept for ch in after if ch.isalpha())
        assert after == after.strip()
