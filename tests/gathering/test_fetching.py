"""Fetching from a server that misbehaves: limits, redirects, encodings, and the guard on every step."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme
from loopback import Act, Asked, Site, page, response, serving

from qabot import __version__
from qabot.errors import FetchError, ForbiddenAddressError
from qabot.gathering.fetching import Fetcher
from qabot.settings import Settings


def changed(settings: Settings, **values: object) -> Settings:
    return settings.model_copy(update=values)


def raw(data: bytes) -> Act:
    return lambda connection, _: connection.sendall(data)


def test_a_page_is_fetched_with_a_name_and_without_cookies(site: Site, house: Settings) -> None:
    site.routes["/a?b=c"] = response(page(), ETag='"v1"', Last_Modified="Tue, 04 Jul 2023 10:00:00 GMT")
    got = Fetcher(house).fetch(f"{site.url}/a?b=c#part")
    assert (got.status, got.content_type, got.charset, got.body) == (200, "text/html", "utf-8", page())
    assert (got.etag, got.last_modified) == ('"v1"', "Tue, 04 Jul 2023 10:00:00 GMT")
    headers = site.asked[-1].headers
    assert headers["user-agent"].startswith(f"qabot/{__version__} ")
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert "cookie" not in headers


def test_what_has_not_changed_is_not_sent_again(site: Site, house: Settings) -> None:
    def act(connection: socket.socket, asked: Asked) -> None:
        known = asked.headers.get("if-none-match") == '"v1"'
        connection.sendall(response(status="304 Not Modified") if known else response(page(), ETag='"v1"'))

    site.routes["/"] = act
    fetcher = Fetcher(house)
    first = fetcher.fetch(site.url)
    again = fetcher.fetch(site.url, etag=first.etag, last_modified=first.last_modified)
    assert again.unchanged
    assert again.body == b""
    assert again.etag == '"v1"'


def test_a_304_that_nobody_asked_for_is_an_error(site: Site, house: Settings) -> None:
    site.routes["/"] = response(status="304 Not Modified")
    with pytest.raises(FetchError, match="304"):
        Fetcher(house).fetch(site.url)


def test_loopback_is_refused_unless_the_setting_allows_it(site: Site, house: Settings) -> None:
    site.routes["/"] = response(page())
    guarded = changed(house, private_addresses=False)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[::1]"):
        with pytest.raises(ForbiddenAddressError, match="private_addresses"):
            Fetcher(guarded).fetch(f"http://{host}:{site.port}/")
    assert site.asked == []


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://0.0.0.0/"]
)
def test_a_redirect_to_the_metadata_of_a_cloud_is_refused_whatever_is_allowed(
    site: Site, house: Settings, target: str
) -> None:
    site.routes["/"] = response(status="302 Found", Location=target)
    with pytest.raises(ForbiddenAddressError):
        Fetcher(house).fetch(site.url)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/", "http://a:b@c.org/"]
)
def test_a_redirect_to_another_scheme_or_a_login_is_refused(site: Site, house: Settings, target: str) -> None:
    site.routes["/"] = response(status="301 Moved", Location=target)
    with pytest.raises(ForbiddenAddressError):
        Fetcher(house).fetch(site.url)


def test_a_public_site_that_redirects_into_the_private_network_is_refused(site: Site, house: Settings) -> None:
    """The name of the site is public; its redirect names this machine, which the guard sees before connecting."""
    site.routes["/"] = response(status="302 Found", Location=f"http://private.example:{site.port}/secret")

    def resolving(host: str, port: int) -> Sequence[str]:
        return ["169.254.169.254"] if host == "private.example" else ["127.0.0.1"]

    with pytest.raises(ForbiddenAddressError, match=r"private\.example"):
        Fetcher(house, resolving=resolving).fetch(f"http://public.example:{site.port}/")
    assert site.paths == ["/"]


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site, house: Settings) -> None:
    """DNS rebinding: every further answer of the resolver would be the metadata service; there is no further one."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if asked.count(host) <= 1 else ["169.254.169.254"]

    site.routes["/a"] = response(page())
    fetched = Fetcher(house, resolving=rebinding).fetch(f"http://news.example:{site.port}/a", ignore_robots=True)
    assert fetched.body == page()
    assert asked == ["news.example"]
    assert site.asked[-1].headers["host"] == f"news.example:{site.port}"


