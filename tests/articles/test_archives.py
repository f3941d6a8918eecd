"""What is packed: ZIP archives and gzip, honest and hostile."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from made_files import Seeds, make_pdf, make_zip

from qabot.articles.limits import Limits
from qabot.articles.skipped import Skipped


def test_files_in_an_archive_are_read_by_their_kinds(seeds: Seeds) -> None:
    inner = make_zip({"x/c.jsonl": '{"text": "Text c."}\n{"no": 1}'})
    seeds.put(
        "a.zip",
        make_zip({"a.txt": "Text a.", "d/b.md": "# B\nText b.", "in.zip": inner, "r.pdf": make_pdf([["Text r."]])}),
    )
    articles, skipped = seeds.read()
    assert [(article.path, article.text) for article in articles] == [
        ("a.zip/a.txt", "Text a."),
        ("a.zip/d/b.md", "Text b."),
        ("a.zip/in.zip/x/c.jsonl:1", "Text c."),
        ("a.zip/r.pdf", "Text r."),
    ]
    assert skipped == [Skipped("a.zip/in.zip/x/c.jsonl:2", "has no text")]


def test_names_in_an_archive_are_only_names(seeds: Seeds) -> None:
    names = ["../../etc/a.txt", "/abs/b.txt", "new\nline.txt", "C:\\c.txt", "😀.txt", ".hidden.txt", "__MACOSX/x.txt"]
    seeds.put("a.zip", make_zip({name: f"Text {name!r}." for name in names}))
    articles, skipped = seeds.read()
    shown = ["etc/a.txt", "abs/b.txt", "new\\nline.txt", "C:\\\\c.txt", "😀.txt"]
    assert [article.path for article in articles] == [f"a.zip/{name}" for name in shown]
    assert skipped == []
    assert [path.name for path in seeds.folder.iterdir()] == ["a.zip"]


def test_a_name_in_the_code_page_of_an_old_computer_is_read(seeds: Seeds) -> None:
    entry = zipfile.ZipInfo("Новости.txt".encode("cp866").decode("cp437"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(entry, "Text.")
    data = _unmarked(made.getvalue(), entry.filename, "Новости.txt".encode("cp866"))
    assert seeds.one("a.zip", data).path == "a.zip/Новости.txt"


def _unmarked(data: bytes, name: str, raw: bytes) -> bytes:
    """The archive `data` of one stored entry with its name as `raw`, and not marked as UTF-8."""
    utf8 = name.encode()
    local, _, rest = data.partition(utf8)
    content, _, end = rest.partition(b"PK\x01\x02")
    central, _, tail = end.partition(utf8)
    local = local[:6] + b"\0\0" + local[8:26] + len(raw).to_bytes(2, "little") + local[28:]
    central = central[:4] + b"\0\0" + central[6:24] + len(raw).to_bytes(2, "little") + central[26:]
    start = len(local + raw + content)
    size = len(b"PK\x01\x02" + central + raw)
    ending = tail[:12] + size.to_bytes(4, "little") + start.to_bytes(4, "little") + tail[20:]
    return local + raw + content + b"PK\x01\x02" + central + raw + ending


def test_a_bomb_is_one_report(seeds: Seeds) -> None:
    bomb = make_zip({"a.txt": b"0" * 3_000_000})
    assert seeds.refused("a.zip", bomb, Limits(max_unpacked_mb=2)) == "unpacks to 3 MB, more than max_unpacked_mb = 2"


def test_archives_in_an_archive_share_what_may_be_unpacked(seeds: Seeds) -> None:
    inner = make_zip({f"{number}.txt": b"0" * 900_000 for number in range(2)})
    seeds.put("a.zip", make_zip({f"{number}.zip": inner for number in range(4)}))
    articles, skipped = seeds.read(Limits(max_unpacked_mb=4))
    assert len(articles) == 4
    assert {item.path for item in skipped} == {"a.zip/2.zip", "a.zip/3.zip"}


def test_archives_nested_too_deeply_are_reported(seeds: Seeds) -> None:
    packed = make_zip({"a.txt": "Text."})
    for _ in range(5):
        packed = make_zip({"n.zip": packed})
    assert seeds.refused("a.zip", packed) == "is packed more than 3 deep"


def test_what_cannot_be_unpacked_is_reported_and_the_rest_is_read(seeds: Seeds) -> None:
    stored = bytearray(make_zip({"bad.txt": "A text that breaks.", "good.txt": "Text."}, zipfile.ZIP_STORED))
    stored[stored.index(b"breaks")] ^= 0xFF
    locked = bytearray(make_zip({"locked.txt": "Text."}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    seeds.put("a.zip", bytes(stored))
    seeds.put("b.zip", bytes(locked))
    seeds.put("c.zip", made.getvalue())
    [article], skipped = seeds.read()
    assert article.path == "a.zip/good.txt"
    assert [str(item) for item in skipped] == [
        "a.zip/bad.txt: is damaged and cannot be unpacked",
        "b.zip/locked.txt: is encrypted",
        "c.zip/link.txt: is a link",
    ]


@pytest.mark.parametrize("kept", [10, 60, 100])
def test_an_archive_cut_short_is_one_report(seeds: Seeds, kept: int) -> None:
    assert seeds.refused("a.zip", make_zip({"a.txt": "Text of it. " * 50})[:kept]) == "is a damaged ZIP archive"


def test_a_report_of_many_files_stays_a_report(seeds: Seeds) -> None:
    seeds.put("a.zip", make_zip({f"{number}.png": b"" for number in range(3000)}))
    _, skipped = seeds.read()
    assert len(skipped) == 101
    assert skipped[-1] == Skipped("a.zip", "2,900 more left out like those named before")


def test_documents_that_are_archives_within_are_no_archives(seeds: Seeds) -> None:
    sheet = make_zip({"[Content_Types].xml": "<x/>", "xl/a.xml": "<x/>"})
    assert seeds.refused("a.zip", sheet) == "is a document or program of a kind that has no reader"
    (seeds.folder / "a.zip").unlink()
    assert seeds.refused("a.xlsx", sheet) == "no reader for .xlsx"


def test_packed_json_lines_are_read_as_a_stream(seeds: Seeds) -> None:
    records = "".join(json.dumps({"id": str(n), "text": f"{n} " + "word " * 200}) + "\n" for n in range(3000))
    seeds.put("a.jsonl.gz", gzip.compress(records.encode()))
    articles, [] = seeds.read(Limits(max_file_mb=1))
    assert len(articles) == 3000
    assert articles[-1].path == "a.jsonl.gz:3000"


@pytest.mark.parametrize(("name", "text"), [("a.txt.gz", "Text."), ("a.csv.gz", "text\nText.\n"), ("a.md.gz", "Text.")])
def test_other_kinds_may_be_packed_too(seeds: Seeds, name: str, text: str) -> None:
    assert seeds.one(name, gzip.compress(text.encode())).text == "Text."


def test_a_packed_bomb_is_one_report(seeds: Seeds) -> None:
    limits = Limits(max_unpacked_mb=2)
    for name in ("a.txt.gz", "a.jsonl.gz"):
        reason = seeds.refused(name, gzip.compress(b"x" * 5_000_000), limits)
        assert "more than max_unpacked_mb = 2" in reason
        (seeds.folder / name).unlink()


def test_packed_data_that_is_cut_gives_what_stands_before(seeds: Seeds) -> None:
    whole = gzip.compress("".join(json.dumps({"text": f"Text {n}."}) + "\n" for n in range(20_000)).encode())
    seeds.put("a.jsonl.gz", whole[: len(whole) // 2])
    articles, [skipped] = seeds.read()
    assert len(articles) > 5000
    assert str(skipped) == "a.jsonl.gz: is damaged or cut short"
    assert seeds.refused("a.jsonl.gz", b"\x1f\x8bno gzip") == "is damaged or cut short"
    assert seeds.refused("a.jsonl.gz", b"no gzip") == "is damaged gzip data"


def test_a_packed_tar_has_no_reader(seeds: Seeds) -> None:
    assert seeds.refused("a.tar.gz", gzip.compress(b"x" * 600)).startswith("no reader for")
