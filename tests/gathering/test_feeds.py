"""Feeds: every format, only what is new, hostile documents, one bad item among good ones, and being killed."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from filelock import FileLock
from loopback import Asked, Site, page, response

from qabot.articles.article import Article
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.errors import FetchError, WriteError
from qabot.gathering import feed_poll
from qabot.gathering.feed_poll import FeedResult
from qabot.gathering.feed_state import FeedState
from qabot.gathering.feeds import feeds_at_rest, poll_feeds
from qabot.settings import Settings

XML = "application/xml"


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    return (head + "<title>News</title>" + "".join(items) + "</channel></rss>").encode()


def item(link: str, title: str = "A title", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{escape(link)}</link>{more}</item>"


def poll(site: Site, house: Settings, path: str = "/feed", **options: object) -> FeedResult:
    [result] = poll_feeds(house, feeds=[site.url + path], **options)  # type: ignore[arg-type]
    return result


def seeds(settings: Settings) -> list[Article]:
    items = read_folder(settings.seeds_folder, Limits.of(settings))
    return [item for item in items if isinstance(item, Article)]


def pages(site: Site, count: int) -> None:
    for number in range(count):
        site.routes[f"/{number}"] = response(page(f"Story {number}", f"The prize number {number} was 60,000 euros."))


RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>t</title></channel><item><title>Story 0</title><link>URL/0</link></item></rdf:RDF>"""
RSS_092 = (
    '<rss version="0.92"><channel><title>t</title><item><title>Story 0</title><link>URL/0</link></item></channel></rss>'
)
RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="u"><title>t</title></channel><item rdf:about="URL/0"><title>Story 0</title><link>URL/0</link></item>
</rdf:RDF>"""
RSS_20 = """<rss version="2.0"><channel><item><title>Story 0</title><guid isPermaLink="true">URL/0</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="URL/"><title>t</title><entry><title>Story 0</title>
<id>tag:0</id><link rel="self" href="/other"/><link href="0"/><updated>2023-07-04T10:00:00Z</updated></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> URL/0 </loc><lastmod>2023-07-04</lastmod>
<image:image><image:loc>URL/picture.jpg</image:loc><image:title>No title</image:title></image:image></url></urlset>"""
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 7, "url": "URL/0", "title": "Story 0"}, 3, {}]}
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RSS_090, "RSS 0.90"),
        (RSS_092, "RSS 0.92"),
        (RSS_10, "RSS 1.0"),
        (RSS_20, "RSS 2.0"),
        (ATOM, "Atom 1.0"),
        (SITEMAP, "sitemap"),
        (JSON_FEED, "JSON Feed"),
    ],
)
def test_every_kind_of_feed_is_read(site: Site, house: Settings, text: str, kind: str) -> None:
    pages(site, 1)
    site.routes["/feed"] = response(text.replace("URL", site.url).encode(), kind="text/plain")
    result = poll(site, house)
    assert (result.kind, result.error, result.failed) == (kind, "", ())
    assert [added.title for added in result.new] == ["Story 0"]
    assert seeds(house)[0].url == f"{site.url}/0"


def test_an_item_is_fetched_once(site: Site, house: Settings) -> None:
    pages(site, 3)
    site.routes["/feed"] = response(rss(item("/0"), item("/1")), kind=XML)
    assert len(poll(site, house).new) == 2
    site.routes["/feed"] = response(rss(item("/2"), item("/0"), item("/1"), item("/2")), kind=XML)
    second = poll(site, house)
    assert [added.title for added in second.new] == ["Story 2"]
    assert second.unchanged == 2
    assert sorted(site.paths) == ["/0", "/1", "/2", "/feed", "/feed"]


def test_an_unchanged_feed_is_not_sent_again(site: Site, house: Settings) -> None:
    pages(site, 1)

    def act(connection: socket.socket, asked: Asked) -> None:
        same = asked.headers.get("if-none-match") == '"v1"' and "if-modified-since" in asked.headers
        body = rss(item("/0"))
        whole = response(body, kind=XML, ETag='"v1"', Last_Modified="Tue, 04 Jul 2023 10:00:00 GMT")
        connection.sendall(response(status="304 Not Modified") if same else whole)

    site.routes["/feed"] = act
    assert len(poll(site, house).new) == 1
    again = poll(site, house)
    assert (again.new, again.failed, again.error) == ((), (), "")
    assert site.paths == ["/feed", "/0", "/feed"]


def test_the_newest_items_go_first_and_the_others_wait(
    site: Site, house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_poll, "ITEMS_PER_POLL", 2)
    pages(site, 5)
    dated = [item(f"/{n}", more=f"<pubDate>Tue, 0{n + 1} Jul 2023 10:00:00 GMT</pubDate>") for n in (1, 4, 0, 3, 2)]
    site.routes["/feed"] = response(rss(*dated), kind=XML, ETag='"v1"')
    first = poll(site, house)
    assert [added.title for added in first.new] == ["Story 4", "Story 3"]
    assert first.waiting == 3
    second = poll(site, house)
    assert [added.title for added in second.new] == ["Story 2", "Story 1"]
    assert [added.title for added in poll(site, house).new] == ["Story 0"]
    assert "if-none-match" not in [a for a in site.asked if a.path == "/feed"][2].headers


def test_one_bad_item_or_feed_does_not_stop_the_others(site: Site, house: Settings) -> None:
    pages(site, 2)
    bad = ["javascript:alert(1)", "file:///etc/passwd", "http://169.254.169.254/", "/missing", "http://a:b@c.example/"]
    site.routes["/feed"] = response(rss(item("/0"), *map(item, bad), item("/1")), kind=XML)
    site.routes["/broken"] = response(b"", "500 Oh")
    results = list(poll_feeds(house, feeds=[f"{site.url}/broken", "nonsense", f"{site.url}/feed"]))
    assert [bool(result.error) for result in results] == [True, True, False]
    assert [added.title for added in results[2].new] == ["Story 0", "Story 1"]
    assert len(results[2].failed) == len(bad)
    assert all("\n" not in line for line in results[2].failed)


def test_an_item_that_fails_is_tried_three_times(site: Site, house: Settings) -> None:
    site.routes["/feed"] = response(rss(item("/missing"), item("javascript:alert(1)")), kind=XML)
    assert [len(poll(site, house).failed) for _ in range(5)] == [2, 1, 1, 0, 0]
    assert site.paths.count("/missing") == 3


def test_an_item_that_failed_is_tried_again_though_the_feed_has_not_changed(site: Site, house: Settings) -> None:
    def act(connection: socket.socket, asked: Asked) -> None:
        same = asked.headers.get("if-none-match") == '"v1"'
        whole = response(rss(item("/0")), kind=XML, ETag='"v1"')
        connection.sendall(response(status="304 Not Modified") if same else whole)

    site.routes["/feed"] = act
    assert len(poll(site, house).failed) == 1
    pages(site, 1)
    assert len(poll(site, house).new) == 1
    assert poll(site, house).kind == "unchanged"


def test_a_site_that_fails_again_and_again_is_left_until_the_next_poll(site: Site, house: Settings) -> None:
    site.routes["/feed"] = response(rss(*(item(f"/missing/{n}") for n in range(30))), kind=XML)
    result = poll(site, house)
    assert (len(result.failed), result.waiting) == (5, 25)
    assert len(site.paths) == 6


def test_links_to_private_addresses_are_refused_without_the_setting(site: Site, house: Settings) -> None:
    site.routes["/feed"] = response(rss(item("/0")), kind=XML)
    result = poll(site, house.model_copy(update={"private_addresses": False}))
    assert "private_addresses" in result.error
    assert site.asked == []


def test_robots_txt_is_followed_for_feed_and_items(site: Site, house: Settings) -> None:
    pages(site, 2)
    site.robots = response(b"User-agent: *\nDisallow: /1", kind="text/plain")
    site.routes["/feed"] = response(rss(item("/0"), item("/1")), kind=XML)
    result = poll(site, house)
    assert len(result.new) == 1
    assert "robots.txt" in result.failed[0]
    site.robots = response(b"User-agent: *\nDisallow: /feed", kind="text/plain")
    assert "robots.txt" in poll(site, house).error


WHOLE = "".join(
    f"<p>The mayor of Aktau opened a red lighthouse on Tuesday, and {n} thousand came to see it.</p>" for n in range(30)
)


def test_an_article_that_stands_whole_in_the_feed_is_not_fetched(site: Site, house: Settings) -> None:
    more = f"<content:encoded><![CDATA[{WHOLE}]]></content:encoded><author>a@b.c (Ann Bee)</author>"
    site.routes["/feed"] = response(rss(item("/0", "Red &lt;b&gt;lighthouse", more)), kind=XML)
    [added] = poll(site, house).new
    assert added.title == "Red <b>lighthouse"
    assert site.paths == ["/feed"]
    [article] = seeds(house)
    assert article.url == f"{site.url}/0"
    assert "red lighthouse on Tuesday" in article.text


@pytest.mark.parametrize("content", ["<p>The mayor of Aktau opened a lighthouse.</p>", WHOLE + "<p>Read more</p>"])
def test_the_beginning_of_an_article_is_not_taken_for_it(site: Site, house: Settings, content: str) -> None:
    pages(site, 1)
    more = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    site.routes["/feed"] = response(rss(item("/0", more=more)), kind=XML)
    assert [added.title for added in poll(site, house).new] == ["Story 0"]
    assert site.paths == ["/feed", "/0"]


def test_a_feed_cannot_put_words_into_the_mouth_of_another_site(site: Site, house: Settings) -> None:
    more = f"<content:encoded><![CDATA[{WHOLE}]]></content:encoded>"
    site.routes["/feed"] = response(rss(item("http://169.254.1.1/news", more=more)), kind=XML)
    result = poll(site, house)
    assert result.new == ()
    assert len(result.failed) == 1


def news_sitemap(site: Site) -> str:
    return f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{site.url}/0</loc><n:news><n:publication>
    <n:name>Nordic Herald</n:name></n:publication><n:publication_date>2023-07-04T10:00:00Z</n:publication_date>
    <n:title>Story 0</n:title></n:news></url></urlset>"""


