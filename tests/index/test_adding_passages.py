"""Adding to a copy of an index: the same answers as from one that was built in one go, and when that is done."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qabot.answering.engine import Engine
from qabot.encoders.encoder import Encoder
from qabot.index.building import Build, build
from qabot.index.clustered import DEPTH
from qabot.index.generation import Generation, open_current
from qabot.settings import Settings, load_settings

PLACES = ["Almaty", "Aktau", "Karaganda", "Semey", "Oral", "Taraz", "Kostanay", "Aktobe", "Pavlodar", "Turkistan"]
THINGS = ["dam", "library", "railway", "bridge", "museum", "harbour", "stadium", "school", "power station", "market"]
DEEDS = ["opened", "closed", "repaired", "sold", "painted", "flooded", "rebuilt", "praised", "criticised", "visited"]
ARTICLES = 240


def record(number: int) -> dict[str, object]:
    """An article about one thing in one place; every tenth is told again by another outlet."""
    chance = random.Random(number - number % 10 // 9)
    place, thing, deed = chance.choice(PLACES), chance.choice(THINGS), chance.choice(DEEDS)
    cost = chance.randrange(2, 900)
    text = (
        f"The {thing} of {place} was {deed} on Monday after work that cost {cost} million tenge. "
        f"Engineers from {chance.choice(PLACES)} had looked at it for {chance.randrange(2, 40)} weeks.\n\n"
        f"Nobody was hurt, said the mayor of {place}, who thanked {chance.randrange(5, 500)} volunteers. "
        f"A {chance.choice(THINGS)} will follow in {chance.randrange(2024, 2035)}, the council decided.\n\n"
        "Subscribe to our letter to hear more of this."
    )
    return {
        "id": f"n{number}",
        "title": f"{place}: {thing} {deed}",
        "text": text,
        "source": ["Herald", "Courier", "Inform"][number % 3],
        "published": f"2024-{1 + number % 12:02}-{1 + number % 28:02}",
    }


QUESTIONS = [f"What did the {thing} of {place} cost?" for thing, place in zip(THINGS, PLACES, strict=True)] + [
    "Who was hurt in Almaty last March?",
    "What did the Herald report about the library?",
    "Which outlets wrote about the harbour?",
    "What will follow in 2030?",
    "How many volunteers were thanked?",
    "Subscribe",
]


def write(folder: Path, numbers: dict[str, list[int]]) -> None:
    folder.mkdir(exist_ok=True)
    for name, chosen in numbers.items():
        lines = (json.dumps(record(number)) + "\n" for number in chosen)
        (folder / name).write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> tuple[Settings, Build]:
    """A home with an index of three files; to be copied, not changed."""
    home = tmp_path_factory.mktemp("first")
    write(home / "seeds", {f"{part}.jsonl": list(range(part * 80, part * 80 + 80)) for part in range(3)})
    settings = load_settings(home)
    return settings, build(settings, encoder)


@pytest.fixture
def added(first: tuple[Settings, Build], tmp_path: Path) -> Settings:
    """A copy of that home."""
    home = tmp_path / "added"
    shutil.copytree(first[0].home, home)
    return load_settings(home, added_share=1.0)


@pytest.fixture
def anew(tmp_path: Path) -> Settings:
    """A home without an index."""
    return load_settings(tmp_path / "anew", added_share=1.0)


def opened(settings: Settings) -> Generation:
    return open_current(settings.generations_folder, settings.cache_folder)


def answers(settings: Settings, encoder: Encoder) -> Iterator[dict[str, Any]]:
    """The answers to all questions, without the generation's id and the times."""
    with Engine(settings, encoder, opened(settings)) as engine:
        for question in QUESTIONS:
            answer = engine.ask(question).to_dict(explain=True)
            answer.pop("timings_ms")
            answer["index"].pop("generation")
            yield answer


def test_after_adding_the_answers_are_those_of_an_index_built_in_one_go(
    added: Settings, anew: Settings, encoder: Encoder
) -> None:
    write(added.seeds_folder, {"a-first.jsonl": [240, 241, 242], "z-last.jsonl": [243]})
    done = build(added, encoder)
    assert (done.added_to, done.articles) == (True, ARTICLES + 4)
    shutil.copytree(added.seeds_folder, anew.seeds_folder)
    assert not build(anew, encoder).added_to
    assert list(answers(added, encoder)) == list(answers(anew, encoder))


def test_after_removing_and_changing_too(added: Settings, anew: Settings, encoder: Encoder) -> None:
    write(added.seeds_folder, {"0.jsonl": list(range(3, 80)), "1.jsonl": [*range(80, 159), 500], "3.jsonl": [501, 2]})
    write(added.seeds_folder, {"2.jsonl": list(range(185, 240))})
    done = build(added, encoder)
    assert done.added_to
    shutil.copytree(added.seeds_folder, anew.seeds_folder)
    build(anew, encoder)
    assert list(answers(added, encoder)) == list(answers(anew, encoder))
    (anew.seeds_folder / "0.jsonl").unlink()
    (added.seeds_folder / "0.jsonl").unlink()
    build(added, encoder)
    build(anew, encoder, full=True)
    assert list(answers(added, encoder)) == list(answers(anew, encoder))


