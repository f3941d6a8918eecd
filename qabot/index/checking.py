"""Checks the content of a generation: that what its files say fits together, passage by passage.

Opening a generation compares checksums and counts, which finds every damage. This finds what was wrong from the start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from qabot.encoders.encoder import Encoder, knows
from qabot.index.generation import Generation
from qabot.index.progress import Progress
from qabot.index.store import Row
from qabot.passages.context import embedded_text

_BLOCK = 1000
"""Passages looked at together."""

_LENGTH_TOLERANCE = 0.05
"""How far from 1 the length of a vector may be; vectors of one byte a number are rounded."""

_BUILD = "qabot index --full"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `mend` is the command or step that mends a problem."""

    name: str
    text: str
    problem: bool = False
    mend: str = ""


def check_generation(generation: Generation, encoder: Encoder, progress: Progress) -> list[Finding]:
    """Looks at every article, passage, vector and term entry of an open generation; a finding for each kind.

    Raises:
        DamagedIndexError: a file cannot be read.
    """
    progress.stage("Checking passages", generation.manifest.passages)
    tally = _Tally(generation, encoder)
    rows = generation.store.every_passage()
    try:
        while block := list(islice(rows, _BLOCK)):
            tally.look(block)
            progress.advance(len(block))
    except (ValueError, TypeError, LookupError) as error:  # a row that is not as it is written by a build
        return [Finding("passages", f"one cannot be read: {error}", problem=True, mend=_BUILD)]
    return list(tally.findings())


class _Tally:
    """Counts what is wrong, and keeps the first of each kind."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self._generation = generation
        self._encoder = encoder
        self._recorded = generation.store.record_hashes()
        self._articles = 0
        self._passages = 0
        self._embedded = 0
        self._article = -1
        self._hashes: Iterator[bytes] = iter(())
        self._wrong: dict[str, list[str]] = {name: [] for name in ("articles", "passages", "vectors", "terms")}

    def look(self, rows: list[Row]) -> None:
        for row in rows:
            if row.article_key != self._article:
                self._begin(row)
            if fault := _fault(row, next(self._hashes, None)):
                self._note("passages", f"passage {row.key} of article {row.article.id} {fault}")
        self._look_at_vectors([row.key for row in rows if knows(self._encoder, row.article.language)])
        self._look_at_terms(rows[0].key, rows[-1].key, len(rows))
        self._passages += len(rows)

    def _begin(self, row: Row) -> None:
        self._article = row.article_key
        self._articles += 1
        if self._recorded.get(row.article.id) != row.article.record_hash:
            self._note("articles", f"article {row.article.id} is not the one that was hashed")
        self._hashes = iter(self._generation.store.text_hashes(row.article_key))

    def findings(self) -> Iterator[Finding]:
        orphans = len(self._generation.vectors) - self._embedded
        if orphans > 0:
            self._note("vectors", f"{orphans:,} belong to no passage")
        entries = len(self._generation.terms) - self._passages
        if entries > 0:
            self._note("terms", f"{entries:,} entries belong to no passage")
        good = {
            "articles": f"{self._articles:,}, each as it was hashed",
            "passages": f"{self._passages:,}, each sentence within its article and after the one before",
            "vectors": f"{self._embedded:,}, each of a passage and of length 1",
            "terms": f"{self._passages:,} entries, one for each passage",
        }
        for name, wrong in self._wrong.items():
            if not wrong:
                yield Finding(name, good[name])
                continue
            more = f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
            yield Finding(name, wrong[0] + more, problem=True, mend=_BUILD)

    def _look_at_vectors(self, keys: list[int]) -> None:
        present, vectors = self._generation.vectors.get(np.array(keys, np.int64))
        self._embedded += int(present.sum())
        for key in np.array(keys)[~present]:
            self._note("vectors", f"passage {key} has none")
        lengths = np.linalg.norm(vectors, axis=1)
        off = ~(np.abs(lengths - 1) <= _LENGTH_TOLERANCE)  # not a number is off, too
        for key, length in zip(np.array(keys)[present][off], lengths[off], strict=True):
            self._note("vectors", f"that of passage {key} has length {length:.2f}")

    def _look_at_terms(self, first: int, last: int, expected: int) -> None:
        found = self._generation.terms.count_passages(first, last)
        if found != expected:
            self._note("terms", f"passages {first} to {last} have {found:,} entries instead of {expected:,}")

    def _note(self, name: str, what: str) -> None:
        self._wrong[name].append(what)


def _fault(row: Row, text_hash: bytes | None) -> str | None:
    """What is wrong with a passage."""
    end = 0
    for sentence in row.passage.sentences:
        if not end <= sentence.start < sentence.end <= len(row.article.text):
            return f"has a sentence at {sentence.start}-{sentence.end}, which is not in it or not in order"
        end = sentence.end
    if not row.passage.sentences:
        return "has no sentence"
    if hashlib.sha256(embedded_text(row.article, row.passage).encode()).digest()[:16] != text_hash:
        return "has another text than was hashed"
    return None