def test_a_sitemap_index_leads_to_its_sitemaps(site: Site, house: Settings) -> None:
    pages(site, 2)
    parts = "".join(f"<sitemap><loc>{site.url}/{name}</loc></sitemap>" for name in ("a.xml.gz", "b.xml", "missing.xml"))
    site.routes["/feed"] = response(f"<sitemapindex>{parts}</sitemapindex>".encode(), kind=XML)
    site.routes["/a.xml.gz"] = response(gzip.compress(news_sitemap(site).encode()), kind="application/gzip")
    site.routes["/b.xml"] = response(f"<urlset><url><loc>{site.url}/1</loc></url></urlset>".encode(), kind=XML)
    result = poll(site, house)
    assert sorted(added.title for added in result.new) == ["Story 0", "Story 1"]
    assert len(result.failed) == 1
    assert "missing.xml" in result.failed[0]


def test_the_sitemaps_of_a_large_index_are_read_in_turns(
    site: Site, house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_poll, "PARTS_PER_POLL", 2)
    pages(site, 5)
    parts = "".join(
        f"<sitemap><loc>{site.url}/s{n}</loc><lastmod>2023-07-0{n + 1}</lastmod></sitemap>" for n in range(5)
    )
    site.routes["/feed"] = response(f"<sitemapindex>{parts}</sitemapindex>".encode(), kind=XML, ETag='"v1"')
    for n in range(5):
        site.routes[f"/s{n}"] = response(f"<urlset><url><loc>{site.url}/{n}</loc></url></urlset>".encode(), kind=XML)
    titles = [[added.title for added in poll(site, house).new] for _ in range(4)]
    assert titles == [["Story 4", "Story 3"], ["Story 2", "Story 1"], ["Story 0"], []]


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
SECRET = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{BILLION}]>'


