"""Which addresses may be fetched: http(s) on the public internet, and nothing that leads into this machine's networks.

A page or a feed is written by others, and so are the links in it. Without this guard a link could make qabot read
what only this machine can reach (a router, a database, the metadata of a cloud) and quote it in public.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

import httpx

from qabot.errors import ForbiddenAddressError, one_line

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_CHARS = 2000
"""Of an address: what is longer is no article's, and could not be kept as its URL."""

_BAD_PORTS = frozenset({1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670)}) | {
    6679,
    6697,
    10080,
}
"""Ports from 1024 on that the Fetch standard blocks (https://fetch.spec.whatwg.org/#port-blocking)."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")

_PRIVATE = [
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",  # loopback
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # shared by the customers of a provider (RFC 6598), and by private overlay networks
        "::1/128",
        "fc00::/7",  # unique local
    )
]
"""What the setting `private_addresses` opens. Everything else that is not public stays closed."""

_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # most clouds
            "169.254.170.2",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
        ),
    )
)
"""Addresses at which clouds hand out the keys of the machine that asks."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_TUNNELS = [ipaddress.IPv6Network(network) for network in ("2002::/16", "2001::/32", "64:ff9b:1::/48", "::/96")]
"""6to4, Teredo, local NAT64 and the old IPv4-compatible form: each hides an IPv4 address, none leads to a site."""


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed http(s) address. Requests are made of these parts, so that nothing reads the text a second time.

    `host` is in ASCII, lower case, without a final dot; an IP address in its usual form, IPv6 without brackets.
    `target` is path and query, percent-encoded. `url` is the whole without fragment, for people and for storing.
    """

    scheme: Literal["http", "https"]
    host: str
    port: int
    target: str
    url: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """`https://example.org`, what a robots.txt stands for."""
        return f"{self.scheme}://{self.authority}"


def parse_address(url: str, *, base: str | None = None) -> Address:
    """The parts of `url`; relative to `base`, if that is given.

    Raises:
        ForbiddenAddressError: it is no http(s) address, has a login, or a host or port that no site has.
    """
    shown = one_line(url)[:200]
    text = url.strip()
    if len(text) > MOST_CHARS or not text.isprintable():
        raise ForbiddenAddressError(f"{shown!r} is no address of a page: too long, or with control characters")
    try:
        parts = httpx.URL(urljoin(base, text) if base else text)
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenAddressError(f"{shown!r} is no address: {error}", "Check how it is written") from error
    if parts.scheme not in ("http", "https"):
        raise ForbiddenAddressError(f"{shown!r} is no http:// or https:// address", "Give the whole address")
    if parts.userinfo:
        raise ForbiddenAddressError(f"{_without_login(parts)} holds a login", "Take it out of the address")
    host = _host(parts.raw_host.decode("ascii"), shown)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if (port < 1024 and port not in (80, 443)) or port in _BAD_PORTS or port > 65535:
        raise ForbiddenAddressError(f"{shown} names port {port}, on which no web site answers", "Use another port")
    target = parts.raw_path.decode("ascii")
    address = Address("https" if parts.scheme == "https" else "http", host, port, target, "")
    url = f"{address.origin}{target}"
    if len(url) > MOST_CHARS:
        raise ForbiddenAddressError(f"{shown!r} is too long an address")
    return Address(address.scheme, host, port, target, url)


def check_ip(written: str, *, private: bool, name: str) -> None:
    """Lets a public IP address pass, and one of a private network if `private`.

    Args:
        written: what a name was resolved to.
        private: the setting `private_addresses`.
        name: the host that was asked for, for the message.

    Raises:
        ForbiddenAddressError: it is any other.
    """
    what = name if name == written else f"{name} ({written})"
    try:
        address = ipaddress.ip_address(written)
    except ValueError:  # with a zone, as fe80::1%eth0 has one: only ever link-local
        raise ForbiddenAddressError(f"{what} is no public address") from None
    match kind_of(address):
        case "public":
            return
        case "private" if private:
            return
        case "private":
            mend = "Set private_addresses = true in config/qabot.toml if it may be read"
            raise ForbiddenAddressError(f"{what} is in a private network", mend)
        case _:
            raise ForbiddenAddressError(f"{what} is no address of a web site")


def kind_of(address: IpAddress) -> Literal["public", "private", "never"]:
    """Whether an IP address is on the public internet, in a private network, or of a kind that is never fetched."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or any(address in tunnel for tunnel in _TUNNELS):
            return "private" if address == ipaddress.IPv6Address("::1") else "never"
        if address.ipv4_mapped is not None:
            return kind_of(address.ipv4_mapped)
        if address in _NAT64:
            return kind_of(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.is_site_local:
            return "never"
    if address in _METADATA:
        return "never"
    if any(address in network for network in _PRIVATE if network.version == address.version):
        return "private"
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return "public" if address.is_global and not special else "never"


def _host(host: str, shown: str) -> str:
    host = host.lower().removesuffix(".")
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host if "%" not in host else "").compressed  # a zone is of this machine
        except ValueError:
            raise ForbiddenAddressError(f"{shown!r} has no host that can be read") from None
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ForbiddenAddressError(f"{shown!r} has no host that can be read", "Check how it is written")
    if _NUMBER.fullmatch(labels[-1]):  # 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to the system's resolver
        try:
            return str(ipaddress.IPv4Address(socket.inet_aton(host)))
        except OSError:
            raise ForbiddenAddressError(f"{shown!r} has a number that is no host") from None
    return host


def _without_login(parts: httpx.URL) -> str:
    return f"{parts.scheme}://{parts.host}{parts.path}"[:200]
