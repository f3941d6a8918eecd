"""Articles -> passages with their hashes, and looks: here while they are few, in several processes if they are many."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from types import ModuleType, TracebackType
from typing import NamedTuple, Self

from qabot.articles.article import Article
from qabot.encoders.encoder import Encoder, MakeCounter
from qabot.index.looks import Look, look_at
from qabot.index.repeats import sentence_hashes
from qabot.index.store import HashedPassage
from qabot.passages.context import embedded_text
from qabot.passages.passage import Passage
from qabot.passages.windows import CountTokens, count_by_words, split_passages

_FEW_CHARACTERS = 3_000_000
"""Split here before processes are started: it takes about as long as they take to start."""

_BATCH_CHARACTERS = 200_000
"""In a batch for a process: some tens of milliseconds of work."""

_BATCHES_AHEAD = 3
"""For each process: enough to keep it busy, few enough to bound memory."""


class Split(NamedTuple):
    """What is indexed of an article."""

    passages: list[HashedPassage]
    look: Look


class _How(NamedTuple):
    """How articles are split in another process; see Splitter."""

    counter: MakeCounter
    languages: frozenset[str]
    passage_tokens: int
    max_tokens: int


class Splitter:
    """Splits articles in the order in which they are given. A context manager: its processes end with it.

    Args:
        encoder: counts the word pieces; in languages that it does not know words are counted.
        passage_tokens: most word pieces in a passage, see `split_passages`.
        jobs: processes, at least one.
    """

    def __init__(self, encoder: Encoder, passage_tokens: int, jobs: int) -> None:
        limits = passage_tokens, encoder.max_tokens
        self._split = _Split(encoder.count_tokens, encoder.languages, *limits)
        counter = encoder.counter
        self._how = _How(counter, encoder.languages, *limits) if counter and jobs > 1 else None
        self._jobs = jobs
        self._characters = 0
        self._pool: ProcessPoolExecutor | None = None
        self._batch: list[tuple[int, Article]] = []
        self._batch_characters = 0
        self._under_way: deque[tuple[list[tuple[int, Article]], Future[list[Split]]]] = deque()

    def split(self, key: int, article: Article) -> Iterator[tuple[int, Split]]:
        """Takes an article; gives those that are ready, each with its key, which may be none or several."""
        self._characters += len(article.text)
        if self._how is None or self._characters <= _FEW_CHARACTERS:
            yield key, self._split(article)
            return
        self._batch.append((key, article))
        self._batch_characters += len(article.text)
        if self._batch_characters >= _BATCH_CHARACTERS:
            self._send()
        while self._under_way and (self._under_way[0][1].done() or len(self._under_way) > _BATCHES_AHEAD * self._jobs):
            yield from self._taken()

    def rest(self) -> Iterator[tuple[int, Split]]:
        """Those that were taken and not yet given."""
        if self._batch:
            self._send()
        while self._under_way:
            yield from self._taken()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        batch, self._batch, self._batch_characters = self._batch, [], 0
        articles = [article for _, article in batch]
        if self._pool is None and self._how is not None:
            # Not forked: the encoder's threads would be copied in the middle of what they do.
            self._pool = ProcessPoolExecutor(self._jobs, get_context("spawn"), _begin, (self._how,))
        future: Future[list[Split]] | None = None
        if self._pool and self._how:
            with suppress(BrokenProcessPool), _no_script():  # told of by the first batch that is taken
                future = self._pool.submit(_split_there, articles)
        if future is None:
            future = Future()
            future.set_result(list(map(self._split, articles)))
        self._under_way.append((batch, future))

    def _taken(self) -> Iterator[tuple[int, Split]]:
        batch, future = self._under_way.popleft()
        try:
            splits = future.result()
        except BrokenProcessPool:  # one was killed, for want of memory perhaps: go on without them
            self._how = None
            splits = [self._split(article) for _, article in batch]
        for (key, _), split in zip(batch, splits, strict=True):
            yield key, split


class _Split:
    def __init__(
        self, count_tokens: CountTokens, languages: frozenset[str], passage_tokens: int, max_tokens: int
    ) -> None:
        self._count_tokens = count_tokens
        self._languages = languages
        self._passage_tokens = passage_tokens
        self._max_tokens = max_tokens

    def __call__(self, article: Article) -> Split:
        if "*" in self._languages or article.language in self._languages:
            split = split_passages(article, self._count_tokens, self._passage_tokens, self._max_tokens)
        else:
            split = split_passages(article, count_by_words, self._passage_tokens)
        return Split([_hashed(article, passage) for passage in split], look_at(article))


def _hashed(article: Article, passage: Passage) -> HashedPassage:
    text_hash = hashlib.sha256(embedded_text(article, passage).encode()).digest()[:16]
    return HashedPassage(passage, text_hash, sentence_hashes(article, passage))


@contextmanager
def _no_script() -> Iterator[None]:
    """Has processes start without the script that builds: spawned ones run it again first, and a script that builds
    when it is run would build in each of them."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


_here: list[_Split] = []
"""In a process of the pool: how it splits."""


def _begin(how: _How) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that builds; it ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here.append(_Split(how.counter(), how.languages, how.passage_tokens, how.max_tokens))


def _split_there(articles: Sequence[Article]) -> list[Split]:
    return list(map(_here[0], articles))


def _end_with_parent() -> None:
    """Ends this process when the one that builds is killed, which cannot end it itself then."""
    if parent := parent_process():
        parent.join()
        os._exit(1)
