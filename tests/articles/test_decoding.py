"""Bytes to text: the encodings that newsrooms of the region left behind, and what is no text."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.decoding import decode, unicode_encoding
from qabot.errors import SeedsError

RUSSIAN = "Президент Казахстана предложил открыть в Алматы региональный центр ООН по целям устойчивого развития."
KAZAKH = "Қазақстан Президенті Алматыда БҰҰ-ның тұрақты даму мақсаттары жөніндегі өңірлік орталығын ашуды ұсынды."
UKRAINIAN = "Президент України заявив, що переговори є можливими, і подякував усім за її підтримку цього року."
FRENCH = "Le président a proposé d’adopter la stratégie européenne, a-t-il déclaré à Genève — « déjà en été »."
POLISH = (
    "Prezydent Kazachstanu zaproponował przyjęcie strategii antynarkotykowej na lata 2024-2029 oraz programu działań "
    "na rzecz jej wdrożenia, podała w środę służba prasowa. Wszystkie te środki pomogą zapewnić bezpieczeństwo."
)
ENGLISH = "“The café’s price was £5,” he said — and left."


@pytest.mark.parametrize("text", [RUSSIAN, KAZAKH, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_marks_are_known() -> None:
    assert decode(codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be")) == RUSSIAN
    assert decode(codecs.BOM_UTF32_BE + RUSSIAN.encode("utf-32-be")) == RUSSIAN


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (RUSSIAN * 3, "mac_cyrillic"),
        (KAZAKH, "kz1048"),
        (UKRAINIAN, "cp1251"),
        ("Кто предложил это?", "cp1251"),
        ("ПРЕЗИДЕНТ КАЗАХСТАНА ПРИБЫЛ В АСТАНУ", "cp1251"),
        ("SCO (ШОС) was named: Шанхайская организация сотрудничества", "cp1251"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        ("Il va à Paris", "cp1252"),
        (POLISH, "cp1250"),
        ("Ο πρόεδρος του Καζακστάν πρότεινε την υιοθέτηση της στρατηγικής κατά των ναρκωτικών.", "cp1253"),
        ("哈萨克斯坦总统提议通过上海合作组织禁毒战略以及实施该战略的行动纲领。", "gbk"),
    ],
)
def test_code_pages_are_told_apart(text: str, page: str) -> None:
    assert decode(text.encode(page)) == text


def test_one_broken_byte_does_not_make_utf8_a_code_page() -> None:
    broken = (RUSSIAN * 5).encode() + b"\xd0"
    assert decode(broken) == RUSSIAN * 5 + "\ufffd"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "is a PNG picture, not text"),
        (b"PK\x03\x04" + b"x" * 50, "is a ZIP archive or an office document, not text"),
        (b"%PDF-1.7 text", "is a PDF document, not text"),
        (b"text and \x00 then text", "is binary data, not text"),
        (bytes(range(1, 32)) * 20, "is binary data, not text"),
        (b"\x00" * 4096, "is binary data, not text"),
        (bytes(range(1, 256)) * 10, "is not text in a known encoding"),
        (b"\xff\xfe" + b"\x00\xd8" * 200, "is not the UTF-16 that it begins as"),
    ],
)
def test_what_is_no_text_is_refused_and_named(data: bytes, reason: str) -> None:
    with pytest.raises(SeedsError) as refused:
        decode(data)
    assert refused.value.cause == reason


def test_numbers_of_two_bytes_are_not_taken_for_utf16() -> None:
    samples = b"".join(number.to_bytes(2, "little") for number in range(1, 250, 3)) * 30
    assert unicode_encoding(samples) is None


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(SeedsError):
        assert isinstance(decode(data), str)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf8_is_always_read_as_it_was_written(text: str) -> None:
    data = text.encode()
    if not data.startswith((codecs.BOM_UTF8, b"%PDF-", b"{\\rtf", b"GIF8", b"BZh91AY")):
        assert decode(data) == text
