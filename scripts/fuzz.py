"""Fuzzes one kind of input for a number of seconds. See scripts/fuzz."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris

INSTRUMENTED = ["qabot", "email", "trafilatura"]

with atheris.instrument_imports(include=INSTRUMENTED):
    from qabot.articles.article import Article
    from qabot.articles.limits import Budget, Limits
    from qabot.articles.readers import Kind, guarded, reader_of
    from qabot.errors import QabotError
    from qabot.index.manifest import parse_manifest

LIMITS = Limits(max_file_mb=1, max_unpacked_mb=1, max_pages=10, max_read_seconds=10)
LONGEST = 4096

BEGINNINGS = {
    "text": b"ASTANA. KAZINFORM - July 4, 2023. A dam was opened.\n\nIt cost 12 million.",
    "markdown": b"---\ntitle: A dam\npublished: 2023-07-04\nsource: Kazinform\n---\n# A dam\n\nIt was opened.",
    "jsonl": b'{"title": "A dam", "published": "2023-07-04", "text": "It was opened."}\n{"text": 3}\n',
    "json": b'[{"title": "A dam", "text": "It was opened.", "date": 1688428800}]',
    "csv": b'title,date,text\n"A ""dam""",2023-07-04,"It was\nopened."\n',
    "html": b"<!doctype html><html lang=en><head><meta charset=utf-8><title>A dam</title></head><body><article><p>"
    + b"The city opened a dam on Monday, and it cost twelve million dollars. " * 6
    + b"</p></article></body></html>",
    "eml": b"From: a@b.example\r\nSubject: =?utf-8?q?A_dam?=\r\nDate: Tue, 4 Jul 2023 10:00:00 +0000\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"
    b"The dam was opened.\r\n--x--\r\n",
    "manifest": b'{"schema_version": 3, "generation": "000001-20260704T1015Z", "files": {"a.sqlite": {"size": 1}}}',
}


def main(kind: str, seconds: int) -> None:
    corpus = Path(tempfile.mkdtemp(prefix=f"qabot-fuzz-{kind}-"))
    (corpus / "beginning").write_bytes(BEGINNINGS[kind])
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20", "-print_final_stats=1"]
    print(f"{kind}: {seconds} s; inputs that reached new code, and one that failed, are in {corpus}", flush=True)
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={corpus}/failed-", str(corpus)],
        _manifest if kind == "manifest" else _reading(kind),  # type: ignore[arg-type]
    )
    atheris.Fuzz()


def _reading(kind: Kind) -> Callable[[bytes], None]:
    with atheris.instrument_imports(include=INSTRUMENTED):
        reader = reader_of(kind)
        list(guarded(reader(io.BytesIO(BEGINNINGS[kind]), "beginning", Budget(LIMITS))))  # imports what it needs

    def read(data: bytes) -> None:
        with suppress(QabotError):
            for item in guarded(reader(io.BytesIO(data), "fuzzed", Budget(LIMITS))):
                if isinstance(item, Article) and not any(ch.isalnum() for ch in item.text):
                    raise AssertionError("an article without text")

    return read


def _manifest(data: bytes) -> None:
    with suppress(QabotError):
        parse_manifest(data.decode("utf-8", "replace"), Path("manifest.json"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
