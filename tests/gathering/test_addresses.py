"""The guard: addresses that may be fetched, and the many ways to write one that may not."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.errors import ForbiddenAddressError
from qabot.gathering.addresses import check_ip, kind_of, parse_address


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "gopher://example.org/",
        "javascript:alert(1)",
        "data:text/html,hi",
        "unix:///var/run/docker.sock",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
        "//example.org/a",
        "example.org/a",
        "http://",
        "http:///a",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org\\@127.0.0.1/",
        "http://127.0.0.1\\.example.org/",
        "http://example.org:22/",
        "http://example.org:25/",
        "http://example.org:6667/",
        "http://example.org:99999/",
        "http://example.org:-1/",
        "http://example.org:8o/",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: evil",
        "http://example.org/\x00",
        "http://%6c%6fcalhost/",
        "http://.example.org/",
        "http://example..org/",
        "http://-example.org/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://[::1%eth0]/",
        "http://[v1.fe80::a]/",
        "http://127.0.0.0.1/",
        "http://1.2.3.4.5/",
        "http://0x7g.1/",
        "http://256.256.256.256/",
        "http://example.0x10/",
        "http://" + "a" * 300 + ".org/",
        "http://" + "a" * 64 + ".org/",
        "http://example.org/" + "a" * 3000,
        "http://\u202eexample.org/",
        "",
        "   ",
    ],
)
def test_what_is_no_address_of_a_site_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ForbiddenAddressError) as caught:
        parse_address(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://2130706433/", "127.0.0.1"),
        ("http://0x7f000001/", "127.0.0.1"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://0177.0.0.1/", None),  # httpx takes no leading zeros: refused as a whole
        ("http://127.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://017700000001/", "127.0.0.1"),
        ("http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"),
        ("http://[0:0:0:0:0:0:0:1]/", "::1"),
        ("http://EXAMPLE.org./a", "example.org"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://қазақ.example/", "xn--80aau21bd.example"),
    ],
)
def test_every_way_to_write_a_host_becomes_its_one_form(url: str, host: str | None) -> None:
    try:
        assert parse_address(url).host == host
    except ForbiddenAddressError:
        assert host is None


@pytest.mark.parametrize(
    "url", ["http://127。0。0。1/", "http://１２７.0.0.1/", "http://ⓛocalhost/", "http://①②⑦.0.0.1/"]
)
def test_other_digits_and_letters_are_read_before_the_host_is_checked(url: str) -> None:
    try:
        assert parse_address(url).host in {"127.0.0.1", "localhost"}
    except ForbiddenAddressError:
        return


NEVER = """0.0.0.0 0.1.2.3 255.255.255.255 224.0.0.1 239.255.255.250 240.0.0.1 169.254.169.254 169.254.0.1
169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
:: ff02::1 fe80::1 fec0::1 fd00:ec2::254 fd20:ce::254 2001:db8::1 100::1 2002:7f00:1:: 2002:0808:0808::1 2001::1
::7f00:1 ::8.8.8.8 ::ffff:169.254.169.254 ::ffff:0.0.0.0 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1"""
PRIVATE = """127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255
::1 fc00::1 fd12:3456::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::10.1.2.3"""
PUBLIC = "8.8.8.8 1.1.1.1 100.63.255.255 100.128.0.1 172.32.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8"


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (one, kind)
        for kind, many in (("never", NEVER), ("private", PRIVATE), ("public", PUBLIC))
        for one in many.split()
    ],
)
def test_an_ip_address_is_public_private_or_never_fetched(written: str, kind: str) -> None:
    assert kind_of(ipaddress.ip_address(written)) == kind


def test_the_setting_opens_private_networks_and_nothing_else() -> None:
    for written in PRIVATE.split():
        check_ip(written, private=True, name="intranet")
        with pytest.raises(ForbiddenAddressError, match="private_addresses"):
            check_ip(written, private=False, name="intranet")
    for written in [*NEVER.split(), "fe80::1%eth0"]:
        with pytest.raises(ForbiddenAddressError):
            check_ip(written, private=True, name="metadata")


def test_a_link_is_read_from_its_page() -> None:
    assert parse_address("../b?q=ж#part", base="http://example.org/x/y").url == "http://example.org/b?q=%D0%B6"
    assert parse_address("//other.org/b", base="https://example.org/").url == "https://other.org/b"
    with pytest.raises(ForbiddenAddressError):
        parse_address("javascript:alert(1)", base="http://example.org/")


HOSTS = st.sampled_from(
    ["127.0.0.1", "0x7f.1", "[::1]", "localhost", "a.org", "é.org", "%00", "xn--", "１.2", "a@b", "", "."]
)
PORTS = st.sampled_from(["", ":80", ":0", ":x", ":٣"])
SCHEMES = st.sampled_from(["http", "HTTPS", "file"])
WRITTEN = st.text(max_size=80) | st.builds("{}://{}{}{}".format, SCHEMES, HOSTS, PORTS, st.text(max_size=30))


@settings(max_examples=1000, deadline=None)
@given(WRITTEN, st.none() | st.sampled_from(["https://example.org/a/b", "http://[::1]/"]))
def test_any_text_is_an_address_in_its_one_form_or_refused(text: str, base: str | None) -> None:
    try:
        address = parse_address(text, base=base)
    except ForbiddenAddressError:
        return
    assert address.url.isascii()
    assert address.url.isprintable()
    assert address.target.startswith("/")
    assert re.fullmatch(r"[a-z0-9_.-]+|[0-9a-f:.]+", address.host)
    assert parse_address(address.url) == address


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_no_better(address: ipaddress.IPv4Address) -> None:
    kind = kind_of(address)
    for network in ("::ffff:0:0", "64:ff9b::"):
        inside = ipaddress.IPv6Address(int(ipaddress.IPv6Address(network)) | int(address))
        assert kind_of(inside) == kind
    for network in ("2002::", "::"):
        shift = 80 if network == "2002::" else 0
        hidden = ipaddress.IPv6Address(int(ipaddress.IPv6Address(network)) | int(address) << shift)
        assert kind_of(hidden) == ("private" if int(hidden) == 1 else "never")