def test_one_bad_address_among_good_ones_is_enough_to_refuse(site: Site, house: Settings) -> None:
    for addresses in (["127.0.0.1", "169.254.169.254"], ["fe80::1%eth0", "127.0.0.1"]):
        with pytest.raises(ForbiddenAddressError):
            Fetcher(house, resolving=lambda *_, a=addresses: a).fetch(f"http://a.example:{site.port}/")
    assert site.asked == []


def test_a_proxy_in_the_environment_is_not_used(site: Site, house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.routes["/"] = response(page())
    assert Fetcher(house).fetch(site.url).status == 200


def test_the_certificate_must_be_that_of_the_name(
    house: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an IP address that was checked; the name in the address is what the certificate shows."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(tls)
    with serving(tls) as site:
        site.routes["/"] = response(page())
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        fetcher = Fetcher(house, resolving=lambda *_: ["127.0.0.1"])
        assert fetcher.fetch(f"https://news.example:{site.port}/").body == page()
        with pytest.raises(FetchError, match="no valid certificate"):
            fetcher.fetch(f"https://bank.example:{site.port}/")
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(FetchError, match="no valid certificate"):
            Fetcher(house, resolving=lambda *_: ["127.0.0.1"]).fetch(f"https://news.example:{site.port}/")


def test_an_unknown_name_and_a_slow_resolver_are_errors_in_words(house: Settings) -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="cannot be found"):
        Fetcher(house, resolving=unknown).fetch("http://nowhere.example/")
    waiting = threading.Event()
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"more than 0\.3 s"):
        Fetcher(changed(house, fetch_seconds=0.3), resolving=lambda *_: [str(waiting.wait(20))]).fetch(
            "http://a.example/"
        )
    assert time.monotonic() - began < 5
    waiting.set()


def test_redirects_are_followed_and_loops_are_not(site: Site, house: Settings) -> None:
    site.routes["/1"] = response(status="301 Moved", Location="/2")
    site.routes["/2"] = response(status="308 Moved", Location="3?q=ж")
    site.routes["/3?q=%D0%B6"] = response(page())
    site.routes["/loop"] = response(status="302 Found", Location="/loop")
    got = Fetcher(house).fetch(f"{site.url}/1")
    assert got.final_url == f"{site.url}/3?q=%D0%B6"
    assert got.url == f"{site.url}/1"
    with pytest.raises(FetchError, match="more than 5 times"):
        Fetcher(house).fetch(f"{site.url}/loop")
    assert site.paths.count("/loop") == 6