@pytest.mark.parametrize(
    "body",
    [
        (BOMB + "<rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>").encode(),
        (BOMB + "<urlset><url><loc>&l9;</loc></url></urlset>").encode(),
        SECRET + b"<urlset><url><loc>&f;</loc></url></urlset>",
        SECRET + b"<rss version='2.0'><channel><item><title>&f;</title></item></channel></rss>",
        b"<rss><" * 100_000,
        b"<a " * 300_000,
        b"<rss version='2.0'><channel>" + b"<item>" * 100_000,
        b"{" * 900_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": 7}',
        b'{"items": []}',
        b"/etc/passwd",
        b"http://127.0.0.1/",
        b"\0" * 1000,
        b"",
        b"<urlset><url><loc>",
        gzip.compress(b"<rss>" + b" " * 5_000_000),
        page(),
    ],
    ids=range(18),
)
def test_hostile_documents_are_one_line_or_nothing(site: Site, house: Settings, body: bytes) -> None:
    site.routes["/feed"] = response(body, kind=XML)
    began = time.monotonic()
    result = poll(site, house.model_copy(update={"max_read_seconds": 4.0}))
    assert time.monotonic() - began < 30
    assert result.new == ()
    assert len(result.error) < 600
    assert "root:" not in str(result)


def test_a_page_in_place_of_a_feed_names_its_feed(site: Site, house: Settings) -> None:
    link = b'<head><link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.routes["/feed"] = response(page().replace(b"<head>", link))
    assert poll(site, house).error.endswith("is a web page, no feed. Its feed seems to be /rss.xml")


