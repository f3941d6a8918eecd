"""Fetching a page or a feed: a few guarded requests, each within limits of time and size, polite to its host."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import cached_property

import httpcore
import httpx

from qabot import __version__
from qabot.errors import FetchError, one_line
from qabot.gathering.addresses import Address, parse_address
from qabot.gathering.bodies import body_of, too_large
from qabot.gathering.connecting import GuardedNetwork, Resolve, resolve
from qabot.gathering.pauses import Pauses, retry_after
from qabot.gathering.robots import MOST_BYTES, Robots, RobotsFile
from qabot.settings import Settings

USER_AGENT = f"qabot/{__version__} (reads articles for a private index)"
MOST_REDIRECTS = 5
MOST_TRIES = 3
"""Requests for one address whose server is busy (429, 503)."""
LONGEST_WAIT = 30.0
"""Seconds of a Retry-After that are waited for; who asks for more is left alone."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with: 200 and a body, or 304 (unchanged) and none.

    `url` is what was asked for, `final_url` where redirects led. `content_type` is lower case without parameters,
    `charset` what the header names. `etag` and `last_modified` are as the server wrote them.
    """

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    etag: str | None = None
    last_modified: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the server says that what was fetched before still holds."""
        return self.status == 304


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


Wanted = Callable[[str], bool]
"""content type -> whether its body is worth reading."""