def test_many_small_additions_are_as_good_as_one(added: Settings, anew: Settings, encoder: Encoder) -> None:
    for number in range(300, 312):
        write(added.seeds_folder, {f"{number}.jsonl": [number]})
        assert build(added, encoder).added_to
    shutil.copytree(added.seeds_folder, anew.seeds_folder)
    build(anew, encoder)
    assert list(answers(added, encoder)) == list(answers(anew, encoder))


def test_nothing_but_what_was_added_is_encoded(added: Settings, encoder: Encoder) -> None:
    write(added.seeds_folder, {"new.jsonl": [240]})
    done = build(added, encoder)
    assert (done.passages - done.reused, done.changed) == (1, True)


def test_more_than_the_share_is_built_in_one_go(added: Settings, encoder: Encoder) -> None:
    few = added.model_copy(update={"added_share": 0.05})
    write(added.seeds_folder, {"new.jsonl": list(range(240, 250))})
    assert build(few, encoder).added_to
    write(added.seeds_folder, {"more.jsonl": list(range(250, 270))})
    done = build(few, encoder)
    assert not done.added_to
    assert (opened(few).manifest.added, opened(few).manifest.removed) == (0, 0)


def test_additions_that_pile_up_are_built_in_one_go(added: Settings, encoder: Encoder) -> None:
    few = added.model_copy(update={"added_share": 0.1})
    kinds = []
    for start in (300, 320, 340):
        write(added.seeds_folder, {f"{start}.jsonl": list(range(start, start + 20))})
        kinds.append(build(few, encoder).added_to)
    assert kinds == [True, True, False]


def test_compacting_writes_all_anew_and_encodes_nothing(added: Settings, anew: Settings, encoder: Encoder) -> None:
    write(added.seeds_folder, {"new.jsonl": [240, 241]})
    build(added, encoder)
    before = list(answers(added, encoder))
    done = build(added, encoder, compact=True)
    assert (done.changed, done.added_to, done.passages - done.reused) == (True, False, 0)
    assert opened(added).manifest.added == 0
    assert list(answers(added, encoder)) == before


def test_what_an_unchanged_file_left_out_is_told_again(added: Settings, encoder: Encoder) -> None:
    bad = added.seeds_folder / "bad.jsonl"
    bad.write_text('{"id": "n0", "text": "Another text under an id that is taken."}\n{"id":\n', encoding="utf-8")
    told = [str(item) for item in build(added, encoder).skipped]
    assert len(told) == 2
    assert sorted(map(str, build(added, encoder).skipped)) == sorted(told)
    write(added.seeds_folder, {"new.jsonl": [240]})
    assert sorted(map(str, build(added, encoder).skipped)) == sorted(told)
    write(added.seeds_folder, {"0.jsonl": list(range(1, 80))})
    done = build(added, encoder)
    assert len(done.skipped) == 1
    found = opened(added).store.find_article("n0")
    assert found is not None
    assert found.text.startswith("Another text")


def test_a_changed_limit_has_unchanged_files_read_again(added: Settings, encoder: Encoder) -> None:
    assert not build(added, encoder).changed
    long = added.seeds_folder / "long.txt"
    long.write_text("Words that fill a file. " * 60_000, encoding="utf-8")
    small = added.model_copy(update={"max_file_mb": 1})
    assert [item.path for item in build(small, encoder).skipped] == ["long.txt"]
    long.write_text("Short.", encoding="utf-8")
    assert build(added, encoder).articles == ARTICLES + 1


def test_clustered_vectors_answer_and_are_added_to(added: Settings, encoder: Encoder) -> None:
    clustered = added.model_copy(update={"exact_vectors": 100})
    exact = {question: found(added, encoder, question) for question in QUESTIONS[:10]}
    done = build(clustered, encoder)
    assert (done.changed, done.reused) == (True, done.passages)
    made = opened(clustered).manifest.clusters
    assert made is not None
    assert made.recall >= clustered.least_recall
    assert made.trained_on == done.passages
    same = [len(found(clustered, encoder, question) & exact[question]) for question in QUESTIONS[:10]]
    assert sum(same) >= 0.9 * 10 * DEPTH
    write(added.seeds_folder, {"new.jsonl": [240, 241]})
    (added.seeds_folder / "2.jsonl").write_text(
        "".join(json.dumps(record(n)) + "\n" for n in range(161, 240)), encoding="utf-8"
    )
    again = build(clustered, encoder)
    kept = opened(clustered).manifest.clusters
    assert again.added_to
    assert kept is not None
    assert (kept.trained_on, kept.lists) == (made.trained_on, made.lists)
    assert kept.recall >= clustered.least_recall
    assert len(opened(clustered).vectors) == again.passages
    assert build(added, encoder).reused == again.passages
    assert opened(added).manifest.clusters is None


def found(settings: Settings, encoder: Encoder, question: str) -> set[int]:
    generation = opened(settings)
    keys = set(generation.dense(encoder.encode_questions([question]), DEPTH)[0].tolist())
    generation.close()
    return keys
