"""`qabot add`: pages and files are saved, indexed and answered from; what fails is a line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cli_house import Run, run_process
from loopback import Site, page, response, serving

from qabot.index.publishing import building

QUESTION = "How much did the dam near Almaty cost?"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site on loopback, which the settings allow."""
    monkeypatch.setenv("QABOT_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("QABOT_FETCH_PAUSE_SECONDS", "0")
    with serving() as site:
        yield site


def test_a_page_is_saved_indexed_and_answered_from(site: Site, run: Run, tmp_path: Path) -> None:
    site.routes["/dam"] = response(page())
    added = run("add", f"{site.url}/dam", at=tmp_path)
    assert added.code == 0
    assert added.out.startswith(
        "Added: Almaty opens a dam · Kazinform, 4 July 2023 · seeds/added/127.0.0.1/2023-07-04-almaty-opens-a-dam-"
    )
    assert "1 article, " in added.out
    asked = run("ask", QUESTION, at=tmp_path)
    assert "The dam near Almaty cost 12 million dollars." in asked.out
    again = run("add", f"{site.url}/dam", at=tmp_path)
    assert again.out.startswith("Already there: Almaty opens a dam")
    assert "generation" not in again.out


def test_files_are_copied_and_only_saved_if_so_wished(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.txt").write_text(f"The lighthouse {name} was painted red in May.")
    home = tmp_path / "home"
    home.mkdir()
    done = run("add", "--no-index", *map(str, sorted((tmp_path / "in").iterdir())), at=home)
    assert done.code == 0
    assert done.out.count("Added: ") == 2
    assert (home / "seeds/added/a.txt").exists()
    assert not (home / "embeddings").exists()


def test_a_build_that_is_under_way_is_waited_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The lighthouse of Aktau was painted red in May.")
    home = tmp_path / "home"
    home.mkdir()
    with ThreadPoolExecutor() as pool:
        with building(home / "embeddings/generations"):
            adding = pool.submit(run, "add", str(tmp_path / "a.txt"), at=home)
            time.sleep(1)
            assert not adding.done()
        done = adding.result(timeout=60)
    assert done.code == 0
    assert "waiting for it" in done.err
    assert "red in May" in run("ask", "What colour was the lighthouse of Aktau painted?", at=home).out


def test_what_fails_is_a_line_and_the_rest_is_added(site: Site, run: Run, tmp_path: Path) -> None:
    site.routes["/dam"] = response(page())
    (tmp_path / "folder").mkdir()
    wrong = [
        "ftp://example.org/a",
        f"{site.url}/missing",
        str(tmp_path / "folder"),
        "no-such-file.txt",
        "www.example.org",
    ]
    done = run("add", "--no-index", *wrong, f"{site.url}/dam", at=tmp_path)
    assert done.code == 2
    assert done.out.count("Added: ") == 1
    lines = done.err.splitlines()
    assert len(lines) == len(wrong)
    assert all(line.startswith("Error: ") for line in lines)
    assert "https://www.example.org" in lines[-1]


def test_a_list_of_addresses_is_read_from_standard_input(site: Site, run: Run, tmp_path: Path) -> None:
    site.routes["/dam"] = response(page())
    done = run("add", "--no-index", "-", at=tmp_path, stdin=f"# a list\n\n{site.url}/dam\n")
    assert done.code == 0
    assert done.out.startswith("Added: Almaty opens a dam")


def test_loopback_is_refused_without_the_setting(
    site: Site, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QABOT_PRIVATE_ADDRESSES")
    done = run("add", f"{site.url}/dam", at=tmp_path)
    assert done.code == 2
    assert "private_addresses = true" in done.err
    assert site.asked == []


def test_a_hostile_title_cannot_command_the_terminal(site: Site, run: Run, tmp_path: Path) -> None:
    site.routes["/dam"] = response(page("[bold]Dam[/bold] &#x202e;opens\u2028:smile:"))
    done = run("add", "--no-index", f"{site.url}/dam", at=tmp_path)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "[bold]Dam[/bold]" in done.out


def test_without_anything_to_add_the_usage_is_shown(tmp_path: Path) -> None:
    done = run_process("--home", str(tmp_path), "add")
    assert done.code == 2
    assert "Usage: qabot add" in done.err
