"""Seeds that change while they are read, lead elsewhere, or have names that nobody would choose."""

from __future__ import annotations

import os
import random
import threading
from contextlib import closing
from pathlib import Path

import pytest

from qabot.answering.engine import engine_of
from qabot.encoders.encoder import Encoder
from qabot.errors import SeedsError
from qabot.index.building import build
from qabot.index.generation import open_current
from qabot.settings import Settings

NAMES = [
    "line\nbreak.txt",
    "\x1b[31mred\x1b[0m.txt",
    "🐝 bees.txt",
    "ы" * 120 + "x" * 11 + ".txt",
    "a'b\"c`$(d).txt",
    "%s.txt",
]
HOSTILE = [os.fsencode(name) for name in NAMES] + [b"\xff\xfe not utf-8.txt"]


def texts(settings: Settings) -> dict[str, str]:
    """The text of every article in the index in service, by id."""
    with closing(open_current(settings.generations_folder, settings.cache_folder)) as generation:
        articles = [generation.store.article(key) for key in generation.store.article_keys()]
    return {article.id: article.text for article in articles}


def test_names_with_line_breaks_emoji_and_255_bytes_are_indexed_and_cited(settings: Settings, encoder: Encoder) -> None:
    for number, name in enumerate(HOSTILE):
        assert len(name) <= 255
        path = os.path.join(os.fsencode(settings.seeds_folder), name)  # noqa: PTH118 - Path has no bytes
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"The zebra census of station {number} counted {number + 500} zebras.")
    assert max(map(len, HOSTILE)) == 255
    done = build(settings, encoder)
    assert (done.articles, done.skipped) == (3 + len(HOSTILE), ())
    generation = open_current(settings.generations_folder, settings.cache_folder)
    with closing(engine_of(settings, encoder, generation)) as engine:
        for number in range(len(HOSTILE)):
            best = engine.ask(f"How many zebras did the census of station {number} count?").quotes[0]
            assert best.text == f"The zebra census of station {number} counted {number + 500} zebras."
            assert best.article.path.isprintable()
            assert str(best.citation).isprintable()
    assert not build(settings, encoder).changed


def test_a_link_that_leads_out_of_the_seeds_is_not_followed(
    settings: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("The password of the archive is swordfish.", encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "more.txt").write_text("The password of the vault is mackerel.", encoding="utf-8")
    (settings.seeds_folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (settings.seeds_folder / "relative.txt").symlink_to("../secret.txt")
    (settings.seeds_folder / "folder").symlink_to(tmp_path / "secrets")
    (settings.seeds_folder / "loop").symlink_to(settings.seeds_folder)
    done = build(settings, encoder)
    assert done.articles == 3
    assert {item.path for item in done.skipped} == {"link.txt", "relative.txt", "folder", "loop"}
    assert not any("password" in text for text in texts(settings).values())


def test_files_that_are_replaced_and_deleted_while_they_are_read_are_whole_or_absent(
    settings: Settings, encoder: Encoder
) -> None:
    stop, chance = threading.Event(), random.Random(5)
    written = {(settings.seeds_folder / name).read_text() for name in ("dam.txt", "bees.txt", "chess.txt")}

    def restless() -> None:
        edition = 0
        while not stop.is_set():
            edition += 1
            path = settings.seeds_folder / f"{chance.randrange(20)}.txt"
            if chance.random() < 0.3:
                path.unlink(missing_ok=True)
                continue
            text = f"Edition {edition} of the guide has {edition * 3} pages. " * 40 + f"It ends with {edition}."
            written.add(text)
            aside = settings.seeds_folder / f".{path.name}"
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)

    thread = threading.Thread(target=restless)
    thread.start()
    try:
        for _ in range(8):
            build(settings, encoder)
            assert set(texts(settings).values()) <= written
    finally:
        stop.set()
        thread.join()
    build(settings, encoder)
    now = {path.read_text() for path in settings.seeds_folder.glob("[!.]*.txt")}
    assert set(texts(settings).values()) == now


def test_files_that_are_written_in_place_while_they_are_read_are_right_in_the_next_build(
    settings: Settings, encoder: Encoder
) -> None:
    """Same length, same name, and often the same moment: what was read half may not be taken for what is there."""
    stop = threading.Event()
    paths = [settings.seeds_folder / f"{number}.txt" for number in range(10)]

    def restless() -> None:
        edition = 0
        while not stop.is_set():
            edition = (edition + 1) % 10
            for path in paths:
                path.write_text(f"Edition {edition} of the guide is on sale. " * 100, encoding="utf-8")

    thread = threading.Thread(target=restless)
    thread.start()
    try:
        for _ in range(8):
            build(settings, encoder)
    finally:
        stop.set()
        thread.join()
    build(settings, encoder)
    found = texts(settings)
    assert {path.read_text().strip() for path in paths} <= {text.strip() for text in found.values()}


def test_seeds_that_vanish_altogether_leave_the_index_as_it_is(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    before = texts(settings)
    for path in settings.seeds_folder.iterdir():
        path.unlink()
    settings.seeds_folder.rmdir()
    with pytest.raises(SeedsError, match="seeds"):
        build(settings, encoder)
    assert texts(settings) == before
