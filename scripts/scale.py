"""Indexes of many passages, each built and searched in processes of its own. See scripts/scale."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from qabot.answering.candidates import Searching, find_candidates
from qabot.articles.article import Article
from qabot.encoders.encoder import Advance, Vectors
from qabot.encoders.models import find_model
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.unrelated import mean_of_unrelated
from qabot.index.building import build
from qabot.index.clustered import DEPTH
from qabot.index.generation import Generation, open_current
from qabot.index.progress import Progress
from qabot.passages.windows import count_by_words, split_passages
from qabot.questions.outlets import OutletNames
from qabot.questions.question import About, understand
from qabot.settings import Settings, load_settings

SIZES = (10_000, 100_000, 1_000_000)
BASE = 5000
"""Passages that are really encoded."""

NOISE = 0.9
"""Length of what is added to a vector of length 1: the cosine with it is then 0.74."""

QUESTIONS = 300
PER_FILE = 2000
_BASE_FILE = "base.npy"
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


class MadeUp(OnnxEncoder):
    """The real model's word pieces, with vectors made of those of a few passages."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(find_model(settings))
        self._base: Vectors = np.load(settings.home.parent / _BASE_FILE)

    @property
    def fingerprint(self) -> str:
        return "made up for scripts/scale"

    def encode_passages(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        vectors = np.array([self._made_up(text) for text in texts], np.float32).reshape(-1, self.dimensions)
        if advance:
            advance(len(texts))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def _made_up(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        noise = np.random.default_rng(seed).normal(size=self.dimensions).astype(np.float32)
        vector = self._base[seed % len(self._base)] + NOISE * noise / np.linalg.norm(noise)
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


class Stages(Progress):
    """Prints how long each stage took."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._name = ""

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002
        now = time.monotonic()
        if self._name:
            print(f"    {self._name}: {now - self._began:,.1f} s", flush=True)
        self._name, self._began = name, now

    def advance(self, steps: int) -> None:
        """Not shown."""


class Held(threading.Thread):
    """Looks five times a second how much memory this process has of its own, in MB, mapped files apart."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0

    def run(self) -> None:
        while True:
            found = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text())
            self.most = max(self.most, int(found[1]) / 1024 if found else 0.0)
            time.sleep(0.2)


def main(articles: Path, sizes: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as aside:
        home = Path(os.environ.get("SCALE_HOME", aside))
        home.mkdir(parents=True, exist_ok=True)
        if not (home / _BASE_FILE).exists():
            _save_base(articles, home / _BASE_FILE)
        for size in sizes:
            folder = home / f"{size}"
            (folder / "seeds").mkdir(parents=True, exist_ok=True)
            if not any((folder / "seeds").iterdir()):
                _write_seeds(articles, folder / "seeds", size)
            for step in ("index", "search"):
                subprocess.run([sys.executable, __file__, step, str(folder)], check=True)


def index(home: Path) -> None:
    settings = load_settings(home)
    encoder = MadeUp(settings)
    began = time.monotonic()
    stages = Stages()
    held = Held()
    held.start()
    done = build(settings, encoder, full=True, progress=stages)
    stages.stage("", None)
    seconds = time.monotonic() - began
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = f"{held.most:,.0f} MB of its own, {own:,.0f} MB with the mapped files that the system may drop"
    sizes = {path.name: path.stat().st_size for path in sorted(done.folder.iterdir()) if path.is_file()}
    sizes["terms"] = sum(path.stat().st_size for path in (done.folder / "terms").iterdir())
    print(f"{done.passages:,} passages of {done.articles:,} articles: {seconds:,.0f} s")
    print(f"    peak {peak}, and {child:,.0f} MB in each process that reads or splits")
    print(f"    {done.size / 1e6:,.0f} MB: " + ", ".join(f"{name} {size / 1e6:,.0f}" for name, size in sizes.items()))


def search(home: Path) -> None:
    settings = load_settings(home)
    encoder = MadeUp(settings)
    (settings.cache_folder / "checked.json").unlink(missing_ok=True)
    opening = []
    for _ in range(2):
        began = time.monotonic()
        generation = open_current(settings.generations_folder, settings.cache_folder)
        about = About(OutletNames(generation.store.bylines()), None)
        opening.append(time.monotonic() - began)
    print(f"    opened in {opening[0]:.2f} s with all checksums, in {opening[1]:.2f} s when they were checked before")
    if clusters := generation.manifest.clusters:
        print(
            f"    {clusters.lists:,} clusters, {clusters.probed} searched, recall while building {clusters.recall:.3f}"
        )
    unrelated = mean_of_unrelated(encoder)
    texts = list(_questions(generation))
    vectors = encoder.encode_questions(texts)
    spent: dict[str, list[float]] = {"all": [], "dense": [], "terms": []}
    hits = 0
    for at, text in enumerate(texts):
        asked = understand(text, about, date.today(), settings.max_question_chars)
        one = vectors[at : at + 1]
        how = Searching.of(settings, one @ unrelated)
        spent["all"].append(_timed(lambda: find_candidates(generation, asked, one, how, settings.passages_read)))  # noqa: B023
        spent["dense"].append(_timed(lambda: generation.dense(one, settings.candidates)))  # noqa: B023
        spent["terms"].append(_timed(lambda: generation.lexical(text, settings.candidates)))  # noqa: B023
    for name, measured in spent.items():
        times = sorted(measured[len(measured) // 10 :])  # the first ones fill the caches
        print(f"    {name}: p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")
    nearest = _nearest(generation, vectors)
    for one, exact in zip(vectors, nearest, strict=True):
        hits += len(set(generation.dense(one[None], DEPTH)[0].tolist()) & exact)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"    recall@{DEPTH} {hits / (DEPTH * len(vectors)):.3f}; peak {memory:,.0f} MB, mapped files among it",
        flush=True,
    )


def _save_base(articles: Path, path: Path) -> None:
    settings = load_settings()
    encoder = OnnxEncoder(find_model(settings))
    texts: list[str] = []
    for record in _records(articles):
        article = Article(record["id"], record["title"], record["text"], language="en")
        split = split_passages(article, count_by_words, settings.passage_tokens)
        texts += [f"{article.title}\n{article.text[passage.start : passage.end]}" for passage in split[:2]]
        if len(texts) >= BASE:
            break
    np.save(path, encoder.encode_passages(texts[:BASE]))


def _write_seeds(articles: Path, folder: Path, passages: int) -> None:
    """Files of the articles, repeated with other numbers and names, of about so many passages."""
    records = list(_records(articles))
    names = sorted({name for record in records[:1000] for name in _NAME.findall(record["text"])})
    sample = [
        Article(one["id"], one["title"], one["text"], language="en") for one in records[:: max(1, len(records) // 300)]
    ]
    settings = load_settings()
    counter = OnnxEncoder(find_model(settings)).count_tokens
    each = sum(len(split_passages(one, counter, settings.passage_tokens)) for one in sample) / len(sample)
    wanted = round(passages / each)
    for start in range(0, wanted, PER_FILE):
        with (folder / f"{start:08}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(start, min(start + PER_FILE, wanted)):
                copy, at = divmod(number, len(records))
                file.write(json.dumps(_changed(records[at], copy, names)) + "\n")


def _changed(record: dict[str, str], copy: int, names: list[str]) -> dict[str, str]:
    if copy == 0:
        return record
    chance = random.Random(f"{record['id']} {copy}")  # noqa: S311
    others: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return others.setdefault(match.group(), chance.choice(names))

    def number(match: re.Match[str]) -> str:
        return str(chance.randrange(10 ** len(match.group())))

    def other(text: str) -> str:
        return _NAME.sub(name, _NUMBER.sub(number, text))

    return record | {
        "id": f"{record['id']}-{copy}",
        "url": f"https://example.org/{record['id']}-{copy}",
        "title": other(record["title"]),
        "text": other(record["text"]),
    }


def _records(articles: Path) -> Iterator[dict[str, str]]:
    with articles.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _questions(generation: Generation) -> Iterator[str]:
    """Questions of some eight words of sentences of the articles."""
    for row in generation.store.sample(QUESTIONS, ["en"]):
        start, end = row.passage.sentences[len(row.passage.sentences) // 2]
        yield "What about " + " ".join(row.article.text[start:end].split()[:8]) + "?"


def _nearest(generation: Generation, questions: Vectors) -> list[set[int]]:
    """Keys of the passages nearest to each question, by comparing all."""
    keys = generation.vectors.keys
    scores = np.empty((len(questions), 0), np.float32)
    found = np.empty((len(questions), 0), np.int64)
    for start in range(0, len(keys), 10_000):
        block = keys[start : start + 10_000]
        scores = np.hstack([scores, questions @ generation.vectors.get(block)[1].T])
        found = np.hstack([found, np.broadcast_to(block, (len(questions), len(block)))])
        best = np.argsort(-scores, axis=1)[:, :DEPTH]
        scores, found = np.take_along_axis(scores, best, 1), np.take_along_axis(found, best, 1)
    return [set(row) for row in found.tolist()]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    if sys.argv[1] == "index":
        index(Path(sys.argv[2]))
    elif sys.argv[1] == "search":
        search(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), [int(number.replace(",", "")) for number in sys.argv[2:]] or SIZES)
