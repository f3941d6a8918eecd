"""The lexical arm: BM25 over the terms of passages, in tantivy."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import tantivy
from numpy.typing import NDArray

from qabot.errors import DamagedIndexError, WriteError
from qabot.index.analysis import analyzer_of, content_terms, terms
from qabot.index.checksums import LOCK_SUFFIX
from qabot.index.names import THING, asked_names, writings_of, written_names

Hits = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Passage keys and their scores, best first."""

_WRITER_BYTES = 64_000_000

_DIGITS = 4
"""Of a score after the point. The order in which the scores of terms are summed up may change the sixth."""

_MOST_ASKED = 64
"""Times the limit that is looked at where passages tie."""

_NAME_WEIGHT = 0.5
"""Of each of the two keys of a name's sound in another script: together they weigh what a term does."""

_KEY, _ARTICLE = "passage", "article"

_TERMS, _NAMES, _SPACED = "terms", "names", "spaced"
"""The fields, and the tokenizer of both. One field has the terms of all languages, each with the name of its analyzer
before it: BM25 takes a field's mean length over all passages, and in a field for each language that would be far too
small wherever there are several (it cost a fifth of the first hits)."""


class TermsWriter:
    """Writes the terms of one generation. One thread, so that equal input gives an equal index.

    What is added to a copy of another generation's terms is scored as if all had been written together. What is
    removed from it still counts in the rarity of its terms and in the mean length (tantivy forgets it only when it
    merges segments), so scores are then a little different.

    Args:
        folder: does not exist, or is a copy of the folder of another generation's terms.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if folder.exists():
            self._index = tantivy.Index.open(str(folder))
        else:
            folder.mkdir()
            self._index = tantivy.Index(_schema(), path=str(folder))
        _register(self._index)
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def remove(self, articles: Sequence[int]) -> None:
        """Removes the passages of the articles with those keys that were added before."""
        query = tantivy.Query.term_set_query(self._index.schema, _ARTICLE, list(articles))
        self._writer.delete_documents_by_query(query)

    def add(self, passage: int, article: int, text: str, language: str) -> None:
        """Adds a passage: its key, its article's key, and its text with the context line."""
        document = tantivy.Document()
        document.add_unsigned(_KEY, passage)
        document.add_unsigned(_ARTICLE, article)
        analyzer = analyzer_of(language)
        # As " ".join of `_marked` terms, without a call for each of them.
        if found := terms(text, analyzer):
            document.add_text(_TERMS, _marked(f" {_marked('', analyzer)}".join(found), analyzer))
        document.add_text(_NAMES, " ".join(written_names(text, language)))
        try:
            self._writer.add_document(document)
        except ValueError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except ValueError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: ValueError) -> WriteError:
        return WriteError(f"{self._folder} cannot be written: {error}", "Make room; then: qabot index")


class Terms:
    """The terms of one generation, for searching. Safe to use from several threads."""

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        """Opens the terms in `folder`; `languages` are those of the articles."""
        try:
            index = tantivy.Index.open(str(folder if os.access(folder, os.W_OK) else self._linked(folder)))
            self._searcher = index.searcher()
        except (ValueError, OSError) as error:
            raise DamagedIndexError(f"{folder} cannot be read: {error}", "Build it again: qabot index") from error
        _register(index)
        self._schema = index.schema
        languages = list(languages)
        self._analyzers = sorted({analyzer_of(language) for language in languages})
        self._writings = sorted({writing for language in languages for writing in writings_of(language)})

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, limit: int, articles: Sequence[int] | None = None) -> Hits:
        """The best `limit` passages by BM25 of the question's content terms.

        Args:
            question: text in any language; it is analyzed in the way of each language that there is.
            limit: most passages to give.
            articles: keys of the articles to look in; None means all.
        """
        wanted = [
            self._holding(_TERMS, _marked(term, analyzer))
            for analyzer in self._analyzers
            for term in content_terms(question, analyzer)
        ]
        names = asked_names(question, self._writings).values()
        for term in dict.fromkeys(term for alternatives in names for term in alternatives):
            name = self._holding(_NAMES, term)
            wanted.append(name if THING in term else tantivy.Query.boost_query(name, _NAME_WEIGHT))
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, holding) for holding in wanted])
        if articles is not None:
            among = tantivy.Query.term_set_query(self._schema, _ARTICLE, list(articles))
            within = tantivy.Query.const_score_query(among, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, within)])
        asked = limit
        while True:
            hits = self._searcher.search(query, limit=asked, count=False).hits
            # Where passages tie at the end, all of them are looked at: the segments are not to choose among them.
            if len(hits) < asked or asked >= _MOST_ASKED * limit or _score(hits[limit - 1]) > _score(hits[-1]):
                break
            asked *= 2
        keys = self._searcher.fast_field_values(_KEY, [address for _, address in hits])
        scores = np.array([_score(hit) for hit in hits], dtype=np.float64)
        found = np.array(keys, dtype=np.int64)
        order = np.lexsort((found, -scores))[:limit]
        return found[order], scores[order]

    def document_frequency(self, term: str, analyzer: str) -> int:
        """Number of passages with `term`, among those that `analyzer` analyzed."""
        return int(self._searcher.doc_freq(_TERMS, _marked(term, analyzer)))

    def name_frequency(self, term: str) -> int:
        """Number of passages with `term`, one that `written_names` gives."""
        return int(self._searcher.doc_freq(_NAMES, term))

    def count_passages(self, first: int, last: int) -> int:
        """How many entries there are for passages whose keys are in [first, last]."""
        within = tantivy.Query.range_query(self._schema, _KEY, tantivy.FieldType.Unsigned, first, last)
        return int(self._searcher.search(within, limit=1, count=True).count)  # type: ignore[attr-defined]

    def _holding(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _linked(self, folder: Path) -> Path:
        """A writable folder of links to the files of a read-only one: tantivy wants to lock even what it only reads."""
        files = [path for path in folder.iterdir() if path.suffix != LOCK_SUFFIX]
        aside = Path(mkdtemp(prefix="qabot-terms-"))
        weakref.finalize(self, shutil.rmtree, aside, ignore_errors=True)
        for path in files:
            (aside / path.name).symlink_to(path.resolve())
        return aside


def _score(hit: tuple[float, tantivy.DocAddress]) -> float:
    return round(hit[0], _DIGITS)


def _marked(term: str, analyzer: str) -> str:
    return f"{analyzer}:{term}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_KEY, fast=True)
    builder.add_unsigned_field(_ARTICLE, indexed=True)
    for field in (_TERMS, _NAMES):
        builder.add_text_field(field, tokenizer_name=_SPACED, index_option="freq", fast=False)
    return builder.build()


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer(_SPACED, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
