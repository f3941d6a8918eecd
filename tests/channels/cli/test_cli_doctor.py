"""`qabot doctor`, `gc`, `compact`, `export`, `import`, and what status and ask say of a damaged index."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Ran, Run, write_seeds


@pytest.fixture
def house(run: Run, tmp_path: Path) -> Path:
    """A home folder with two generations."""
    write_seeds(tmp_path)
    assert run("index", at=tmp_path).code == 0
    (tmp_path / "seeds" / "new.txt").write_text("A museum of clocks opened in Oral.", encoding="utf-8")
    assert run("index", at=tmp_path).code == 0
    return tmp_path


def generations(house: Path) -> list[Path]:
    return sorted((house / "embeddings/generations").glob("0*"))


def problems(ran: Ran) -> dict[str, str]:
    rows = [line.split(maxsplit=2) for line in ran.out.splitlines()[1:]]
    return {what: found for what, state, found in rows if state == "problem"}


def test_a_healthy_house_has_no_problem(run: Run, house: Path) -> None:
    ran = run("doctor", at=house)
    assert (ran.code, problems(ran)) == (0, {})
    names = [line.split()[0] for line in ran.out.splitlines()[1:]]
    assert {
        "settings",
        "model",
        "reader",
        "files",
        "articles",
        "passages",
        "vectors",
        "terms",
        "disk",
        "builds",
    } <= set(names)
    told = run("doctor", "--json", at=house).json
    assert [item["name"] for item in told] == names


def test_the_doctor_names_each_problem_and_what_mends_it(run: Run, house: Path) -> None:
    first, second = generations(house)
    (second / "vectors.faiss").write_bytes(b"")
    (house / "embeddings/generations/.building-000009-20260101T0000Z").mkdir()
    ran = run("doctor", at=house)
    assert ran.code == 1
    found = problems(ran)
    assert set(found) == {"files", "builds"}
    assert f"{second}/vectors.faiss has 0 bytes" in found["files"]
    assert f"{first.name}, the last good one, serves. Build a new one: qabot index" in found["files"]
    assert found["builds"].endswith("qabot gc")
    assert run("gc", at=house).code == run("index", at=house).code == 0
    assert run("gc", "--keep", "1", at=house).code == 0
    assert run("doctor", at=house).code == 0


def test_the_doctor_sees_that_there_is_nothing_yet_or_no_model(run: Run, tmp_path: Path) -> None:
    ran = run("doctor", "--model", "none", at=tmp_path)
    assert ran.code == 1
    assert set(problems(ran)) == {"seeds", "model", "index"}
    assert "qabot index" in problems(ran)["index"]


def test_the_doctor_changes_nothing(run: Run, house: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in house.rglob("*") if path.suffix != ".lock"}
    run("doctor", at=house)
    after = {path: path.stat().st_mtime_ns for path in house.rglob("*") if path.suffix != ".lock"}
    # tantivy makes its lock files anew where it reads.
    assert {path for path in before if path.is_file()} == {path for path in after if path.is_file()}
    assert all(before[path] == after[path] for path in before if path.is_file())


def test_status_and_ask_say_that_the_last_good_generation_serves(run: Run, house: Path) -> None:
    first, second = generations(house)
    (second / "articles.sqlite").write_bytes(b"")
    ran = run("status", at=house)
    rows = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
    assert rows["Index"].startswith(first.name)
    assert f"{second}/articles.sqlite has 0 bytes" in rows["Notice"]
    assert f"{first.name}, the last good one, serves" in run("status", "--json", at=house).json["notice"]
    ran = run("ask", DAM_QUESTION, at=house)
    assert ran.code == 0
    assert DAM_SENTENCE in ran.out
    assert ran.err.startswith("Notice: ")
    assert ran.err.count("\n") == 1
    assert run("index", at=house).code == 0
    assert run("ask", DAM_QUESTION, at=house).err == ""
    assert run("status", "--json", at=house).json["notice"] is None


def test_old_generations_go_on_demand(run: Run, house: Path) -> None:
    ran = run("gc", at=house)
    assert (ran.code, ran.out) == (0, "0 generations removed, 0 bytes freed\n")
    ran = run("gc", "--keep", "1", at=house)
    assert ran.out.startswith("1 generation removed, ")
    assert len(generations(house)) == 1
    assert run("gc", "--json", at=house).json["removed"] == []
    assert run("gc", at=house / "seeds").code == 2


def test_compact_builds_anew_and_reuses_the_vectors(run: Run, house: Path) -> None:
    ran = run("compact", at=house)
    assert ran.code == 0
    assert "(5 reused)" in ran.out
    assert len(generations(house)) == 3


def test_an_exported_index_answers_on_another_machine(run: Run, house: Path, tmp_path: Path) -> None:
    archive = tmp_path / "news.tar.zst"
    ran = run("export", str(archive), at=house)
    assert ran.code == 0
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert f"SHA-256 {digest}" in ran.out
    again = run("export", str(archive), at=house)
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "--force" in again.err
    other = tmp_path / "other"
    other.mkdir()
    wrong = run("import", "--sha256", "0" * 64, str(archive), at=other)
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    ran = run("import", "--sha256", digest, str(archive), at=other)
    assert ran.code == 0
    assert "model e5-small-kk-ru-en" in ran.out
    assert DAM_SENTENCE in run("ask", DAM_QUESTION, at=other).out
    assert run("doctor", "--json", at=other).code == 1  # it has no seeds
    cut = tmp_path / "cut.tar.zst"
    cut.write_bytes(archive.read_bytes()[:-100])
    ran = run("import", str(cut), at=other)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "no whole archive" in ran.err


def test_the_doctor_sees_that_there_is_no_such_reader_and_takes_none_for_well(
    run: Run, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QABOT_READER", "raeder")
    ran = run("doctor", at=house)
    assert ran.code == 1
    assert problems(ran).keys() == {"reader"}
    assert problems(ran)["reader"].startswith("There is no reader 'raeder'. Did you mean 'reader'?")
    monkeypatch.setenv("QABOT_READER", "none")
    assert run("doctor", at=house).code == 0
