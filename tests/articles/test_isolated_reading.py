"""Reading in processes of their own: order, limits, crashes, and what is left behind."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import Seeds, make_pdf

from qabot.articles.article import Article
from qabot.articles.folder import FileDone, read_folder
from qabot.articles.isolated import Pool, read_page
from qabot.articles.limits import Limits
from qabot.articles.reading import Item
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp
from qabot.articles.wire import as_json, from_json, pack, unpack
from qabot.errors import SeedsError

PAGE = "<!DOCTYPE html><html><body><article><p>The dam of number {} was opened.</p></article></body></html>"
SLOW = "<!DOCTYPE html><html><body>" + "<p>Some words here " * 300_000


def mixed(seeds: Seeds, count: int) -> None:
    for number in range(count):
        seeds.put(f"{number:03}.html", PAGE.format(number))
        seeds.put(f"{number:03}.txt", f"Text {number}.")
        seeds.put(f"{number:03}.png", b"\x89PNG")
    seeds.put("050.pdf", make_pdf([["A page."]]))
    seeds.put("lines.jsonl", "".join(json.dumps({"text": f"Line {n}."}) + "\n" for n in range(500)) + "{}\n")


def test_the_order_is_the_same_with_any_number_of_processes(seeds: Seeds) -> None:
    mixed(seeds, 12)
    seeds.put("plain.jsonl", "".join(json.dumps({"text": f"{n} " + "word " * 200}) + "\n" for n in range(3000)))
    alone, together = (list(read_folder(seeds.folder, Limits(), jobs=jobs)) for jobs in (1, 3))
    assert alone == together
    assert len([item for item in alone if isinstance(item, FileDone)]) == 39
    assert len([item for item in alone if isinstance(item, Article)]) == 12 + 12 + 1 + 500 + 3000


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists descriptors there")
def test_reading_leaves_no_descriptor_open(seeds: Seeds) -> None:
    seeds.put("a.html", PAGE.format(1))
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir()))
    gc.disable()  # what is only closed by chance would be
    try:
        for _ in range(2):
            assert len(list(read_folder(seeds.folder, Limits()))) == 2
        assert len(list(Path("/proc/self/fd").iterdir())) == before
    finally:
        gc.enable()


def test_a_few_plain_files_start_no_process(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    for name in ("a.txt", "b.md", "d.png"):
        seeds.put(name, "Text.")
    seeds.put("c.jsonl", '{"text": "Text."}')
    assert len(seeds.read(jobs=4)[0]) == 3


def test_without_processes_the_rest_is_still_read(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    seeds.put("a.html", PAGE)
    seeds.put("b.txt", "Text.")
    [article], [skipped] = seeds.read()
    assert article.path == "b.txt"
    assert str(skipped) == "a.html: no process could be started to read it"


def test_a_killed_process_costs_one_file(seeds: Seeds) -> None:
    slow = seeds.put("a.html", SLOW)
    quick = [seeds.put(f"{number}.html", PAGE.format(number)) for number in range(3)]
    with closing(Pool(Limits(), 1)) as pool:
        tickets = [pool.submit(path, path.name) for path in (slow, *quick)]
        process = tickets[0].process._process
        assert process
        process.kill()
        items = [item for ticket in tickets for item in pool.results(ticket)]
    assert items[:2] == [Skipped("a.html", "needs more memory than there is"), FileDone("a.html", None)]
    assert [item.text for item in items if isinstance(item, Article)] == [
        f"The dam of number {number} was opened." for number in range(3)
    ]


def test_a_crash_costs_one_file(seeds: Seeds) -> None:
    with closing(Pool(Limits(), 1)) as pool:
        ticket = pool.submit(seeds.put("a.html", SLOW), "a.html")
        assert ticket.process._process
        ticket.process._process.send_signal(signal.SIGSEGV)
        assert next(pool.results(ticket)) == Skipped("a.html", "crashes its reader (SIGSEGV)")


def test_a_file_that_takes_too_much_memory_is_one_report(seeds: Seeds) -> None:
    seeds.put("a.json", "[" + "[]," * 12_000_000 + "1]")
    seeds.put("b.html", PAGE)
    [article], [skipped] = seeds.read(Limits(max_memory_mb=100))
    assert article.path == "b.html"
    assert skipped == Skipped("a.json", "needs more memory than max_memory_mb = 100")
    assert [item.stamp is None for item in seeds.done(Limits(max_memory_mb=100))] == [True, False]


def test_what_a_slow_file_is_followed_by_is_read(seeds: Seeds) -> None:
    seeds.put("a.html", SLOW)
    for number in range(20):
        seeds.put(f"b{number:02}.html", PAGE.format(number))
    articles, [skipped] = seeds.read(Limits(max_read_seconds=1), jobs=2)
    assert [article.path for article in articles] == [f"b{number:02}.html" for number in range(20)]
    assert skipped == Skipped("a.html", "takes longer than max_read_seconds = 1")


def test_closing_ends_the_processes(seeds: Seeds) -> None:
    pool = Pool(Limits(), 1)
    process = pool.submit(seeds.put("a.html", SLOW), "a.html").process._process
    assert process
    pool.close()
    assert process.returncode is not None


def test_a_reader_that_is_dropped_halfway_leaves_no_process(seeds: Seeds) -> None:
    mixed(seeds, 20)
    with closing(read_folder(seeds.folder, Limits(), jobs=2)) as items:  # type: ignore[type-var]
        assert next(items)
        assert _children(os.getpid())
    assert _children(os.getpid()) == []


def test_processes_end_with_who_started_them(seeds: Seeds) -> None:
    seeds.put("a.html", PAGE)
    program = f"""
        import time
        from pathlib import Path
        from qabot.articles.folder import read_folder
        from qabot.articles.limits import Limits
        items = read_folder(Path({str(seeds.folder)!r}), Limits())
        next(items)
        print("read", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout
            assert parent.stdout.readline() == "read\n"
            [child] = _children(parent.pid)
        finally:
            parent.kill()
    waited = time.monotonic() + 20
    while _alive(child) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not _alive(child)


def test_nothing_in_the_current_folder_is_run(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "trafilatura.py", "qabot.py"):
        seeds.put(name, "raise SystemExit('run')")
    seeds.put("a.html", PAGE)
    monkeypatch.chdir(seeds.folder)
    assert [article.path for article in seeds.read()[0]] == ["a.html"]


def test_long_paths_do_not_fill_the_pipe(seeds: Seeds) -> None:
    deep = seeds.folder.joinpath(*["d" * 250] * 12)
    deep.mkdir(parents=True)
    for number in range(40):
        (deep / f"{number:02}{'n' * 240}.html").write_text(PAGE.format(number))
    assert len(seeds.read(jobs=2)[0]) == 40


def test_a_fetched_page_is_read_within_the_limits() -> None:
    article = read_page(PAGE.encode(), Limits(), url="https://example.org/a", charset="utf-8", path="a", own_id="a")
    assert (article.url, article.source) == ("https://example.org/a", "example.org")
    with pytest.raises(SeedsError, match="is empty"):
        read_page(b" ", Limits(), url=None, charset=None, path="a", own_id="a")
    with pytest.raises(SeedsError, match="takes longer than max_read_seconds = 1"):
        read_page(SLOW.encode(), Limits(max_read_seconds=1), url=None, charset=None, path="a", own_id="a")


_texts = st.text() | st.just("\udce9")
_articles = st.builds(
    Article,
    *[_texts] * 3,
    st.none() | st.just(datetime(2023, 7, 4, 10, 15, 1, tzinfo=UTC)),
    *[st.none() | _texts] * 4,
    *[_texts] * 2,
    st.lists(st.integers(0)).map(tuple),
)


@settings(deadline=None)
@given(
    st.lists(
        _articles
        | st.builds(Skipped, _texts, _texts, st.booleans())
        | st.builds(FileDone, _texts, st.none() | st.builds(Stamp, *[st.integers(0)] * 4))
    )
)
def test_items_come_through_the_pipe_as_they_are(items: list[Item]) -> None:
    frame = pack([as_json(item) for item in items])
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        position += size
        return frame[position - size : position]

    assert [from_json(value) for value in unpack(read)] == items


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