def test_300_megabytes_are_cut_off_early(site: Site, house: Settings) -> None:
    site.routes["/endless"] = site.endless(b"<p>words " * 8000)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"more than 1\.0 MB.*max_page_mb"):
        Fetcher(house).fetch(f"{site.url}/endless")
    assert time.monotonic() - began < 5
    site.routes["/announced"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300000000\r\n\r\n")
    with pytest.raises(FetchError, match="max_page_mb"):
        Fetcher(house).fetch(f"{site.url}/announced")


def test_a_server_that_drips_is_left_after_the_time_limit(site: Site, house: Settings) -> None:
    def slow_head(connection: socket.socket, _: Asked) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1000:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    def silent(connection: socket.socket, _: Asked) -> None:
        connection.recv(1)

    site.routes |= {"/body": site.endless(b"a", 0.05), "/head": slow_head, "/silent": silent}
    for path in ("/body", "/head", "/silent"):
        began = time.monotonic()
        with pytest.raises(FetchError, match=r"took more than 0\.5 s"):
            Fetcher(changed(house, fetch_seconds=0.5)).fetch(site.url + path, ignore_robots=True)
        assert time.monotonic() - began < 3


def test_a_chain_of_slow_redirects_has_one_time_limit(site: Site, house: Settings) -> None:
    def hop(connection: socket.socket, _: Asked) -> None:
        time.sleep(0.3)
        connection.sendall(response(status="302 Found", Location="/"))

    site.routes["/"] = hop
    with pytest.raises(FetchError, match="took more than"):
        Fetcher(changed(house, fetch_seconds=0.8)).fetch(site.url, ignore_robots=True)


BOMB = gzip.compress(b"a" * 50_000_000)
RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(page())),
        ("x-gzip", gzip.compress(page()[:100]) + gzip.compress(page()[100:])),
        ("GZIP", gzip.compress(page()) + b"\0\0\0"),
        ("deflate", zlib.compress(page())),
        ("deflate", RAW_DEFLATE.compress(page()) + RAW_DEFLATE.flush()),
        ("identity", page()),
    ],
)
def test_packed_pages_are_unpacked(site: Site, house: Settings, coding: str, body: bytes) -> None:
    site.routes["/"] = response(body, Content_Encoding=coding)
    assert Fetcher(house).fetch(site.url).body == page()


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", BOMB, "unpacks to more than 1.0 MB"),
        ("deflate", zlib.compress(b"a" * 50_000_000), "unpacks to more than 1.0 MB"),
        ("gzip", gzip.compress(b"") * 5000, "parts"),
        ("gzip", gzip.compress(page())[:-20], "ends too early"),
        ("gzip", page(), "cannot be read"),
        ("gzip", b"\x1f\x8bgarbage", "cannot be read"),
        ("gzip, gzip", gzip.compress(gzip.compress(page())), "not asked for"),
        ("br", b"\x0b\x02\x80", "not asked for"),
        ("zstd", b"", "not asked for"),
    ],
)
def test_bombs_and_damaged_packing_are_errors(site: Site, house: Settings, coding: str, body: bytes, said: str) -> None:
    site.routes["/"] = response(body, Content_Encoding=coding)
    with pytest.raises(FetchError, match=said):
        Fetcher(house).fetch(site.url)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: a\r\n" % i for i in range(50_000)) + b"\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_no_http_is_an_error_in_one_line(site: Site, house: Settings, answer: bytes) -> None:
    site.routes["/"] = raw(answer)
    with pytest.raises(FetchError) as caught:
        Fetcher(house).fetch(site.url, ignore_robots=True)
    assert len(str(caught.value)) < 500


def test_a_body_longer_than_it_says_ends_where_it_said(site: Site, house: Settings) -> None:
    site.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nabcdefgh")
    assert Fetcher(house).fetch(site.url).body == b"abcde"


def test_a_body_in_chunks_arrives_whole(site: Site, house: Settings) -> None:
    site.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
    assert Fetcher(house).fetch(site.url).body == b"abcde"


def test_another_type_is_refused_before_its_body(site: Site, house: Settings) -> None:
    site.routes["/film"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5\r\n\r\n")
    with pytest.raises(FetchError, match="'video/mp4', which holds no article"):
        Fetcher(house).fetch(f"{site.url}/film", wanted=lambda kind: kind == "text/html")


@pytest.mark.parametrize(
    "status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "500 Oh", "204 No"]
)
def test_another_status_is_an_error_that_names_it(site: Site, house: Settings, status: str) -> None:
    site.routes["/"] = response(status=status)
    with pytest.raises(FetchError, match=f"answers {status[:3]}"):
        Fetcher(house).fetch(site.url)


def test_a_busy_server_is_asked_again_when_it_says(site: Site, house: Settings) -> None:
    waits: list[float] = []
    left = [
        response(status="429 Too Many", Retry_After="7"),
        response(status="503 Busy", Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=20))),
        response(page()),
    ]
    site.routes["/"] = lambda connection, _: connection.sendall(left.pop(0))
    assert Fetcher(house, sleep=waits.append).fetch(site.url).status == 200
    assert waits[0] == 7
    assert 15 < waits[1] <= 20


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 2099 23:59:59 GMT", "9" * 400])
def test_a_server_that_is_busy_for_long_is_left_alone(site: Site, house: Settings, wait: str) -> None:
    site.routes["/"] = response(status="503 Busy", Retry_After=wait)
    with pytest.raises(FetchError, match="is busy"):
        Fetcher(house, sleep=_never).fetch(site.url)
    assert site.paths == ["/"]


