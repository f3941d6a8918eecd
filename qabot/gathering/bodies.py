"""The body of a response: unpacked while it arrives, and cut off where it grows past a limit, packed or unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from qabot.errors import FetchError

_MOST_MEMBERS = 1000
"""Of a gzip stream: each costs a copy of what follows, and a page has one."""

_GZIP = b"\x1f\x8b"

PACKED = {"gzip", "x-gzip", "deflate"}
"""The codings that are understood, which are those that a request asks for."""


def body_of(chunks: Iterable[bytes], coding: str, limit: int, url: str, *, cut: bool = False) -> bytes:
    """The unpacked body.

    Args:
        chunks: as they arrive.
        coding: the value of Content-Encoding; empty for none.
        limit: most bytes, both as they arrive and unpacked.
        url: for messages.
        cut: give the first `limit` bytes of a larger body instead of raising.

    Raises:
        FetchError: the body is larger, in an unknown coding, or damaged.
    """
    coding = coding.strip().lower()
    arriving = _counted(chunks, limit, url, cut=cut)
    if coding in ("", "identity"):
        unpacked: Iterator[bytes] = arriving
    elif coding in PACKED:
        unpacked = inflated(arriving, limit, url)
    else:
        raise FetchError(f"{url} is sent in the coding {coding[:40]!r}, which was not asked for")
    body = bytearray()
    for piece in unpacked:
        body += piece
        if len(body) > limit:
            if cut:
                return bytes(body[:limit])
            raise too_large(url, limit, "unpacks to")
    return bytes(body)


def gunzipped(data: bytes, limit: int, url: str) -> bytes:
    """`data` unpacked if it is gzip, as the files of sitemaps often are; else as it is.

    Raises:
        FetchError: it unpacks to more than `limit` bytes, or is damaged.
    """
    return body_of([data], "gzip", limit, url) if data.startswith(_GZIP) else data


def inflated(chunks: Iterable[bytes], limit: int, url: str) -> Iterator[bytes]:
    """Unpacks gzip, zlib or raw deflate; gives no piece that is longer than `limit` and one byte.

    Raises:
        FetchError: the data are damaged or end early.
    """
    inflater, members = None, 0
    for chunk in chunks:
        left = chunk
        while left:
            if inflater is None:
                if members and left[0] != _GZIP[0]:  # padding behind the last part
                    return
                members += 1
                if members > _MOST_MEMBERS:
                    raise FetchError(f"{url} is packed in more than {_MOST_MEMBERS} parts")
                inflater = zlib.decompressobj(_window_bits(left))
            try:
                piece = inflater.decompress(left, limit + 1)
            except zlib.error as error:
                if members > 1:
                    return
                raise FetchError(f"{url} is packed in a way that cannot be read: {error}") from error
            yield piece
            left = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if inflater.eof:
                inflater = None
    if inflater is not None:
        raise FetchError(f"{url} is packed, and ends too early", "Try again later")


def too_large(url: str, limit: int, how: str = "has") -> FetchError:
    """The error for what is larger than `limit` bytes."""
    return FetchError(f"{url} {how} more than {limit / 1e6:,.1f} MB", "Raise max_page_mb if it is worth it")


def _counted(chunks: Iterable[bytes], limit: int, url: str, *, cut: bool) -> Iterator[bytes]:
    arrived = 0
    for chunk in chunks:
        arrived += len(chunk)
        if arrived > limit and not cut:
            raise too_large(url, limit)
        yield chunk


def _window_bits(head: bytes) -> int:
    """For zlib: gzip by its magic, else zlib by its header, else raw deflate, which some servers call "deflate"."""
    if head[0] == _GZIP[0]:
        return 16 + zlib.MAX_WBITS
    wrapped = head[0] & 0x0F == 8 and (len(head) < 2 or int.from_bytes(head[:2], "big") % 31 == 0)
    return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS
