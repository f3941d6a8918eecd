"""Adding pages and files: what is saved, what is there already, what is refused; nothing half written is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from loopback import Site, page, response
from made_files import make_pdf

from qabot.articles.article import Article
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.errors import FetchError, ForbiddenAddressError, SeedsError, WriteError
from qabot.gathering.adding import add_file, add_url
from qabot.gathering.fetching import Fetcher
from qabot.settings import Settings


def seeds(settings: Settings) -> list[Article]:
    items = read_folder(settings.seeds_folder, Limits.of(settings))
    return [item for item in items if isinstance(item, Article)]


def files(settings: Settings) -> list[Path]:
    """All files in the seeds folder, hidden ones too."""
    return sorted(path for path in settings.seeds_folder.rglob("*") if path.is_file())


def test_a_page_becomes_an_article_with_its_address(site: Site, house: Settings) -> None:
    site.routes["/news/dam.html"] = response(page())
    added = add_url(f"{site.url}/news/dam.html", house)
    assert (added.title, added.source, added.articles, added.outcome) == ("Almaty opens a dam", "Kazinform", 1, "new")
    assert added.published is not None
    assert f"{added.published:%Y-%m-%d}" == "2023-07-04"
    assert added.path.parent == house.seeds_folder / "added/127.0.0.1"
    assert added.path.name.startswith("2023-07-04-almaty-opens-a-dam-")
    [article] = seeds(house)
    assert article.url == f"{site.url}/news/dam.html"
    assert "The dam near Almaty cost 12 million dollars." in article.text
    assert "Contact" not in article.text
    assert files(house) == [added.path]


def test_a_pdf_is_known_by_its_content_whatever_the_server_calls_it(site: Site, house: Settings) -> None:
    for at, kind in enumerate(("text/html", "text/plain", "application/octet-stream")):
        site.routes[f"/{at}"] = response(make_pdf([[f"The dam number {at} was opened."]]), kind=kind)
        add_url(f"{site.url}/{at}", house)
    assert {article.text for article in seeds(house)} == {f"The dam number {at} was opened." for at in range(3)}


def test_the_same_page_again_is_replaced_only_if_its_text_has_changed(site: Site, house: Settings) -> None:
    site.routes["/dam"] = response(page())
    first = add_url(f"{site.url}/dam", house)
    stamp = first.path.stat().st_mtime_ns, first.path.stat().st_ino
    again = add_url(f"{site.url}/dam", house)
    assert again.outcome == "already"
    assert again.already
    assert (again.path.stat().st_mtime_ns, again.path.stat().st_ino) == stamp
    site.routes["/dam"] = response(page("Almaty opens its dam", "The dam near Almaty cost 14 million dollars."))
    changed = add_url(f"{site.url}/dam", house)
    assert changed.outcome == "changed"
    assert files(house) == [changed.path]
    assert "14 million" in seeds(house)[0].text


def test_a_text_is_saved_once_whatever_its_address(site: Site, house: Settings) -> None:
    site.routes |= {"/a": response(page()), "/b": response(page())}
    first = add_url(f"{site.url}/a", house)
    second = add_url(f"{site.url}/b", house)
    assert second.already
    assert second.path == first.path
    assert second.note == f"the same text as {site.url}/a"
    assert len(files(house)) == 1


def test_a_file_that_a_person_has_edited_stays(site: Site, house: Settings) -> None:
    site.routes["/a"] = response(page())
    path = add_url(f"{site.url}/a", house).path
    edited = path.read_text("utf-8").replace("12 million", "13 million")
    path.write_text(edited, "utf-8")
    again = add_url(f"{site.url}/a", house)
    assert again.already
    assert "edited by hand" in again.note
    assert path.read_text("utf-8") == edited


def test_two_files_of_a_page_that_a_killed_process_left_become_one(site: Site, house: Settings) -> None:
    site.routes["/a"] = response(page())
    old = add_url(f"{site.url}/a", house).path
    kept = old.read_bytes()
    site.routes["/a"] = response(page(text="The dam near Almaty cost 14 million dollars."))
    new = add_url(f"{site.url}/a", house).path
    old.write_bytes(kept)
    assert add_url(f"{site.url}/a", house).path == new
    assert files(house) == [new]


def test_the_address_is_where_the_page_was_found_whatever_it_says(site: Site, house: Settings) -> None:
    body = page().replace(b"<head>", b'<head><link rel="canonical" href="https://kazinform.example/dam">')
    site.routes |= {"/short": response(status="301 Moved", Location="/dam"), "/dam": response(body)}
    add_url(f"{site.url}/short", house)
    assert seeds(house)[0].url == f"{site.url}/dam"


DAM = "Плотина стоила двенадцать миллионов."
RUSSIAN = page("Плотина", DAM).decode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=windows-1251", RUSSIAN.encode("cp1251")),
        ("text/html", RUSSIAN.encode()),
        ("text/html; charset=utf-8", b"\xff\xfe" + RUSSIAN.encode("utf-16-le")),
        ("text/html; charset=nonsense", RUSSIAN.encode()),
        ("text/plain; charset=koi8-r", DAM.encode("koi8-r")),
        ("text/plain; charset=zip", DAM.encode()),
        ("application/octet-stream", RUSSIAN.encode()),
    ],
)
def test_pages_in_other_encodings_are_read(site: Site, house: Settings, kind: str, body: bytes) -> None:
    site.routes["/a"] = response(body, kind=kind)
    add_url(f"{site.url}/a", house)
    assert DAM in seeds(house)[0].text


def document(text: str) -> bytes:
    import docx  # noqa: PLC0415 - slow to load

    made = docx.Document()
    made.add_paragraph(text)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_documents_at_an_address_are_read_by_their_type_or_name(site: Site, house: Settings) -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    body = document("The lighthouse of Aktau was painted red in May.")
    site.routes |= {"/get?id=1": response(body, kind=word), "/b.docx": response(body, kind="application/octet-stream")}
    add_url(f"{site.url}/get?id=1", house)
    assert add_url(f"{site.url}/b.docx", house).already
    assert "lighthouse of Aktau" in seeds(house)[0].text


def test_a_file_of_many_articles_at_an_address_is_kept_as_it_is(site: Site, house: Settings) -> None:
    lines = b"".join(json.dumps({"title": f"T{n}", "text": f"Text number {n}."}).encode() + b"\n" for n in range(3))
    site.routes["/../x/news.jsonl"] = site.routes["/x/news.jsonl"] = response(lines, kind="text/plain")
    added = add_url(f"{site.url}/x/news.jsonl", house)
    assert added.articles == 3
    assert added.path == house.seeds_folder / "added/127.0.0.1/news.jsonl"
    assert added.path.read_bytes() == lines


@pytest.mark.parametrize(
    "answer",
    [
        response(b"<html><body></body></html>"),
        response(b""),
        response(b"\x89PNG\r\n" + b"\0" * 100, kind="image/png"),
        response(b"%PDF-1.7 garbage", kind="application/pdf"),
        response(b"PK\x03\x04garbage", kind="application/zip"),
        response(b"\0\1\2\3" * 100, kind="application/octet-stream"),
        response(b"<div>" * 100_000),
        response(b"{", kind="application/json"),
    ],
)
def test_what_holds_no_article_is_one_line_and_leaves_nothing(site: Site, house: Settings, answer: bytes) -> None:
    site.routes["/a"] = answer
    with pytest.raises(FetchError) as caught:
        add_url(f"{site.url}/a", house)
    assert site.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert files(house) == []


def test_private_pages_and_robots_txt_are_respected(site: Site, house: Settings) -> None:
    site.routes["/a"] = response(page())
    with pytest.raises(ForbiddenAddressError):
        add_url(f"{site.url}/a", house.model_copy(update={"private_addresses": False}))
    site.robots = response(b"User-agent: *\nDisallow: /", kind="text/plain")
    with pytest.raises(ForbiddenAddressError, match=r"robots\.txt"):
        add_url(f"{site.url}/a", house)
    assert add_url(f"{site.url}/a", house, ignore_robots=True).outcome == "new"


@pytest.mark.parametrize("host", ["a" * 63 + ".example", "xn--e1afmkfd.example", "con.example", "example"])
def test_any_host_makes_a_folder_under_added(site: Site, house: Settings, host: str) -> None:
    def resolving(name: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    site.routes["/%2e%2e/%2e%2e/x"] = site.routes["/x"] = site.routes["/../../x"] = response(page())
    added = add_url(f"http://{host}:{site.port}/../../x", house, fetcher=Fetcher(house, resolving=resolving))
    assert added.path.parent.parent == house.seeds_folder / "added"


def test_a_file_is_copied_and_the_same_again_is_not(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "dam.txt"
    path.write_text("The dam near Almaty cost 12 million dollars.")
    added = add_file(path, house)
    assert (added.outcome, added.path, added.articles) == ("new", house.seeds_folder / "added/dam.txt", 1)
    assert added.path.read_bytes() == path.read_bytes()
    assert add_file(path, house).already
    assert add_file(added.path, house).already
    path.write_text("The dam near Almaty cost 14 million dollars.")
    other = add_file(path, house)
    assert other.outcome == "new"
    assert other.path != added.path
    assert "another dam.txt" in other.note
    assert add_file(path, house).path == other.path
    assert len(files(house)) == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../evil.txt", "evil.txt"),
        ("C:\\users\\evil.txt", "evil.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\n\x1b[31m\u202eb.txt", "a [31m b.txt"),
        ("Ж" * 300 + ".txt", "Ж" * 98 + ".txt"),
        ("🎉 новости.txt", "🎉 новости.txt"),
    ],
)
def test_the_name_of_an_upload_never_leads_out_of_the_folder(
    house: Settings, tmp_path: Path, name: str, kept: str
) -> None:
    upload = tmp_path / "upload.bin"
    upload.write_text("The dam near Almaty cost 12 million dollars.")
    assert add_file(upload, house, name=name).path == house.seeds_folder / "added" / kept


@pytest.mark.parametrize("name", ["", "..", "/", "...", "picture.png", "noending"])
def test_an_upload_without_a_usable_name_is_refused(house: Settings, tmp_path: Path, name: str) -> None:
    upload = tmp_path / "upload.bin"
    upload.write_text("The dam near Almaty cost 12 million dollars.")
    with pytest.raises(SeedsError):
        add_file(upload, house, name=name)
    assert files(house) == []


def test_what_is_no_readable_file_is_refused_in_words(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\0\1" * 1000)
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("empty.txt", "binary.txt", "loop.txt", "pipe.txt", "missing.txt", "\0.txt", "x" * 300 + ".txt"):
        with pytest.raises(SeedsError) as caught:
            add_file(tmp_path / name, house)
        assert str(caught.value)
    (tmp_path / "many").mkdir()
    with pytest.raises(SeedsError, match=r"is a folder.*cp -r"):
        add_file(tmp_path / "many", house)
    assert files(house) == []


def test_a_bomb_is_refused_and_leaves_nothing(house: Settings, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"words " * 2_000_000)
    with pytest.raises(SeedsError):
        add_file(tmp_path / "bomb.zip", house.model_copy(update={"max_unpacked_mb": 2}))
    assert files(house) == []


def test_a_link_in_place_of_the_target_is_not_followed(house: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Do not overwrite me.")
    (house.seeds_folder / "added").mkdir()
    (house.seeds_folder / "added/dam.txt").symlink_to(secret)
    (tmp_path / "dam.txt").write_text("The dam near Almaty cost 12 million dollars.")
    added = add_file(tmp_path / "dam.txt", house)
    assert secret.read_text() == "Do not overwrite me."
    assert added.path.name.startswith("dam-")


def test_a_link_out_of_the_seeds_folder_is_not_written_behind(site: Site, house: Settings, tmp_path: Path) -> None:
    site.routes["/a"] = response(page())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (house.seeds_folder / "added").mkdir()
    (house.seeds_folder / "added/127.0.0.1").symlink_to(elsewhere)
    with pytest.raises(WriteError, match="is a link"):
        add_url(f"{site.url}/a", house)
    (house.seeds_folder / "added/127.0.0.1").unlink()
    (house.seeds_folder / "added").rmdir()
    (house.seeds_folder / "added").symlink_to(elsewhere)
    with pytest.raises(WriteError, match="is a link"):
        add_file(Path(__file__), house, name="a.txt")
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_line(site: Site, house: Settings) -> None:
    site.routes["/a"] = response(page())
    (house.seeds_folder / "added").write_text("in the way")
    with pytest.raises(WriteError, match="cannot be written"):
        add_url(f"{site.url}/a", house)
    with pytest.raises(WriteError):
        add_file(Path(__file__), house, name="a.txt")


_ADDING = """
import sys
from pathlib import Path
from qabot.gathering.adding import add_file
from qabot.settings import load_settings
settings = load_settings(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10_000):
    Path(sys.argv[2]).write_text(f"Text number {number} of this process.")
    add_file(Path(sys.argv[2]), settings, name=f"{number}.txt")
"""


def test_a_killed_process_leaves_whole_files_only(house: Settings, tmp_path: Path) -> None:
    for delay in (0.5, 0.9, 1.3):
        with subprocess.Popen(
            [sys.executable, "-c", _ADDING, str(house.home), str(tmp_path / "source.txt")], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
    for path in (house.seeds_folder / "added").glob("*.txt"):
        assert path.read_text().endswith("of this process.")
