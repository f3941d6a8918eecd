"""Text and Markdown files, the real seed among them."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article, canonical, published_iso
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.articles.plain_text import read_markdown, read_text
from qabot.articles.skipped import Skipped
from qabot.errors import SeedsError

SEED = Path(__file__).parents[2] / "seeds" / "000_40421d8e319eeb75.txt"


def one(data: str | bytes, path: str = "a.txt") -> Article:
    article, *rest = several(data, path)
    assert rest == []
    assert isinstance(article, Article)
    return article


def several(data: str | bytes, path: str = "a.txt") -> list[Article | Skipped]:
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    reader = read_markdown if path.endswith(".md") else read_text
    return list(reader(file, path, 1_000_000))


def test_the_seed_is_read_as_its_header_says() -> None:
    article, _ = read_folder(SEED, Limits())
    assert isinstance(article, Article)
    assert article.id == "000_40421d8e319eeb75"
    assert published_iso(article.published) == "2023-07-04"
    assert (article.place, article.source, article.language) == ("Astana", "Kazinform", "en")
    assert article.text.startswith("Head of State Kassym-Jomart Tokayev has initiated")
    assert article.text in canonical(SEED.read_text("utf-8"))
    assert article.title.startswith("Head of State Kassym-Jomart Tokayev has initiated adopting the SCO’s Anti-Drug")
    assert article.title.endswith("…")


def test_front_matter_goes_before_the_dateline() -> None:
    text = "---\ntitle: Given\nsource: Akorda\ndate: 4 July 2023\n---\nASTANA. KAZINFORM Head of State spoke."
    article = one(text)
    assert (article.title, article.source, article.place) == ("Given", "Akorda", "Astana")
    assert published_iso(article.published) == "2023-07-04"
    assert article.text == "Head of State spoke."


def test_front_matter_gives_id_url_author_and_language() -> None:
    article = one("---\nid: x-1\nurl: https://example.org/a\nauthor: A. One\nlanguage: Kazakh\n---\nSome text.")
    assert (article.id, article.url, article.author, article.language) == (
        "x-1",
        "https://example.org/a",
        "A. One",
        "kk",
    )
    assert article.source == "example.org"


def test_without_an_id_the_url_makes_it() -> None:
    assert one("---\nurl: https://example.org/big-story\n---\nText.").id.startswith("example.org-big-story-")


def test_a_url_that_is_no_web_address_is_left_out() -> None:
    article = one("---\nurl: javascript:alert(1)\n---\nText.")
    assert (article.url, article.id) == (None, "a")


def test_a_date_that_is_not_understood_is_said_and_harmless() -> None:
    article, remark = several("---\ndate: some day\n---\nText.")
    assert isinstance(article, Article)
    assert article.published is None
    assert remark == Skipped("a.txt", "its date 'some day' is not understood; the article has none", harmless=True)


def test_a_markdown_heading_is_the_title_and_leaves_the_text() -> None:
    article = one("\n# The *title* #\n\nText with **marks**.\n\n## More\n", "a.md")
    assert article.title == "The *title*"
    assert article.text == "Text with **marks**.\n\n## More"


def test_a_heading_below_front_matter_is_text_if_it_is_not_the_title() -> None:
    assert one("---\ntitle: Same\n---\n# Same\n\nText.", "a.md").text == "Text."
    assert one("---\ntitle: Given\n---\n# Other\n\nText.", "a.md").text == "# Other\n\nText."


def test_a_hash_in_plain_text_is_text() -> None:
    assert one("# 1 in the charts").text == "# 1 in the charts"
    assert one("#hashtag text", "a.md").text == "#hashtag text"


def test_the_text_is_canonical() -> None:
    article = one("Cafe\u0301 one.\r\n\r\nTwo.\rThree.".encode("utf-16"))
    assert article.text == "Café one.\n\nTwo.\nThree."


def test_a_title_fits_on_one_line() -> None:
    article = one("---\ntitle: A\u202e \x1b[31mred\u00ad dish title\n---\nText.")
    assert article.title == "A [31mred dish title"
    assert len(one(f"---\ntitle: {'long ' * 500}\n---\nText.").title) <= 500


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n ", "holds no text"),
        (b"\xef\xbb\xbf", "holds no text"),
        (b"---\ntitle: A\n---\n", "holds no text"),
        (b"date 2023-07-04", "holds no text"),
        (b"x" * 1_000_001, "grew past max_file_mb while it was read"),
        (b"%PDF-1.4", "is a PDF document, not text"),
    ],
)
def test_a_file_without_an_article_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SeedsError) as refused:
        several(data)
    assert refused.value.cause == reason


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.sampled_from(["a.txt", "a.md"]))
def test_the_text_is_always_the_end_of_the_file(written: str, path: str) -> None:
    try:
        article = several(written, path)[0]
    except SeedsError:
        return
    assert isinstance(article, Article)
    assert canonical(written).strip().endswith(article.text)
    assert article.text == canonical(article.text)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_refused(data: bytes) -> None:
    with contextlib.suppress(SeedsError):
        several(data)
