"""Links: to the quoted words on the publisher's page (URL text fragments), and to the bot itself."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from qabot.channels.telegram.characters import last_border
from qabot.passages.paragraphs import paragraphs

WHOLE = 100
"""Most code points of a quote that its link holds whole; of a longer one it holds the first words and the last."""

MAX_URL = 2048
"""Longer addresses are not sent: some clients and servers refuse them."""

_LEAST_PREFIX, _LEAST_WORDS, _MOST_WORDS = 3, 4, 10
_LONGEST_WORD = 40
_DIRECTIVE = ":~:"
_WORD = re.compile(r"\S+")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def link_to_quote(url: str | None, text: str, start: int, end: int) -> str | None:
    """A link that opens `url` at the quote text[start:end], with the words lit up where the browser can.

    The fragment is `#:~:text=[prefix-,]start[,end]` of https://wicg.github.io/scroll-to-text-fragment/: the whole quote
    if it is short and in one paragraph, else its first and last words. As browsers take the first match, words that
    stand earlier in the article too are made longer, or get the words before them as prefix.

    Returns:
        The link; the bare address if the fragment would make it too long; None for no address or one that is no good
        for a message (see `checked_url`).
    """
    address = checked_url(url)
    if address is None:
        return None
    page, _, fragment = address.partition("#")
    fragment = fragment.partition(_DIRECTIVE)[0]
    directive = _directive(text, start, end)
    link = f"{page}#{fragment}{_DIRECTIVE}text={directive}"
    return link if directive and len(link) <= MAX_URL else address


def checked_url(url: str | None) -> str | None:
    """`url` in ASCII if a message may link to it, else None.

    It must be http or https, name a host with a dot (Telegram drops others), name no user ("https://bank.com@evil.net")
    and have at most `MAX_URL` characters.
    """
    if not url or url != url.strip() or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return None
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+\.?", host)
    ):
        return None
    safe = SplitResult(parts.scheme, host + port, *(quote(part, safe=_ASCII) for part in parts[2:]))
    address = urlunsplit(safe)
    return address if len(address) <= MAX_URL else None


def bot_link(bot_username: str, key: str) -> str:
    """A link that opens a chat with the bot and sends it `/start key`; `key` has 1 to 64 of A-Z a-z 0-9 _ -."""
    return f"https://t.me/{bot_username}?start={key}"


def _directive(text: str, start: int, end: int) -> str:
    """What stands behind `text=`; empty for a quote without words."""
    blocks = [span for span in paragraphs(text) if span.start < end and start < span.end]
    if not blocks:
        return ""
    # A browser looks for either end within one paragraph.
    start, end = max(start, blocks[0].start), min(end, blocks[-1].end)
    first = _words(text, start, min(end, blocks[0].end))
    last = _words(text, max(start, blocks[-1].start), end)
    if len(blocks) == 1 and (end - start <= WHOLE or len(first) == 1):
        words = first if end - start <= WHOLE else _cut_behind_long(first)
        return _prefix(text, start, words) + _encoded(words)
    opening = _opening(text, start, first)
    closing = _closing(text, start, end, last, opening)
    return f"{_prefix(text, start, opening)}{_encoded(opening)},{_encoded(closing)}"


def _opening(text: str, start: int, words: list[str]) -> list[str]:
    """The first words of a quote, as many as are needed to tell them from what stands before."""
    most = max(len(words) // 2, 1)
    least = min(_LEAST_WORDS, most)
    for count in range(least, min(_MOST_WORDS, most) + 1):
        if not _stands_before(text, start, words[:count]):
            return _cut_behind_long(words[:count])
    return _cut_behind_long(words[:least])


def _closing(text: str, start: int, end: int, words: list[str], opening: list[str]) -> list[str]:
    """The last words of a quote, as many as are needed to tell them from earlier words of the quote."""
    most = max(len(words) // 2, 1)
    least = min(_LEAST_WORDS, most)
    found = _pattern(opening).search(text, start, end)
    behind = found.end() if found else start
    for count in range(least, min(_MOST_WORDS, most) + 1):
        first = _pattern(words[-count:]).search(text, behind, end)
        if first is None or first.end() == end:
            return _cut_before_long(words[-count:])
    return _cut_before_long(words[-least:])


def _prefix(text: str, start: int, words: list[str]) -> str:
    """`prefix-,` where the words stand earlier in the article too; else nothing."""
    if not _stands_before(text, start, words):
        return ""
    before = _words(text, max(0, start - _MOST_WORDS * _LONGEST_WORD), start)
    for count in range(min(_LEAST_PREFIX, len(before)), min(_MOST_WORDS, len(before)) + 1):
        found = _pattern([*before[-count:], *words]).search(text)
        if found and found.end() > start:
            return _encoded(before[-count:]) + "-,"
    return ""


def _stands_before(text: str, start: int, words: list[str]) -> bool:
    """Whether a browser would find `words` before the place `start` where they are wanted."""
    found = _pattern(words).search(text)
    return found is not None and found.start() < start


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)


def _words(text: str, start: int, end: int) -> list[str]:
    return [match.group() for match in _WORD.finditer(text, start, end)]


def _cut_behind_long(words: list[str]) -> list[str]:
    """`words` up to one that is a whole clause, as in scripts without spaces, and of that one the beginning."""
    for at, word in enumerate(words):
        if len(word) > _LONGEST_WORD:
            return [*words[:at], word[: last_border(word, 0, _LONGEST_WORD)]]
    return words


def _cut_before_long(words: list[str]) -> list[str]:
    """`words` from the last one that is a whole clause, and of that one the end."""
    for at in range(len(words) - 1, -1, -1):
        if len(words[at]) > _LONGEST_WORD:
            word = words[at]
            return [word[last_border(word, 0, len(word) - _LONGEST_WORD) :], *words[at + 1 :]]
    return words


def _encoded(words: list[str]) -> str:
    """Words for a directive, percent-encoded; `-`, `,` and `&` have a meaning in it, so they are too."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