@pytest.mark.parametrize("wait", ["", "soon", "-5", "NaN", "0"])
def test_a_server_that_is_always_busy_is_asked_three_times(site: Site, house: Settings, wait: str) -> None:
    site.routes["/"] = response(status="503 Busy", Retry_After=wait)
    waits: list[float] = []
    with pytest.raises(FetchError, match="is busy"):
        Fetcher(house, sleep=waits.append).fetch(site.url)
    assert site.paths == ["/"] * 3
    assert all(0 <= seconds <= 4 for seconds in waits)


def test_between_two_pages_of_a_host_there_is_a_pause(site: Site, house: Settings) -> None:
    waits: list[float] = []
    site.routes |= {"/a": response(page()), "/b": response(page())}
    fetcher = Fetcher(changed(house, fetch_pause_seconds=3), sleep=waits.append)
    fetcher.fetch(f"{site.url}/a")
    assert waits == []
    fetcher.fetch(f"{site.url}/b")
    assert len(waits) == 1
    assert 2.5 < waits[0] <= 3


def _never(_: float) -> None:
    raise AssertionError("it waited")


Rules = Callable[[str], bytes]


def robots(text: str, status: str = "200 OK") -> bytes:
    return response(text.encode(), status, "text/plain")


def test_robots_txt_is_read_once_and_followed(site: Site, house: Settings) -> None:
    site.robots = robots("User-agent: *\nDisallow: /\n\nUser-agent: qabot\nDisallow: /private\nCrawl-delay: 5\n")
    site.routes |= {"/a": response(page()), "/private/b": response(page())}
    waits: list[float] = []
    fetcher = Fetcher(house, sleep=waits.append)
    fetcher.fetch(f"{site.url}/a")
    with pytest.raises(ForbiddenAddressError, match=r"robots\.txt forbids"):
        fetcher.fetch(f"{site.url}/private/b")
    fetcher.fetch(f"{site.url}/a")
    assert 4 < waits[0] <= 5
    assert [asked.path for asked in site.asked].count("/robots.txt") == 1
    assert fetcher.fetch(f"{site.url}/private/b", ignore_robots=True).status == 200


def test_a_redirect_to_a_forbidden_page_is_not_followed(site: Site, house: Settings) -> None:
    site.robots = robots("User-agent: *\nDisallow: /private\n")
    site.routes |= {"/a": response(status="302 Found", Location="/private"), "/private": response(page())}
    with pytest.raises(ForbiddenAddressError, match=r"robots\.txt forbids"):
        Fetcher(house).fetch(f"{site.url}/a")
    assert site.paths == ["/a"]


@pytest.mark.parametrize(
    "answer",
    [
        response(status="404 Not Found"),
        response(status="403 Forbidden"),
        robots(""),
        robots("<html>not rules at all</html>"),
        robots("User-agent: *\nAllow: /\n" + "# padding\n" * 200_000),
        robots("\0\xff\n" * 1000 + "Disallow: /"),
        robots("User-agent: *\nCrawl-delay: 1e999\n"),
        response(status="302 Found", Location="/robots.txt"),
    ],
)
def test_rules_that_say_nothing_forbid_nothing(site: Site, house: Settings, answer: bytes) -> None:
    site.robots = answer
    site.routes["/"] = response(page())
    assert Fetcher(house, sleep=_never).fetch(site.url).status == 200


@pytest.mark.parametrize("status", ["500 Oh", "503 Busy", "429 Too Many"])
def test_while_robots_txt_cannot_be_had_nothing_is_read(site: Site, house: Settings, status: str) -> None:
    site.robots = response(status=status)
    with pytest.raises(ForbiddenAddressError, match=r"robots\.txt answers"):
        Fetcher(house).fetch(site.url)
    assert site.paths == []


def test_patterns_made_to_keep_a_matcher_busy_are_matched_at_once(site: Site, house: Settings) -> None:
    site.robots = robots("User-agent: *\n" + f"Disallow: /{'*a' * 400}*b\n" * 200)
    site.routes["/" + "a" * 1500] = response(page())
    began = time.monotonic()
    Fetcher(house).fetch(f"{site.url}/{'a' * 1500}")
    assert time.monotonic() - began < 3
