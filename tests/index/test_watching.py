"""Watching: seeds that change are indexed once they are quiet; no error ends it; stopping does."""

from __future__ import annotations

import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from loopback import response, serving

from qabot.answering.live import LiveEngine
from qabot.errors import SeedsError
from qabot.gathering.feeds import feeds_at_rest
from qabot.index.building import Build
from qabot.index.publishing import alone
from qabot.index.watching import News, keep_up
from qabot.settings import Settings

RSS = "<rss version='2.0'><channel><title>News</title></channel></rss>"


class Heard:
    """What watching has told, in order."""

    def __init__(self) -> None:
        self._news: queue.Queue[News] = queue.Queue()
        self.tell: Callable[[News], None] = self._news.put

    def build(self) -> Build:
        news = self._news.get(timeout=30)
        assert isinstance(news, Build), news
        return news

    def error(self) -> Exception:
        news = self._news.get(timeout=30)
        assert isinstance(news, Exception), news
        return news

    def nothing_for(self, seconds: float) -> bool:
        time.sleep(seconds)
        return self._news.empty()


@contextmanager
def watching(settings: Settings) -> Iterator[Heard]:
    heard, stop = Heard(), threading.Event()
    quick = settings.model_copy(update={"watch_seconds": 0.3})
    thread = threading.Thread(target=keep_up, args=(quick, stop, heard.tell))
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_what_is_written_changed_and_deleted_is_indexed_and_served(settings: Settings) -> None:
    with watching(settings) as heard:
        assert heard.build().articles == 3
        with LiveEngine(settings) as live:
            tower = settings.seeds_folder / "deep" / "tower.txt"
            tower.parent.mkdir()
            tower.write_text("The tower in Oral has 40 floors.", encoding="utf-8")
            assert heard.build().articles == 4
            published = time.monotonic()
            while not live.ask("How many floors does the tower in Oral have?").found:
                assert time.monotonic() - published < 10
                time.sleep(0.05)
            tower.write_text("The tower in Oral has 41 floors.", encoding="utf-8")
            assert heard.build().changed
            shutil.rmtree(tower.parent)
            assert heard.build().articles == 3


def test_many_changes_are_one_build_and_hidden_files_none(settings: Settings) -> None:
    with watching(settings) as heard:
        heard.build()
        for number in range(30):
            (settings.seeds_folder / f"{number}.txt").write_text(f"Item {number} is in the news.", encoding="utf-8")
            time.sleep(0.01)
        assert heard.build().articles == 33
        (settings.seeds_folder / ".being-written").write_text("half", encoding="utf-8")
        (settings.seeds_folder / "dam.txt").touch()
        assert heard.nothing_for(3)


def test_an_error_is_told_once_and_watching_goes_on(settings: Settings) -> None:
    shutil.move(settings.seeds_folder, settings.home / "away")
    with watching(settings) as heard:
        assert isinstance(heard.error(), SeedsError)
        heard.error()  # the folder to watch is missing, too
        assert heard.nothing_for(2.5)
        shutil.move(settings.home / "away", settings.seeds_folder)
        assert heard.build().articles == 3


def test_a_folder_that_is_replaced_by_another_one_is_followed(settings: Settings) -> None:
    with watching(settings) as heard:
        heard.build()
        new = settings.home / "new"
        shutil.copytree(settings.seeds_folder, new)
        (new / "tower.txt").write_text("The tower in Oral has 40 floors.", encoding="utf-8")
        os.rename(settings.seeds_folder, settings.home / "old")  # noqa: PTH104
        new.rename(settings.seeds_folder)
        assert heard.build().articles == 4
        (settings.seeds_folder / "tower.txt").unlink()
        assert heard.build().articles == 3


def test_where_another_process_builds_it_is_told_and_tried_again(settings: Settings) -> None:
    with watching(settings) as heard:
        heard.build()
        with alone(settings.generations_folder):
            (settings.seeds_folder / "tower.txt").write_text("The tower in Oral has 40 floors.", encoding="utf-8")
            assert "Another process is building" in str(heard.error())
        assert heard.build().articles == 4


def test_stopping_ends_a_build_that_runs_and_leaves_nothing_torn(settings: Settings) -> None:
    text = "\n\n".join(f"Item {n} of a long list of {n * 7} items is described here at length." for n in range(9000))
    (settings.seeds_folder / "long.txt").write_text(text, encoding="utf-8")
    with watching(settings):
        deadline = time.monotonic() + 30
        while not list(settings.generations_folder.glob(".building-*")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert not (settings.generations_folder / "CURRENT").exists()


def test_paths_with_links_are_followed_where_the_seeds_are_a_link(settings: Settings, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    shutil.move(settings.seeds_folder, real)
    settings.seeds_folder.symlink_to(real)
    with watching(settings) as heard:
        assert heard.build().articles == 3
        (real / "tower.txt").write_text("The tower in Oral has 40 floors.", encoding="utf-8")
        assert heard.build().articles == 4


def test_feeds_that_were_just_read_are_not_read_again_at_a_new_start(settings: Settings) -> None:
    with serving() as site:
        site.routes["/feed"] = response(RSS.encode(), kind="application/xml")
        fed = settings.model_copy(update={"feeds": (f"{site.url}/feed",), "private_addresses": True})
        for _ in range(2):
            with watching(fed) as heard:
                heard.build()
                deadline = time.monotonic() + 10
                while any(not seconds for seconds in feeds_at_rest(fed).values()):
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
        assert site.paths == ["/feed"]
        (settings.state_folder / "feeds.json").unlink()
        with watching(fed):
            deadline = time.monotonic() + 10
            while len(site.paths) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
