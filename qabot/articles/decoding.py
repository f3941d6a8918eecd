"""Bytes to text: byte order marks, UTF-8, UTF-16, then the code pages of one byte; binary data is refused."""

from __future__ import annotations

import codecs
import re

from qabot.articles.code_pages import decode_code_page
from qabot.errors import SeedsError

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh91AY", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_HIGH_BYTES = bytes([*range(0x07), 0x09, 0x0E, 0x10, 0x1E, *range(0x20, 0x23)])
"""First bytes of a UTF-16 character of an alphabet, or of a punctuation mark."""

_SAMPLE = 65_536
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_MOST_BROKEN = 0.01


def decode(data: bytes) -> str:
    """The text in `data`, without its byte order mark; single broken characters become U+FFFD.

    Raises:
        SeedsError: binary data, or text in an encoding that cannot be told.
    """
    encoding = unicode_encoding(data)
    if encoding is None:
        refuse_binary(data)
        text = _utf8(data) or decode_code_page(data)
    else:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > _MOST_BROKEN * len(text) + 1:
            raise SeedsError(f"is not the {encoding.upper().removesuffix('-SIG')} that it begins as")
    if text is None:
        raise SeedsError("is not text in a known encoding")
    if _too_many_controls(text):
        raise SeedsError("is binary data, not text")
    return text


def unicode_encoding(head: bytes) -> str | None:
    """The Unicode encoding that a file's first bytes give away: by its mark, or UTF-16 by its NUL bytes; else None."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if len(head) % 2:
        return None
    sample = head[:_SAMPLE]
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        # Latin letters, digits and spaces have a NUL as their high byte: one character in ten of any text in words.
        # The others' high bytes are those of a few alphabets, and a low byte is hardly ever NUL.
        zeros = high.count(0)
        if zeros and zeros >= 0.05 * len(high) and low.count(0) <= 0.005 * len(low):
            strange = len(high.translate(None, _HIGH_BYTES))
            text = sample.decode(encoding, "replace")
            if strange <= 0.1 * len(high) and not _too_many_controls(text) and _mostly_words(text):
                return encoding
    return None


def refuse_binary(head: bytes) -> None:
    """Does nothing for text in UTF-8 or a code page of one byte.

    Raises:
        SeedsError: the first bytes of a file are those of another format, or hold a NUL.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise SeedsError(f"is {name}, not text")
    if 0 in head:
        raise SeedsError("is binary data, not text")


def _utf8(data: bytes) -> str | None:
    """The text if `data` is UTF-8, also if a few of its many characters are broken; else None."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    return text if whole >= 10 * broken else None


def _too_many_controls(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > _MOST_CONTROLS * len(sample)


def _mostly_words(text: str) -> bool:
    # Numbers of two bytes read as UTF-16 give symbols and control characters instead.
    sample = text[:2000]
    return sum(ch.isalnum() or ch.isspace() for ch in sample) >= 0.6 * len(sample)
