"""The seeds folder: every file is read or reported, and nothing in it can stop the reading."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from qabot.articles import walk as walking
from qabot.articles.article import Article
from qabot.articles.folder import FileDone, read_folder
from qabot.articles.limits import Limits
from qabot.articles.skipped import Skipped
from qabot.articles.stamp import Stamp
from qabot.errors import SeedsError


def put(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        write(folder / name.replace("__", "/").replace("_", "."), content)


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def read(folder: Path, max_file_mb: int = 1) -> tuple[list[Article], list[Skipped]]:
    items = list(read_folder(folder, Limits(max_file_mb=max_file_mb)))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, Skipped)]


def test_files_are_read_in_one_order_in_any_subfolder(tmp_path: Path) -> None:
    put(tmp_path, b_txt="Text b.", a__z_txt="Text z.", a__y_md="# T\nText y.", c_jsonl='{"id": "j", "text": "Text j."}')
    articles, skipped = read(tmp_path)
    assert [article.id for article in articles] == ["a/y.md", "a/z", "b", "j"]
    assert [article.path for article in articles] == ["a/y.md", "a/z.txt", "b.txt", "c.jsonl:1"]
    assert skipped == []


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / ".git" / "a.txt", "Text.")
    write(tmp_path / ".DS_Store", b"\x00")
    assert read(tmp_path) == ([], [])


def test_every_file_that_is_not_read_is_named_with_its_reason(tmp_path: Path) -> None:
    put(tmp_path, a_txt="", b_txt=b"\x00\x01\x02", c_png=b"\x89PNG\r\n\x1a\n", d_TXT="Text.", noext="Text.")
    write(tmp_path / "big.txt", b"x" * 1_500_000)
    write(tmp_path / "n.jsonl", '{"text": "Text n."}\n{"no": 1}\n')
    articles, skipped = read(tmp_path)
    assert len(articles) == 2
    assert [str(item) for item in skipped] == [
        "a.txt: is empty",
        "b.txt: is binary data, not text",
        "big.txt: has 1.5 MB, more than max_file_mb = 1",
        "c.png: no reader for .png",
        "n.jsonl:2: has no text",
        "noext: no reader for a file without suffix",
    ]
    assert not any(item.harmless for item in skipped)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    _, [skipped] = read(tmp_path, max_file_mb=100)
    assert skipped.reason == "has 200.0 MB, more than max_file_mb = 100"


def test_a_large_jsonl_file_is_read_since_it_is_streamed(tmp_path: Path) -> None:
    records = (json.dumps({"id": str(n), "text": f"{n} " + "word " * 2000}) for n in range(150))
    write(tmp_path / "a.jsonl", "\n".join(records))
    assert len(read(tmp_path)[0]) == 150


def test_two_articles_with_one_id_are_both_given_for_the_index_to_choose(tmp_path: Path) -> None:
    put(tmp_path, a_txt="---\nid: x\n---\nOne.", b_txt="---\nid: x\n---\nTwo.")
    articles, skipped = read(tmp_path)
    assert [(article.id, article.text) for article in articles] == [("x", "One."), ("x", "Two.")]
    assert skipped == []


def test_one_text_under_two_ids_is_two_articles(tmp_path: Path) -> None:
    put(tmp_path, a_txt="One text.", b_txt="One text.")
    articles, skipped = read(tmp_path)
    assert [article.id for article in articles] == ["a", "b"]
    assert skipped == []


def test_an_id_does_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    put(tmp_path, a_txt="Plain.")
    alone = read(tmp_path)[0][0].id
    put(tmp_path, a_md="Marked.", a_md_txt="Both.")
    assert {article.path: article.id for article in read(tmp_path)[0]} == {
        "a.md": "a.md",
        "a.md.txt": "a.md.txt",
        "a.txt": alone,
    }


def test_links_are_not_followed(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    put(seeds, a_txt="Text.", sub__b_txt="Text b.")
    write(tmp_path / "outside.txt", "Secret.")
    (seeds / "out.txt").symlink_to(tmp_path / "outside.txt")
    (seeds / "up").symlink_to(tmp_path)
    (seeds / "sub" / "loop").symlink_to(seeds)
    (seeds / "inside.txt").symlink_to("sub/b.txt")
    (seeds / "gone.txt").symlink_to("nowhere.txt")
    (seeds / "self.txt").symlink_to("self.txt")
    articles, skipped = read(seeds)
    assert [article.text for article in articles] == ["Text.", "Text b."]
    assert {item.path: (item.reason, item.harmless) for item in skipped} == {
        "gone.txt": ("is a link to nothing", False),
        "inside.txt": ("is a link to sub/b.txt, which is read in its own place", True),
        "out.txt": ("is a link that leads out of the seeds folder", False),
        "self.txt": ("is a link that cannot be followed", False),
        "sub/loop": ("is a link to ., which is read in its own place", True),
        "up": ("is a link that leads out of the seeds folder", False),
    }


def test_the_seeds_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", a_txt="Text.")
    (tmp_path / "seeds").symlink_to(tmp_path / "real")
    assert [article.id for article in read(tmp_path / "seeds")[0]] == ["a"]


def test_pipes_and_sockets_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fspath(tmp_path / "s.txt"))
        articles, skipped = read(tmp_path)
    assert articles == []
    assert {item.reason for item in skipped} == {"is no file or folder but a pipe, socket or device"}


def test_a_pipe_that_took_a_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SeedsError, match="no regular file"):
        walking.open_file(tmp_path / "a.txt")


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_names_that_are_not_text_are_shown_on_one_line(tmp_path: Path) -> None:
    names = [b"caf\xe9.txt", b"two\nlines.txt", "смайл 😀.txt".encode(), b"n" * 251 + b".txt"]
    for name in names:
        write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)), b"Text.")
    articles, skipped = read(tmp_path)
    assert skipped == []
    assert {article.path for article in articles} >= {"caf\\xe9.txt", "two\\nlines.txt", "смайл 😀.txt"}
    assert len({article.id for article in articles}) == 4
    assert all(article.id.isprintable() and len(article.id) <= 200 for article in articles)


def test_a_file_without_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a_txt="Text a.", b_txt="Text b.")
    refuse(monkeypatch, "open", PermissionError(13, "Permission denied"), "a.txt")
    [article], [skipped] = read(tmp_path)
    assert article.id == "b"
    assert skipped == Skipped("a.txt", "cannot be read: permission denied")


def test_a_folder_without_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a__x_txt="Text.", b_txt="Text b.")
    refuse(monkeypatch, "listdir", PermissionError(13, "Permission denied"), "a")
    [article], [skipped] = read(tmp_path)
    assert article.id == "b"
    assert skipped == Skipped("a", "cannot be read: permission denied")


def test_a_file_that_vanishes_is_reported(tmp_path: Path) -> None:
    put(tmp_path, a_txt="Text a.", b_txt="Text b.", c_txt="Text c.")
    items = read_folder(tmp_path, Limits())
    assert isinstance(next(items), Article)
    assert isinstance(next(items), FileDone)
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt").unlink()
    (tmp_path / "c.txt").symlink_to(tmp_path / "a.txt")
    assert next(items) == Skipped("b.txt", "vanished while the folder was read")
    assert next(items) == FileDone("b.txt", None)
    assert next(items) == Skipped("c.txt", "became a link while the folder was read")


def test_a_disk_error_in_the_middle_of_a_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a_txt="Text a.", b_txt="Text b.")

    def broken(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("qabot.articles.plain_text._read_bytes", broken)
    articles, skipped = read(tmp_path)
    assert articles == []
    assert [item.reason for item in skipped] == ["cannot be read: Input/output error"] * 2


def test_a_single_file_may_be_named(tmp_path: Path) -> None:
    put(tmp_path, a_txt="Text a.", b_txt="Text b.")
    [article], _ = read(tmp_path / "b.txt")
    assert article.id == "b"


def test_an_empty_folder_yields_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], [])


def test_a_missing_folder_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SeedsError, match=r"There is no seeds folder .*qabot init"):
        read_folder(tmp_path / "none", Limits())


def test_a_pipe_or_a_bad_name_is_no_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SeedsError, match="is no folder"):
        read_folder(tmp_path / "pipe", Limits())
    with pytest.raises(SeedsError, match="cannot be read"):
        read_folder(Path("bad\0name"), Limits())


def test_a_folder_that_may_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "scandir", PermissionError(13, "Permission denied"), tmp_path.name)
    with pytest.raises(SeedsError, match=r"Permission denied.*--seeds FOLDER"):
        read_folder(tmp_path, Limits())


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    put(tmp_path, a_txt="Text a.", b_html="<html><body><p>Text of a page.</p></body></html>", c_png=b"\x89PNG")
    first = [item for item in read_folder(tmp_path, Limits()) if isinstance(item, FileDone)]
    assert [item.path for item in first] == ["a.txt", "b.html", "c.png"]
    known = {item.path: item.stamp for item in first if item.stamp}
    assert list(read_folder(tmp_path, Limits(), known=known)) == [
        FileDone(path, stamp, unchanged=True) for path, stamp in known.items()
    ]


def test_any_change_of_a_file_is_seen(tmp_path: Path) -> None:
    put(tmp_path, a_txt="Text a.")
    seen: dict[str, Stamp] = {}
    for change in ("Text b.", "Text c.", "Text d."):
        for item in read_folder(tmp_path, Limits(), known=seen):
            assert not isinstance(item, FileDone) or not item.unchanged
            if isinstance(item, FileDone) and item.stamp:
                seen = {item.path: item.stamp}
        status = (tmp_path / "a.txt").stat()
        put(tmp_path, a_txt=change)  # at once, as long as before, and with the time set back
        os.utime(tmp_path / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_file_that_changes_while_it_is_read_has_no_stamp(tmp_path: Path) -> None:
    put(tmp_path, a_jsonl='{"text": "One."}\n{"text": "Two."}\n')
    items = read_folder(tmp_path, Limits())
    assert isinstance(next(items), Article)
    put(tmp_path, a_jsonl='{"text": "Another."}\n')
    assert [item for item in items if isinstance(item, FileDone)] == [FileDone("a.jsonl", None)]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_two_names_are_never_shown_as_one(tmp_path: Path) -> None:
    for name in (b"a\xe9.txt", b"a\\xe9.txt", b"a\\\\xe9.txt"):
        write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)), b"Text.")
    paths = [item.path for item in read_folder(tmp_path, Limits()) if isinstance(item, FileDone)]
    assert len(set(paths)) == 3


def test_folders_nested_deeply_are_read(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    write(deep / "a.txt", "Text.")
    assert len(read(tmp_path)[0]) == 1


def refuse(monkeypatch: pytest.MonkeyPatch, function: str, error: OSError, name: str) -> None:
    """Makes os.`function` fail for the file or folder `name`: permissions do not bind every user who runs tests."""
    real = getattr(os, function)

    def guarded(path: Any, *args: Any, **kwargs: Any) -> Any:
        if Path(path).name == name:
            raise error
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, function, guarded)
