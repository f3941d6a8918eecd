"""`qabot feeds`: new items are saved and indexed, a table says what became of each feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_house import Run, at_terminal
from loopback import Site, page, response, serving


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site on loopback with a feed of one page, which the settings allow."""
    monkeypatch.setenv("QABOT_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("QABOT_FETCH_PAUSE_SECONDS", "0")
    with serving() as site:
        monkeypatch.setenv("QABOT_FEEDS", f"{site.url}/feed, {site.url}/broken")
        items = "<item><link>/dam</link></item><item><link>javascript:alert(1)</link></item>"
        body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        site.routes |= {"/feed": response(body, kind="application/xml"), "/dam": response(page())}
        yield site


def test_new_items_are_indexed_and_each_feed_has_a_row(site: Site, run: Run, tmp_path: Path) -> None:
    done = run("feeds", at=tmp_path)
    assert done.code == 2  # one of the feeds could not be read
    first, header, *rows = done.out.splitlines()
    assert first.startswith("Added: Almaty opens a dam · Kazinform, 4 July 2023 · seeds/added/")
    assert header.split() == ["new", "known", "waiting", "failed", "kind", "feed"]
    assert rows[0].split() == ["1", "0", "0", "1", "RSS", "2.0", f"{site.url}/feed"]
    assert rows[1].split() == ["0", "0", "0", "0", "not", "read", f"{site.url}/broken"]
    assert rows[2].startswith("1 article, ")
    assert len(done.err.splitlines()) == 2
    assert "12 million dollars" in run("ask", "How much did the dam near Almaty cost?", at=tmp_path).out


def test_one_feed_alone_and_again_without_news(site: Site, run: Run, tmp_path: Path) -> None:
    one = ("feeds", "--no-index", "--feed", f"{site.url}/feed")
    assert run(*one, at=tmp_path).code == 0
    again = run(*one, "--json", at=tmp_path)
    assert again.code == 0
    assert again.json == [
        {
            "feed": f"{site.url}/feed",
            "kind": "RSS 2.0",
            "new": [],
            "known": 2,
            "waiting": 0,
            "failed": [],
            "error": None,
        }
    ]


def test_the_list_says_when_each_feed_was_read(site: Site, run: Run, tmp_path: Path) -> None:
    assert run("feeds", "--list", at=tmp_path).out.count("never") == 2
    run("feeds", "--no-index", at=tmp_path)
    listed = run("feeds", "--list", "--json", at=tmp_path).json
    assert [feed["known"] for feed in listed] == [2, 0]
    assert listed[0]["read"]
    shown = run("feeds", "--list", at=tmp_path).out
    assert shown.count("never") == 1
    assert shown.endswith("2 feeds\n")


def test_without_feeds_the_setting_is_named(run: Run, tmp_path: Path) -> None:
    done = run("feeds", at=tmp_path)
    assert done.code == 2
    assert done.err.startswith("Error: There is no feed in config/qabot.toml. Name some: feeds = [")


def test_a_bar_is_drawn_on_a_terminal(site: Site, tmp_path: Path) -> None:
    command = ("--home", str(tmp_path), "feeds", "--no-index", "--feed", f"{site.url}/feed")
    with at_terminal(*command) as terminal:
        assert terminal.end() == 0
    assert "2/2" in terminal.text
    assert "Added: Almaty opens a dam" in terminal.text