def test_a_feed_of_very_many_items_is_read_within_its_limits(
    site: Site, house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_poll, "ITEMS_PER_POLL", 3)
    pages(site, 3)
    urls = "".join(f"<url><loc>{site.url}/{n}</loc></url>" for n in range(100_000))
    site.routes["/feed"] = response(f"<urlset>{urls}</urlset>".encode(), kind=XML)
    result = poll(site, house.model_copy(update={"max_page_mb": 20}))
    assert len(result.new) == 3
    assert result.waiting == 100_000 - 3


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"version": 2, "feeds": {}}', b'{"version": 1, "feeds": {"x": 3}}', b"\xff" * 100]
)
def test_a_damaged_state_is_said_and_nothing_is_saved_twice(site: Site, house: Settings, damage: bytes) -> None:
    pages(site, 1)
    site.routes["/feed"] = response(rss(item("/0")), kind=XML)
    poll(site, house)
    (house.state_folder / "feeds.json").write_bytes(damage)
    result = poll(site, house)
    assert "feeds.json" in result.note
    assert result.new == ()
    assert result.unchanged == 1
    assert (house.state_folder / "feeds.damaged").read_bytes() == damage
    assert poll(site, house).note == ""


def test_two_processes_do_not_read_the_feeds_at_once(site: Site, house: Settings) -> None:
    house.state_folder.mkdir()
    with FileLock(house.state_folder / "feeds.lock"), pytest.raises(FetchError, match="Another process"):
        poll(site, house)


def test_a_disk_that_cannot_be_written_ends_the_poll(site: Site, house: Settings) -> None:
    pages(site, 1)
    site.routes["/feed"] = response(rss(item("/0")), kind=XML)
    (house.seeds_folder / "added").write_text("in the way")
    with pytest.raises(WriteError):
        poll(site, house)


def test_a_poll_that_is_cancelled_ends_soon_and_goes_on_later(site: Site, house: Settings) -> None:
    pages(site, 4)
    site.routes["/feed"] = response(rss(*(item(f"/{n}") for n in range(4))), kind=XML)
    stop = threading.Event()

    def step(feed: str, done: int, of: int) -> None:
        if done == 2:
            threading.Timer(0.2, stop.set).start()

    began = time.monotonic()
    paused = house.model_copy(update={"fetch_pause_seconds": 0.5})
    first = poll(site, paused, cancelled=stop, step=step)
    assert time.monotonic() - began < 10
    assert 1 <= len(first.new) < 4
    assert first.waiting == 4 - len(first.new)
    assert len(poll(site, house).new) == first.waiting


_POLLING = """
import sys
from pathlib import Path
from qabot.gathering.feeds import poll_feeds
from qabot.settings import load_settings
settings = load_settings(Path(sys.argv[1]), private_addresses=True, fetch_pause_seconds=0)
print("ready", flush=True)
for result in poll_feeds(settings, feeds=[sys.argv[2]]):
    print(len(result.new), len(result.failed), flush=True)
"""

Start = Callable[[], "subprocess.Popen[bytes]"]


def test_a_poll_that_is_killed_loses_nothing_and_saves_nothing_twice(site: Site, house: Settings) -> None:
    pages(site, 12)
    site.routes["/feed"] = response(rss(*(item(f"/{n}") for n in range(12))), kind=XML)
    command = [sys.executable, "-c", _POLLING, str(house.home), f"{site.url}/feed"]
    for at in (2, 5, 8):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            deadline = time.monotonic() + 30
            while len(list(house.seeds_folder.rglob("*.md"))) < at and time.monotonic() < deadline:
                time.sleep(0.005)
            process.kill()
        if (house.state_folder / "feeds.json").exists():
            json.loads((house.state_folder / "feeds.json").read_bytes())
    result = poll(site, house)
    assert (result.failed, result.waiting) == ((), 0)
    assert sorted(article.title for article in seeds(house)) == sorted(f"Story {n}" for n in range(12))
    assert all(site.paths.count(f"/{n}") <= 2 for n in range(12))


def test_the_folder_of_the_package_is_not_written(site: Site, house: Settings, tmp_path: Path) -> None:
    pages(site, 1)
    site.routes["/feed"] = response(rss(item("/0")), kind=XML)
    poll(site, house)
    assert {path.name for path in tmp_path.iterdir()} <= {"seeds", "state"}


def test_a_feed_rests_after_it_was_asked_whatever_came_of_it(site: Site, house: Settings) -> None:
    pages(site, 1)
    site.routes["/feed"] = response(rss(item("/0")), kind=XML)
    site.routes["/broken"] = response(b"", "500 Oh")
    settings = house.model_copy(update={"feeds": (f"{site.url}/feed", f"{site.url}/broken"), "feed_minutes": 15})
    assert set(feeds_at_rest(settings).values()) == {0}
    list(poll_feeds(settings))
    assert all(890 < seconds <= 900 for seconds in feeds_at_rest(settings).values())


@pytest.mark.parametrize("asked", ["", "yesterday", "2026-01-01T00:00:00", "2027-01-01T00:00:00+00:00"])
def test_a_feed_is_due_if_it_is_not_known_when_it_was_asked(asked: str) -> None:
    assert FeedState(asked=asked).rests(900, datetime(2026, 7, 4, tzinfo=UTC)) == 0
