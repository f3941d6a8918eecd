"""robots.txt (RFC 9309): what a site does not want to have read by programs, and how long they are to pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from qabot.errors import FetchError, ForbiddenAddressError
from qabot.gathering.addresses import Address

TOKEN = "qabot"  # noqa: S105 - the product token of RFC 9309
"""The name by which a robots.txt may address qabot."""

MOST_BYTES = 512_000
"""Read of a robots.txt: RFC 9309 asks for 500 KiB at least; what follows is left out."""

LONGEST_DELAY = 30.0
"""Seconds of a Crawl-delay that are kept; a longer one is honoured as this long."""

_MOST_KEPT = 1000
"""Sites whose rules are remembered in one run."""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What was found at /robots.txt."""

    status: int
    text: str


class Robots:
    """The rules of the sites that one run reads, each fetched once.

    Args:
        get: fetches the robots.txt of an origin; raises FetchError where it cannot.
    """

    def __init__(self, get: Callable[[str], RobotsFile]) -> None:
        self._get = get
        self._rules: dict[str, Protego | FetchError] = {}

    def check(self, address: Address) -> float:
        """Seconds that the site asks to pause between two pages (0: it does not say).

        Raises:
            ForbiddenAddressError: the site does not want the page to be read, or its server fails over robots.txt.
            FetchError: the site cannot be reached.
        """
        rules = self._of(address)
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(address.url, TOKEN):
            raise ForbiddenAddressError(f"{address.url} may not be read: its site's robots.txt forbids it")
        return min(rules.crawl_delay(TOKEN) or 0.0, LONGEST_DELAY)

    def _of(self, address: Address) -> Protego | FetchError:
        origin = address.origin
        if origin not in self._rules:
            if len(self._rules) >= _MOST_KEPT:
                self._rules.clear()
            self._rules[origin] = self._read(address)
        return self._rules[origin]

    def _read(self, address: Address) -> Protego | FetchError:
        """The rules of a site: none for a 4xx; for a 5xx or without an answer, all is forbidden (RFC 9309, 2.3.1)."""
        try:
            file = self._get(f"{address.origin}/robots.txt")
        except FetchError as error:
            return error
        if file.status >= 500 or file.status == 429:
            cause = f"{address.authority} may not be read: its robots.txt answers {file.status}"
            return ForbiddenAddressError(cause, "Try again later")
        return Protego.parse(file.text if file.status < 300 else "")
