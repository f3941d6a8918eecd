"""LiveEngine: a new generation takes over by itself, the old one ends its answers, a bad one changes nothing."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qabot.answering.live import LiveEngine
from qabot.bundled import bundled
from qabot.encoders.card import read_card, write_card
from qabot.encoders.encoder import Encoder
from qabot.encoders.onnx import OnnxEncoder
from qabot.errors import DamagedIndexError, DamagedModelError, NoIndexError, StaleIndexError
from qabot.index.building import build
from qabot.index.publishing import CURRENT
from qabot.settings import Settings

NEVER = 3600.0
"""Seconds between two looks where a test looks itself."""


@pytest.fixture
def live(settings: Settings, encoder: Encoder) -> Iterator[LiveEngine]:
    build(settings, encoder)
    with LiveEngine(settings, look_seconds=NEVER) as live:
        yield live


def rebuild(settings: Settings, encoder: Encoder, floors: int = 40) -> Path:
    text = f"The tower in Oral has {floors} floors."
    (settings.seeds_folder / "tower.txt").write_text(text, encoding="utf-8")
    return build(settings, encoder).folder


def quoted(live: LiveEngine) -> str:
    answer = live.ask("How many floors does the tower in Oral have?")
    return answer.quotes[0].text if answer.quotes else ""


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_new_generation_is_served_without_being_asked_for(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    with LiveEngine(settings) as live:
        assert "tower" not in quoted(live)
        folder = rebuild(settings, encoder)
        published = time.monotonic()
        wait_until(lambda: live.generation_id == folder.name)
        assert time.monotonic() - published < 2
        assert quoted(live) == "The tower in Oral has 40 floors."
        assert live.notice is None


def test_a_look_that_finds_nothing_new_opens_nothing(live: LiveEngine) -> None:
    with live.hold() as before:
        assert not live.refresh()
    with live.hold() as after:
        assert after is before


def test_who_holds_the_old_generation_goes_on_with_it_and_it_is_closed_after_the_last(
    live: LiveEngine, settings: Settings, encoder: Encoder
) -> None:
    with live.hold() as first, live.hold() as again:
        old = first.generation
        rebuild(settings, encoder)
        assert live.refresh()
        assert again is first
        assert old.store.counts().articles == 3
        with live.hold() as now:
            assert now.generation.store.counts().articles == 4
    with pytest.raises(DamagedIndexError):
        old.store.counts()


def test_an_answer_can_be_read_after_its_generation_is_closed(
    live: LiveEngine, settings: Settings, encoder: Encoder
) -> None:
    answer = live.ask("How much did the dam cost?")
    rebuild(settings, encoder)
    assert live.refresh()
    assert answer.quotes[0].text == "The dam cost 12 million dollars."
    assert answer.to_dict()["quotes"][0]["paragraph"] == 2


def test_a_damaged_generation_is_told_once_and_the_old_one_serves(
    live: LiveEngine, settings: Settings, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    before = live.generation_id
    folder = rebuild(settings, encoder)
    (folder / "vectors.faiss").write_bytes(b"")
    with caplog.at_level(logging.WARNING, "qabot"):
        assert not live.refresh()
        assert not live.refresh()
    assert live.generation_id == before
    assert f"{folder / 'vectors.faiss'}" in (live.notice or "")
    assert [record.message for record in caplog.records] == [live.notice]
    assert live.ask("How much did the dam cost?").found
    good = rebuild(settings, encoder, floors=41)
    assert live.refresh()
    assert (live.generation_id, live.notice) == (good.name, None)


def test_a_generation_of_other_settings_is_told_and_the_old_one_serves(
    live: LiveEngine, settings: Settings, encoder: Encoder
) -> None:
    before = live.generation_id
    rebuild(settings.model_copy(update={"passage_tokens": 64}), encoder)
    assert not live.refresh()
    assert live.generation_id == before
    assert "64" in (live.notice or "")
    assert f"{before} serves" in (live.notice or "")


def test_an_index_that_vanishes_is_told_and_what_is_open_serves(live: LiveEngine, settings: Settings) -> None:
    (settings.generations_folder / CURRENT).unlink()
    assert not live.refresh()
    assert "CURRENT is missing" in (live.notice or "")
    assert live.ask("How much did the dam cost?").found


def test_going_back_to_an_older_generation_is_followed(live: LiveEngine, settings: Settings, encoder: Encoder) -> None:
    first = live.generation_id
    rebuild(settings, encoder)
    assert live.refresh()
    aside = settings.generations_folder / "new"
    aside.write_text(f"{first}\n", encoding="utf-8")
    aside.replace(settings.generations_folder / CURRENT)
    assert live.refresh()
    assert live.generation_id == first


def test_without_an_index_it_begins_only_where_that_is_allowed(settings: Settings, encoder: Encoder) -> None:
    with pytest.raises(NoIndexError):
        LiveEngine(settings)
    with LiveEngine(settings, allow_empty=True, look_seconds=NEVER) as live:
        assert live.generation_id is None
        assert "qabot index" in (live.notice or "")
        with pytest.raises(NoIndexError):
            live.ask("How much did the dam cost?")
        build(settings, encoder)
        assert live.refresh()
        assert live.notice is None
        assert live.ask("How much did the dam cost?").found


def test_it_does_not_begin_with_an_index_of_other_settings_unless_it_may_be_empty(
    settings: Settings, encoder: Encoder
) -> None:
    build(settings.model_copy(update={"passage_tokens": 64}), encoder)
    with pytest.raises(StaleIndexError):
        LiveEngine(settings)
    with LiveEngine(settings, allow_empty=True, look_seconds=NEVER) as live:
        assert live.generation_id is None
        assert "has passages of 64 word pieces" in (live.notice or "")
        with pytest.raises(NoIndexError, match="has passages of 64 word pieces"):
            live.ask("How much did the dam cost?")
        build(settings, encoder)
        assert live.refresh()
        assert live.notice is None


def test_an_index_of_another_model_serves_with_that_model_until_there_is_one_of_the_set_model(
    settings: Settings, encoder: Encoder, light_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    old = rebuild(settings, light_encoder)
    with caplog.at_level(logging.WARNING, "qabot"), LiveEngine(settings, look_seconds=NEVER) as live:
        until = f"serves with it, until it is built again with '{encoder.name}', as set now: qabot index"
        said = f"The index was made by the model '{light_encoder.name}' and {until}"
        assert said in (live.notice or "")
        assert [record.message for record in caplog.records] == [live.notice]
        assert quoted(live) == "The tower in Oral has 40 floors."
        new = rebuild(settings, encoder, floors=41)
        assert live.refresh()
        assert (live.generation_id, live.notice) == (new.name, None)
        assert quoted(live) == "The tower in Oral has 41 floors."
        # And back, as after somebody has changed CURRENT by hand.
        aside = settings.generations_folder / "new"
        aside.write_text(f"{old.name}\n", encoding="utf-8")
        aside.replace(settings.generations_folder / CURRENT)
        assert live.refresh()
        assert said in (live.notice or "")
        assert quoted(live) == "The tower in Oral has 40 floors."


def test_an_index_of_a_model_that_is_not_here_any_more_is_refused_with_both_ways_out(
    settings: Settings, light_encoder: Encoder, tmp_path: Path
) -> None:
    mine = tmp_path / "embeddings/models/mine"
    shutil.copytree(bundled(f"models/{light_encoder.name}"), mine)
    card = read_card(mine)
    write_card(replace(card, name="mine", query_prefix="q: "), mine)
    build(settings, OnnxEncoder(mine))
    shutil.rmtree(mine)
    with pytest.raises(StaleIndexError, match=r"Build it again: qabot index, or keep it: set model = .mine. in"):
        LiveEngine(settings)


def test_it_does_not_begin_with_a_damaged_reader_even_if_that_is_rarely_needed(
    settings: Settings, encoder: Encoder
) -> None:
    build(settings, encoder)
    own = settings.models_folder / "reader-kk-ru-en"
    shutil.copytree(bundled("models/reader-kk-ru-en"), own)
    (own / "model.onnx").write_bytes(b"")
    with pytest.raises(DamagedModelError, match=r'is not the file .* do without: reader = "none"'):
        LiveEngine(settings)


def test_closing_waits_for_nobody_and_takes_nothing_from_those_who_ask(settings: Settings, encoder: Encoder) -> None:
    build(settings, encoder)
    live = LiveEngine(settings)
    with live.hold() as engine:
        live.close()
        assert engine.ask("How much did the dam cost?").found
    with pytest.raises(RuntimeError, match="closed"):
        live.ask("How much did the dam cost?")
    assert not [thread for thread in threading.enumerate() if thread.name == "qabot-live"]


def test_threads_that_ask_while_generations_change_get_whole_answers(settings: Settings, encoder: Encoder) -> None:
    rebuild(settings, encoder, floors=1)
    failures: list[object] = []
    stop = threading.Event()

    def ask(live: LiveEngine) -> None:
        while not stop.is_set():
            try:
                answer = live.ask("How many floors does the tower in Oral have?")
                number = int(answer.reach.generation.partition("-")[0])
                if answer.quotes[0].text != f"The tower in Oral has {number} floors.":
                    failures.append((answer.reach.generation, answer.quotes[0].text))
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
                failures.append(error)

    with LiveEngine(settings, look_seconds=0.01) as live:
        threads = [threading.Thread(target=ask, args=(live,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for floors in range(2, 12):
            rebuild(settings.model_copy(update={"keep_generations": 1}), encoder, floors)
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
