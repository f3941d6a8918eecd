"""Builds: what they publish, reuse, refuse and leave alone."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from qabot.encoders.encoder import Encoder
from qabot.errors import BuildInProgressError, SeedsError, WriteError
from qabot.index.building import build
from qabot.index.checking import check_generation
from qabot.index.generation import Generation, open_current
from qabot.index.keys import article_key, first_passage_key
from qabot.index.progress import Silent
from qabot.index.publishing import building, published_generations
from qabot.index.store import Edition
from qabot.settings import Settings

WriteArticles = Callable[[str, list[dict[str, object]]], Path]


def opened(settings: Settings) -> Generation:
    return open_current(settings.generations_folder, settings.cache_folder)


def content(generation: Generation) -> list[tuple[object, ...]]:
    present, vectors = generation.vectors.get(generation.vectors.keys)
    assert present.all()
    return [
        (row.key, row.article, row.passage, vector.tobytes())
        for row, vector in zip(generation.store.every_passage(), vectors, strict=True)
    ]


def test_a_build_publishes_what_the_seeds_hold(settings: Settings, encoder: Encoder) -> None:
    done = build(settings, encoder)
    generation = opened(settings)
    assert (done.articles, done.passages, done.reused, done.changed) == (3, 3, 0, True)
    assert generation.id == done.generation
    assert (generation.manifest.articles, generation.manifest.vectors, len(generation.terms)) == (3, 3, 3)


def test_a_second_build_with_nothing_changed_publishes_nothing(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    second = build(settings, encoder)
    assert (second.changed, second.reused, second.generation) == (False, 3, first.generation)
    assert len(published_generations(settings.generations_folder)) == 1


def test_only_the_passages_of_changed_articles_are_encoded_again(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    (settings.seeds_folder / "chess.txt").write_text("Carlsen lost the tournament.", encoding="utf-8")
    second = build(settings, encoder)
    assert (second.changed, second.passages, second.reused) == (True, 3, 2)


def test_an_incremental_build_gives_what_a_full_one_gives(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    (settings.seeds_folder / "aa.txt").write_text("A new article that comes before the others.", encoding="utf-8")
    (settings.seeds_folder / "dam.txt").unlink()
    build(settings, encoder)
    incremental = content(opened(settings))
    full = build(settings, encoder, full=True)
    assert full.reused == 0
    assert content(opened(settings)) == incremental


def story_sets(generation: Generation) -> set[frozenset[str]]:
    """The ids of the articles of each story, the lone ones too."""
    members: dict[int, set[str]] = {}
    for name, story in generation.store.stories_of(list(generation.store.record_hashes())).items():
        members.setdefault(story, set()).add(name)
    return {frozenset(ids) for ids in members.values()}


def test_a_story_in_two_outlets_is_found_and_each_tells_of_the_other(
    settings: Settings, encoder: Encoder, write_articles: WriteArticles
) -> None:
    text = "A dam was opened above the city on Monday. It holds back three million cubic metres of water."
    record: dict[str, object] = {"text": text, "url": "https://example.org/1"}
    early = record | {"id": "a", "title": "A dam", "source": "Herald", "published": "2024-05-02"}
    late = record | {"id": "b", "title": "Water", "source": "Courier", "published": "2024-05-03"}
    write_articles("wire.jsonl", [late, early])
    build(settings, encoder)
    store = opened(settings).store
    found = store.stories_of(["a", "b", "dam", "bees", "no such article"])
    assert found["a"] == found["b"]
    assert len(set(found.values())) == 3
    day = datetime(2024, 5, 2, tzinfo=UTC)
    assert store.other_editions("b") == [Edition("a", "A dam", "Herald", "https://example.org/1", day)]
    assert [edition.id for edition in store.other_editions("a")] == ["b"]
    assert store.other_editions("bees") == []


def test_stories_are_the_same_after_an_incremental_and_a_full_build(
    settings: Settings, encoder: Encoder, write_articles: WriteArticles
) -> None:
    dated: dict[str, object] = {
        "id": "late",
        "title": "Bees",
        "text": (settings.seeds_folder / "bees.txt").read_text(),
        "published": "2024-05-03",
    }
    write_articles("bees.jsonl", [dated])
    build(settings, encoder)
    assert frozenset({"bees", "late"}) in story_sets(opened(settings))
    write_articles("more.jsonl", [dated | {"id": "early", "published": "2024-05-01"}])
    (settings.seeds_folder / "bees.txt").unlink()
    build(settings, encoder)
    incremental, hashes = opened(settings).store, opened(settings).store.sentence_hashes([1, 2, 3, 4])
    assert {"early", "late"} in story_sets(opened(settings))
    numbers = incremental.stories_of(["early", "late", "dam"])
    build(settings, encoder, full=True)
    assert opened(settings).store.stories_of(["early", "late", "dam"]) == numbers
    assert opened(settings).store.sentence_hashes([1, 2, 3, 4]) == hashes


def test_every_stage_ends_at_the_total_that_it_announced(settings: Settings, encoder: Encoder) -> None:
    class Heard:
        def __init__(self) -> None:
            self.stages: list[tuple[str, int | None]] = []
            self.steps: list[int] = []

        def stage(self, name: str, total: int | None) -> None:
            self.stages.append((name, total))
            self.steps.append(0)

        def advance(self, steps: int) -> None:
            self.steps[-1] += steps

    (settings.seeds_folder / "ru.txt").write_text("Пчеловоды Словении насчитали одиннадцать тысяч ульев.")
    for _ in range(2):
        heard = Heard()
        build(settings, encoder, progress=heard)
        (settings.seeds_folder / "new.txt").write_text("A new article that is in English.", encoding="utf-8")
        announced = [(total, steps) for (_, total), steps in zip(heard.stages, heard.steps, strict=True) if total]
        assert [total == steps for total, steps in announced] == [True, True, True]


def test_a_removed_article_is_gone(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    (settings.seeds_folder / "bees.txt").unlink()
    build(settings, encoder)
    assert opened(settings).store.find_article("bees") is None


def test_a_new_title_changes_the_vector(settings: Settings, encoder: Encoder, write_articles: WriteArticles) -> None:
    record: dict[str, object] = {"id": "a", "title": "One", "text": "The same text as before."}
    write_articles("a.jsonl", [record])
    build(settings, encoder)
    key = np.array([first_passage_key(article_key("a"))])
    before = opened(settings).vectors.get(key)[1]
    write_articles("a.jsonl", [record | {"title": "Another headline"}])
    assert build(settings, encoder).reused == 3
    assert not np.array_equal(opened(settings).vectors.get(key)[1], before)


def test_passages_in_a_language_that_the_model_does_not_know_get_terms_but_no_vector(
    settings: Settings, encoder: Encoder
) -> None:
    text = "Die Imker in Slowenien zählten in diesem Frühjahr mehr als elftausend Bienenstöcke."
    (settings.seeds_folder / "de.txt").write_text(text, encoding="utf-8")
    build(settings, encoder)
    generation = opened(settings)
    assert (generation.manifest.passages, generation.manifest.vectors) == (4, 3)
    assert len(generation.lexical("Imker Bienenstöcke", 10)[0]) == 1


def test_other_passage_sizes_keep_the_vectors_of_the_passages_that_stay(settings: Settings, encoder: Encoder) -> None:
    (settings.seeds_folder / "long.txt").write_text(
        "The bees of Slovenia are counted each spring. " * 20, encoding="utf-8"
    )
    build(settings, encoder)
    again = build(settings.model_copy(update={"passage_tokens": 64}), encoder)
    assert again.reused == 3
    assert again.passages > 4
    assert again.note is not None
    assert "read again" in again.note
    assert not any(finding.problem for finding in check_generation(opened(settings), encoder, Silent()))


def test_a_damaged_generation_is_built_anew(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    store = first.folder / "articles.sqlite"
    store.write_bytes(store.read_bytes()[:-1])
    again = build(settings, encoder)
    assert again.changed
    assert again.note is not None
    assert "articles.sqlite" in again.note
    assert opened(settings).id == again.generation


def test_older_generations_are_removed_but_the_last_three(settings: Settings, encoder: Encoder) -> None:
    ids = []
    for number in range(5):
        (settings.seeds_folder / "n.txt").write_text(f"Number {number} is in the news.", encoding="utf-8")
        ids.append(build(settings, encoder).generation)
    assert [path.name for path in published_generations(settings.generations_folder)] == ids[2:]


def test_an_empty_seeds_folder_is_an_error_and_keeps_the_index(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    shutil.rmtree(settings.seeds_folder)
    settings.seeds_folder.mkdir()
    with pytest.raises(SeedsError, match="no article"):
        build(settings, encoder)
    assert opened(settings).id == first.generation


def test_bad_files_are_reported_and_the_rest_is_indexed(settings: Settings, encoder: Encoder) -> None:
    (settings.seeds_folder / "empty.txt").touch()
    (settings.seeds_folder / "broken.jsonl").write_text('{"id": "x", "text": "Good news."}\n{"id":\n')
    (settings.seeds_folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    done = build(settings, encoder)
    assert done.articles == 4
    assert sorted(skipped.path for skipped in done.skipped) == ["broken.jsonl:2", "empty.txt", "picture.txt"]


def test_strict_makes_a_bad_file_an_error_that_names_it(settings: Settings, encoder: Encoder) -> None:
    (settings.seeds_folder / "empty.txt").touch()
    with pytest.raises(SeedsError, match=r"empty\.txt"):
        build(settings, encoder, strict=True)
    assert not (settings.generations_folder / "CURRENT").exists()


def test_a_second_builder_is_turned_away(settings: Settings, encoder: Encoder) -> None:
    with building(settings.generations_folder), pytest.raises(BuildInProgressError, match="Another process"):
        build(settings, encoder)
    assert build(settings, encoder).changed


def test_a_full_disk_leaves_the_old_generation_in_service(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    for number in range(60):
        (settings.seeds_folder / f"{number}.txt").write_text(f"Item {number} has words. " * 400, encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(WriteError, match="cannot be written"):
            build(settings, encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert opened(settings).id == first.generation
    assert build(settings, encoder).articles == 63


def test_a_folder_that_cannot_be_written_is_a_clear_error(settings: Settings, encoder: Encoder) -> None:
    settings.generations_folder.parent.write_text("a file stands where the folder should be")
    with pytest.raises(WriteError, match="cannot be written"):
        build(settings, encoder)


def test_a_killed_build_leaves_the_old_generation_in_service(settings: Settings, encoder: Encoder) -> None:
    first = build(settings, encoder)
    text = "\n\n".join(f"Item {n} of a long list of {n * 7} items is described here at length." for n in range(4000))
    (settings.seeds_folder / "long.txt").write_text(text, encoding="utf-8")
    environment = os.environ | {"QABOT_HOME": str(settings.home)}
    process = subprocess.Popen([sys.executable, "-m", "qabot", "index"], env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(settings.generations_folder.glob(".building-*/articles.sqlite")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert opened(settings).id == first.generation
    (settings.seeds_folder / "long.txt").write_text("It is short now.", encoding="utf-8")
    assert build(settings, encoder).articles == 4
    assert not list(settings.generations_folder.glob(".building-*"))
