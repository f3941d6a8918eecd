"""The shelf: what lies under seeds/added/ already, so that a page is saved once and a text is, too."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from qabot.articles.article import Article
from qabot.articles.identity import normal_url
from qabot.articles.plain_text import read_markdown
from qabot.articles.record import Record, make_article
from qabot.articles.walk import open_file
from qabot.errors import FetchError, SeedsError
from qabot.gathering.files import cannot_write, sync_folder, write_file
from qabot.gathering.saving import ADDED, article_file, article_path, kept_text, marks_of, text_mark, url_mark

Outcome = Literal["new", "changed", "already"]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article stands now. `note` is a phrase worth saying, or empty."""

    path: Path
    article: Article
    outcome: Outcome
    note: str = ""


class Shelf:
    """The files that gathering has saved, known by their names; they are opened only to make sure.

    Args:
        seeds: the seeds folder.
        max_file_mb: the setting; a larger file could not be read back.
    """

    def __init__(self, seeds: Path, *, max_file_mb: int) -> None:
        self._seeds = seeds
        self._most_bytes = max_file_mb * 1_000_000
        self._by_url: dict[str, list[Path]] = {}
        self._by_text: dict[str, list[Path]] = {}
        for folder, inside, names in os.walk(seeds / ADDED):
            inside[:] = [name for name in inside if not name.startswith(".")]
            for name in names:
                self._know(Path(folder, name))

    def of_url(self, url: str) -> list[tuple[Path, Article]]:
        """The files of this page: one, or two if a process was killed while it replaced one by the other."""
        wanted = normal_url(url)
        read = [(path, self._read(path)) for path in self._by_url.get(url_mark(url), [])]
        return [(path, article) for path, article in read if article and normal_url(article.url or "") == wanted]

    def place(self, article: Article) -> Placed:
        """Saves an article that has a URL, unless its text is here already.

        A page whose text has changed takes the place of its old file. A file that a person has edited stays.

        Raises:
            FetchError: it is too large to be read back, or holds no text.
            WriteError: it cannot be written.
        """
        article = self._keepable(article)
        earlier = self.of_url(article.url or "")
        for path, known in earlier:
            if known.text == article.text:
                self._forget([other for other, _ in earlier if other != path])
                return Placed(path, known, "already")
        for path, known in earlier:
            if marks_of(path.name) != (url_mark(known.url or ""), text_mark(known.text)):
                return Placed(path, known, "already", "its file was edited by hand and stays")
        for path in self._by_text.get(text_mark(article.text), []):
            if (known_there := self._read(path)) and known_there.text == article.text:
                return Placed(path, known_there, "already", f"the same text as {known_there.url or path.name}")
        data = article_file(article)
        if len(data) > self._most_bytes:
            raise FetchError(f"{article.url} has a text of {len(data) / 1e6:,.1f} MB", "Raise max_file_mb")
        path = self._seeds / article_path(article)
        write_file(path, data, within=self._seeds)
        self._know(path)
        self._forget([other for other, _ in earlier if other != path])
        return Placed(path, article, "changed" if earlier else "new")

    def _keepable(self, article: Article) -> Article:
        text = kept_text(article.text)
        pages = article.pages if text == article.text else ()
        record = Record(
            text=text,
            path=article.path,
            own_id=article.id,
            title=article.title,
            published=article.published.isoformat() if article.published else None,
            source=article.source,
            author=article.author,
            place=article.place,
            url=article.url,
            language=article.language,
            pages=pages,
        )
        try:
            kept = make_article(record)
        except SeedsError as error:
            raise FetchError(f"{article.url} {error.cause}") from error
        return replace(kept, path=article_path(kept).as_posix())

    def _know(self, path: Path) -> None:
        if marks := marks_of(path.name):
            for known, mark in zip((self._by_url, self._by_text), marks, strict=True):
                if path not in known.setdefault(mark, []):
                    known[mark].append(path)

    def _forget(self, paths: list[Path]) -> None:
        """Removes the old files of a page, whose new one is safely there."""
        for path in paths:
            try:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
            except OSError as error:
                raise cannot_write(path, error) from error
            for known in (self._by_url, self._by_text):
                for files in known.values():
                    if path in files:
                        files.remove(path)

    def _read(self, path: Path) -> Article | None:
        """The article in a file of ours; None if it is gone or is no article any more."""
        try:
            with open_file(path) as file:
                items = read_markdown(file, path.relative_to(self._seeds).as_posix(), self._most_bytes)
                return next((item for item in items if isinstance(item, Article)), None)
        except (OSError, SeedsError):
            return None
