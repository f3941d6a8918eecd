"""A link opens the page at the quote. `found` reads the fragment as a browser does and finds the words."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hostile import sayings, texts
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import canonical
from qabot.channels.telegram.fragments import MAX_URL, bot_link, checked_url, link_to_quote

PAGE = "https://example.org/dam"
LONG = (
    "Its wall, built by the men who had built everything else in the country since the beginning of time, is 150 metres"
    " high and nobody has climbed it."
)
TEXT = (
    f"The dam, well-known & loved, opened. It cost much.\n\nThe dam is old. It cost much.\n\n{LONG} {LONG[:60]} again."
)


def found(link: str, text: str) -> tuple[int, int] | None:
    """Where a browser finds the first match of a text fragment, by the algorithm of the specification in short."""
    directive = link.partition("#")[2].partition(":~:text=")[2]
    terms = [unquote(term) for term in directive.split(",")]
    prefix = terms.pop(0)[:-1] if directive.split(",")[0].endswith("-") else ""
    start = re.search(rf"{_loose(prefix)}\s*(?P<match>{_loose(terms[0])})", text, re.IGNORECASE)
    if start is None or len(terms) == 1:
        return start.span("match") if start else None
    end = re.compile(_loose(terms[1]), re.IGNORECASE).search(text, start.end())
    return (start.start("match"), end.end()) if end else None


def link_to(quote: str, text: str = TEXT, url: str = PAGE, start: int = -1) -> tuple[str, tuple[int, int]]:
    start = text.index(quote) if start < 0 else start
    link = link_to_quote(url, text, start, start + len(quote))
    assert link
    return link, (start, start + len(quote))


def test_a_short_quote_stands_whole_in_the_fragment() -> None:
    link, place = link_to("The dam, well-known & loved, opened.")
    assert link == f"{PAGE}#:~:text=The%20dam%2C%20well%2Dknown%20%26%20loved%2C%20opened."
    assert found(link, TEXT) == place


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    link, place = link_to(LONG)
    assert link == f"{PAGE}#:~:text=Its%20wall%2C%20built%20by,nobody%20has%20climbed%20it."
    assert found(link, TEXT) == place


def test_words_that_stand_earlier_too_get_the_words_before_them() -> None:
    link, place = link_to("It cost much.", start=TEXT.rindex("It cost much."))
    assert "-,It%20cost%20much." in link
    assert found(link, TEXT) == place


def test_a_quote_over_two_paragraphs_is_named_by_both() -> None:
    link, place = link_to("It cost much.\n\nThe dam is old.")
    assert found(link, TEXT) == place


def test_a_fragment_of_the_address_is_kept_and_an_old_directive_replaced() -> None:
    assert link_to("It cost", url=f"{PAGE}#top")[0] == f"{PAGE}#top:~:text=It%20cost"
    assert link_to("It cost", url=f"{PAGE}?a=1#:~:text=old")[0] == f"{PAGE}?a=1#:~:text=It%20cost"


def test_cyrillic_is_encoded_and_found() -> None:
    text = (
        "Плотина у Алматы стоила 12 млн долларов. Её открыли в июле, и с тех пор на неё едут смотреть со всей страны."
    )
    link, place = link_to(text, text, "https://пример.рф/плотина")
    assert link.isascii()
    assert link.startswith("https://xn--e1afmkfd.xn--p1ai/%D0%BF")
    assert found(link, text) == place


def test_a_script_without_spaces_is_named_by_its_first_and_last_characters() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(300))
    link, _ = link_to(text, text)
    assert len(link) < 800


BAD_ADDRESSES = [
    *(None, "", "javascript:alert(1)", "ftp://example.org/", "//example.org/", "http://localhost/"),
    *("https://bank.com@evil.net/", "https://example.org/\nx", " https://example.org/", "https://exa mple.org/"),
    *("https://example.org:99999/", "https://[::1", f"https://{'a' * 64}.org/", f"https://example.org/{'a' * MAX_URL}"),
]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_an_address_that_is_no_good_gives_no_link(url: str | None) -> None:
    assert checked_url(url) is None
    assert link_to_quote(url, TEXT, 0, 7) is None


def test_an_address_with_no_room_for_the_words_is_left_bare() -> None:
    url = f"{PAGE}?{'a' * (MAX_URL - 30)}"
    assert link_to_quote(url, TEXT, 0, 30) == url


def test_the_bot_is_linked_with_what_it_should_open() -> None:
    assert bot_link("qabot_bot", "a1_-") == "https://t.me/qabot_bot?start=a1_-"


@given(sayings(), texts, texts)
def test_any_quote_gives_an_address_that_a_browser_can_read(words: str, before: str, behind: str) -> None:
    before, words = canonical(f"{before} "), canonical(words)
    text = f"{before}{words} {behind}"
    link = link_to_quote(PAGE, text, len(before), len(before) + len(words))
    assert link
    assert link.isascii()
    assert len(link) <= MAX_URL
    directive = urlsplit(link).fragment.removeprefix(":~:text=")
    assert re.fullmatch(r"(?:[\w.~%]+-,)?[\w.~%]+(?:,[\w.~%]+)?", directive)


PLAIN = st.lists(
    st.sampled_from("the dam of Almaty cost 12 million, well-known. Жаңа бөгет & so".split()), min_size=1, max_size=60
)


@given(PLAIN, PLAIN, PLAIN)
def test_the_words_are_found_unless_the_article_has_them_before(
    before: list[str], quote: list[str], behind: list[str]
) -> None:
    text = " ".join([*before, *quote, *behind])
    start = len(" ".join(before)) + 1
    link, (_, end) = link_to(" ".join(quote), text, start=start)
    place = found(link, text)
    assert place is not None
    if " ".join(quote[:1]).casefold() not in text[:start].casefold():
        assert place[0] == start
        assert place[1] <= end


def _loose(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))