class Fetcher:
    """Fetches for one run: it remembers robots.txt files and when each host was asked last. For one thread.

    Args:
        settings: fetch_seconds (for one try with its redirects), max_page_mb, fetch_pause_seconds, private_addresses.
        resolving: instead of the system's resolver.
        sleep: waits so many seconds; may raise to stop the run.
    """

    def __init__(
        self, settings: Settings, *, resolving: Resolve = resolve, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._settings = settings
        self._resolving = resolving
        self._sleep = sleep
        self._pauses = Pauses(settings.fetch_pause_seconds, sleep)
        self._robots = Robots(self._robots_file)

    @property
    def limit(self) -> int:
        """Most bytes of a body."""
        return self._settings.max_page_mb * 1_000_000

    def fetch(
        self,
        url: str,
        *,
        wanted: Wanted = lambda _: True,
        etag: str | None = None,
        last_modified: str | None = None,
        ignore_robots: bool = False,
    ) -> Fetched:
        """What `url` answers with, redirects followed.

        Args:
            url: http(s).
            wanted: content types; another is refused before its body is read.
            etag: of what is known already, as it came with that.
            last_modified: likewise.
            ignore_robots: ask also where the site's robots.txt forbids it.

        Raises:
            ForbiddenAddressError: the address, one that it redirects to, or robots.txt forbids it.
            FetchError: no answer, an error, another type, too large, or too slow.
        """
        first = parse_address(url)
        known = {"If-None-Match": _header(etag), "If-Modified-Since": _header(last_modified)}
        headers = {name: value for name, value in known.items() if value}
        for tries in range(MOST_TRIES):
            answer, address = self._follow(first, headers, wanted, self.limit, ignore_robots=ignore_robots)
            if answer.status not in _BUSY:
                break
            wait = retry_after(answer.headers.get("retry-after"), default=2.0**tries)
            if wait > LONGEST_WAIT or tries == MOST_TRIES - 1:
                cause = f"{address.url} is busy ({answer.status})"
                raise FetchError(cause, f"Try again in {wait:,.0f} s" if wait > 1 else "Try again later")
            self._sleep(wait)
        if answer.status == 304 and headers:
            return Fetched(first.url, address.url, 304, "", None, b"", etag, last_modified)
        if answer.status != 200:
            raise FetchError(f"{address.url} answers {answer.status}{_in_words(answer.status)}")
        content_type, charset = _content_type(answer.headers)
        return Fetched(
            url=first.url,
            final_url=address.url,
            status=200,
            content_type=content_type,
            charset=charset,
            body=answer.body,
            etag=_header(answer.headers.get("etag")),
            last_modified=_header(answer.headers.get("last-modified")),
        )

    def _follow(
        self, address: Address, headers: dict[str, str], wanted: Wanted, limit: int, *, ignore_robots: bool
    ) -> tuple[_Answer, Address]:
        """The answer at the end of the redirects, and where that is; each step is checked like the first."""
        left = self._settings.fetch_seconds
        for _ in range(MOST_REDIRECTS + 1):
            delay = 0.0 if ignore_robots else self._robots.check(address)
            with self._pauses.before(address.authority, delay):
                began = time.monotonic()
                answer = self._request(address, headers, wanted, limit, began + left)
                left -= time.monotonic() - began
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return answer, address
            address = parse_address(location, base=address.url)
        raise FetchError(f"{address.url} is redirected more than {MOST_REDIRECTS} times")

    def _robots_file(self, url: str) -> RobotsFile:
        address = parse_address(url)
        left = self._settings.fetch_seconds
        for _ in range(MOST_REDIRECTS + 1):
            began = time.monotonic()
            answer = self._request(address, {}, lambda _: True, MOST_BYTES, began + left, cut=True)
            left -= time.monotonic() - began
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return RobotsFile(answer.status, answer.body.decode("utf-8-sig", "replace"))
            address = parse_address(location, base=address.url)
        return RobotsFile(404, "")  # RFC 9309, 2.3.1.2: after five redirects it may be taken as not there

    def _request(
        self,
        address: Address,
        headers: dict[str, str],
        wanted: Wanted,
        limit: int,
        deadline: float,
        *,
        cut: bool = False,
    ) -> _Answer:
        """One request; its body is read only with status 200 and a wanted type."""
        network = GuardedNetwork(self._resolving, deadline, private=self._settings.private_addresses)
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        sent = {
            "Host": address.authority,
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        } | headers
        tls = self._tls if address.scheme == "https" else None
        with (
            _in_our_words(address, self._settings.fetch_seconds),
            httpcore.ConnectionPool(ssl_context=tls, network_backend=network, max_connections=1) as pool,
            pool.stream("GET", url, headers=list(sent.items())) as response,
        ):
            got = httpx.Headers(response.headers)
            if response.status != 200:
                return _Answer(response.status, got, b"")
            kind, _ = _content_type(got)
            if not wanted(kind):
                raise FetchError(f"{address.url} is of the type {kind[:80]!r}, which holds no article")
            length = got.get("content-length", "")
            if not cut and length.isdecimal() and len(length) < 20 and int(length) > limit:
                raise too_large(address.url, limit)
            coding = got.get("content-encoding", "")
            body = body_of(response.iter_stream(), coding, limit, address.url, cut=cut)
            return _Answer(200, got, body)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()


@contextmanager
def _in_our_words(address: Address, seconds: float) -> Iterator[None]:
    """Turns the errors of the library into a FetchError that says what happened at `address`."""
    try:
        yield
    except httpcore.TimeoutException as error:
        cause = f"{address.url} took more than {seconds:g} s"
        raise FetchError(cause, "Try again later, or raise fetch_seconds") from error
    except httpcore.ConnectError as error:
        reason = _root(error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise FetchError(f"{address.url} shows no valid certificate: {reason.verify_message}") from error
        raise FetchError(f"{address.authority} cannot be reached: {_short(reason)}", "Try again later") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, UnicodeDecodeError) as error:
        raise FetchError(f"{address.url} broke off or answers no HTTP: {_short(error)}", "Try again later") from error


def _root(error: BaseException) -> BaseException:
    """What an error began with: the library wraps it more than once."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error


def _short(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return one_line(text)[:200] or type(error).__name__


def _header(value: str | None) -> str | None:
    """A header's value that may be sent back: one line of ASCII, not long; else None."""
    return value if value and len(value) <= 1000 and value.isascii() and value.isprintable() else None


def _content_type(headers: httpx.Headers) -> tuple[str, str | None]:
    message = Message()
    message["content-type"] = headers.get("content-type", "")[:500].replace("\r", " ").replace("\n", " ")
    charset = message.get_param("charset")
    named = charset if isinstance(charset, str) and len(charset) <= 40 else None
    return message["content-type"].partition(";")[0].strip().lower(), named


def _in_words(status: int) -> str:
    words = {401: ": it wants a login", 403: ": it is not for everybody", 404: ": it is not there", 410: ": it is gone"}
    return words.get(status, ": its server has failed" if status >= 500 else "")
