"""Files of every kind as bytes, and a folder of seeds to put them in and read them from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qabot.articles.article import Article
from qabot.articles.folder import FileDone, read_folder
from qabot.articles.limits import Limits
from qabot.articles.skipped import Skipped


@dataclass(frozen=True)
class Seeds:
    """A folder of seeds."""

    folder: Path

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, limits: Limits | None = None, *, jobs: int = 1) -> tuple[list[Article], list[Skipped]]:
        items = list(read_folder(self.folder, limits or Limits(), jobs=jobs))
        articles = [item for item in items if isinstance(item, Article)]
        return articles, [item for item in items if isinstance(item, Skipped)]

    def done(self, limits: Limits | None = None, *, jobs: int = 1) -> list[FileDone]:
        items = read_folder(self.folder, limits or Limits(), jobs=jobs)
        return [item for item in items if isinstance(item, FileDone)]

    def one(self, name: str, content: str | bytes, limits: Limits | None = None) -> Article:
        """The article of a file that holds one and nothing else."""
        self.put(name, content)
        [article], [] = self.read(limits)
        return article

    def refused(self, name: str, content: str | bytes, limits: Limits | None = None) -> str:
        """Why nothing is read of a file."""
        self.put(name, content)
        [], [skipped] = self.read(limits)
        return skipped.reason


def make_zip(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def make_pdf(pages: Sequence[Iterable[str]], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF with a line of text for each string, from top to bottom; "" leaves a gap as wide as a line."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, lines in enumerate(pages):
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 612 792]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * number} 0 R >>".encode())
        drawn = "BT /F1 11 Tf 14 TL 72 720 Td " + " ".join(f"({_escaped(line)}) Tj T*" for line in lines) + " ET"
        stream = drawn.encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    if info:
        objects.append(
            ("<< " + " ".join(f"/{key} ({_escaped(value)})" for key, value in info.items()) + " >>").encode()
        )
    return _numbered(objects, with_info=bool(info))


def _numbered(objects: list[bytes], *, with_info: bool) -> bytes:
    made = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    info = b"/Info %d 0 R" % len(objects) if with_info else b""
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, info, start)
    return bytes(made)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
