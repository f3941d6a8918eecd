"""Text in a code page of one byte a character: Cyrillic and western ones here, the rest by charset-normalizer.

A guess from bytes alone goes wrong on short texts: charset-normalizer takes a Russian sentence in cp1251 for
mac_cyrillic or cp1125. So the likely pages are tried first, and judged by how their letters read.
"""

from __future__ import annotations

import re

_SAMPLE = 20_000
_CYRILLIC_PAGES = ("cp1251", "kz1048", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
_LIKELY_PAGES = (
    *("cp1250", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2", "cp874"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_WELL_READ = 0.75
"""Least score of a text that reads as Russian, Kazakh or Ukrainian; in a wrong page it rarely reaches 0.6."""

_CYRILLIC_SHARE = 0.1
"""Share of Cyrillic letters under which a western page is tried first: "Il va à Paris" is not Russian."""

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_HIGH = re.compile("[^\x00-\x7f]")
_PROPER = re.compile("[А-ЯЁІЇЄҐЎӘҒҚҢӨҰҮҺ]?[а-яёіїєґўәғқңөұүһ]+|[А-ЯЁІЇЄҐЎӘҒҚҢӨҰҮҺ]+")
_COMMON = re.compile("[оеаинтсрвлкыі]", re.IGNORECASE)
_VOWELS = re.compile("[аеиоуыэюяёіїєәөұү]", re.IGNORECASE)
# No text has both: cp1251 shows the Kazakh letters of kz1048 as Ukrainian ones.
_RUSSIAN_OR_KAZAKH = re.compile("[ыЫэЭ]")
_UKRAINIAN = re.compile("[їєґЇЄҐ]")
_MARK_CHARACTERS = "«»„“”‘’–—…№°§©®™•·\u00a0\u00ad"
_MARKS = re.compile(f"[{_MARK_CHARACTERS}]")
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜŸ¡¿ªº´×½¼¾¢¥±²³€£\u00b5" + _MARK_CHARACTERS
)
_SIGN_IN_WORD = re.compile(r"[^\W\d_][³¹¿¼¾¥±¢]+[^\W\d_]|[a-z]{4}[³¹¿¼¾]")


def decode_code_page(data: bytes) -> str | None:
    """The text in `data`, which is neither UTF-8 nor UTF-16, or None if no encoding fits."""
    sample = data[:_SAMPLE]
    page, score, share = max((_reads_as_cyrillic(sample, page) for page in _CYRILLIC_PAGES), key=lambda read: read[1])
    cyrillic = score >= _WELL_READ
    if cyrillic and share >= _CYRILLIC_SHARE:
        return data.decode(page, "replace")
    if _reads_as_western(sample):
        return data.decode("cp1252", "replace")
    return data.decode(page, "replace") if cyrillic else _by_charset_normalizer(data)


def _reads_as_cyrillic(sample: bytes, page: str) -> tuple[str, float, float]:
    """The page, how well `sample` reads in it (up to 1), and the share of Cyrillic letters among its characters."""
    text = sample.decode(page, "replace")
    words = [word for word in _WORD.findall(text) if _CYRILLIC.search(word)]
    joined = "".join(words)
    letters = len(joined)
    if not letters:
        return page, 0.0, 0.0
    # Wrong pages mix alphabets, small and capital letters inside words, scatter signs, and show rare letters often.
    proper = sum(len(word) for word in words if _PROPER.fullmatch(word)) / letters
    common = min(1.0, len(_COMMON.findall(joined)) / letters / 0.6)
    vowels = min(1.0, len(_VOWELS.findall(joined)) / letters / 0.35)
    high = len(_HIGH.findall(text))
    signs = max(0, high - letters - len(_MARKS.findall(text))) / high
    mixed = 0.9 if _RUSSIAN_OR_KAZAKH.search(text) and _UKRAINIAN.search(text) else 1.0
    shouted = 0.9 if joined.isupper() else 1.0
    return page, proper * common * vowels * (1 - signs) * mixed * shouted, letters / len(text)


def _reads_as_western(sample: bytes) -> bool:
    text = sample.decode("cp1252", "replace")
    high = _HIGH.findall(text)
    # Accents stand alone among plain letters; a run of them is another alphabet. A sign inside a word is a letter of
    # another page: cp1250 has the Polish ones there.
    return all(ch in _WESTERN for ch in high) and len(high) <= 0.3 * len(text) and not _SIGN_IN_WORD.search(text)


def _by_charset_normalizer(data: bytes) -> str | None:
    # Imported here: hardly any seeds folder needs it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    sample = data[:_SAMPLE]
    # Asked among all its pages it prefers rare ones of DOS and Baltic machines for a short Polish text.
    best = from_bytes(sample, cp_isolation=list(_LIKELY_PAGES)).best() or from_bytes(sample).best()
    return data.decode(best.encoding, "replace") if best else None
