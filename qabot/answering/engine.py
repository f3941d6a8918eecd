"""Engine: a question in, an answer out."""

from __future__ import annotations

import time
from datetime import date
from types import TracebackType
from typing import Self

from qabot.answering.answer import Answer, Quote, Reach
from qabot.answering.candidates import Candidate, Searching, find_candidates
from qabot.answering.confidence import shipped_confidence
from qabot.answering.disagreement import latest_first, newest_first
from qabot.answering.features import features
from qabot.answering.quotes import choose_quotes
from qabot.answering.reading import read_passages
from qabot.answering.repeated import Repeats
from qabot.answering.sentences import Comparing, QuestionTerms, Weights, read_sentences
from qabot.articles.article import Article
from qabot.encoders.encoder import Encoder, knows
from qabot.encoders.models import load_encoder
from qabot.encoders.unrelated import mean_of_unrelated
from qabot.index.generation import Generation, check_recipe, open_current
from qabot.index.recipe import recipe_of
from qabot.questions.conversation import Conversation
from qabot.questions.outlets import OutletNames
from qabot.questions.question import About, understand
from qabot.questions.times.periods import Period
from qabot.reader.loading import load_readers
from qabot.reader.readers import Readers
from qabot.settings import Settings, load_settings

NEAREST = 3
"""Articles named where no answer was found."""

KEPT = 10
"""Least number of candidates that an answer keeps, whether they were read or not."""


class Engine:
    """An index in service, the encoder that it was made by, and readers or none. Safe to use from several threads.

    Use it as a context manager, or call `close` at the end.
    """

    def __init__(
        self, settings: Settings, encoder: Encoder, generation: Generation, readers: Readers | None = None
    ) -> None:
        self.settings = settings
        self.encoder = encoder
        self.generation = generation
        self.readers = readers
        self._about = _about(generation)
        self._unrelated = mean_of_unrelated(encoder)

    def ask(
        self,
        question: str,
        *,
        conversation: Conversation | None = None,
        now: date | None = None,
        quotes: int | None = None,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        threshold: float | None = None,
        quick: bool = False,
    ) -> Answer:
        """The answer to `question`.

        Args:
            question: in any language; terms alone are used for one that the model does not know.
            conversation: what was asked and quoted before, for a question that leans on it.
            now: the day that "last week" is told from; today if not given.
            quotes: most quotes to give, instead of the setting.
            source: part of the name of an outlet to look in.
            since: first day of publication to look at.
            until: last day of publication to look at.
            threshold: confidence under which the verdict is "not found", instead of the setting.
            quick: leave the reader out, as for want of time.

        Raises:
            QuestionError: the question is empty or too long, or no article is left to look in.
        """
        settings = self.settings
        clock = _Clock()
        asked = understand(
            question,
            self._about,
            now or date.today(),
            settings.max_question_chars,
            conversation=conversation,
            source=source,
            since=since,
            until=until,
        )
        clock.lap("understand")
        vectors = self.encoder.encode_questions(asked.readings) if knows(self.encoder, asked.language) else None
        outside = 0.0 if vectors is None else vectors @ self._unrelated
        clock.lap("encode")
        candidates = find_candidates(
            self.generation,
            asked,
            vectors,
            Searching.of(settings, outside),
            max(settings.passages_read, KEPT),
        )
        clock.lap("search")
        repeats = Repeats(candidates, self.generation.store)
        distinct = repeats.distinct[: settings.passages_read]
        odds = None
        if self.readers and not quick:
            odds = read_passages(self.readers, asked, distinct, settings.reader_ms)
        clock.lap("read")
        terms = QuestionTerms(asked, self.generation.terms)
        sentences = read_sentences(
            distinct,
            terms,
            None if vectors is None else Comparing(vectors, self.generation.means.unrelated(vectors, outside)),
            self.encoder,
            odds,
            weights_of(settings),
            settings.sentences_encoded,
        )
        clock.lap("compare")
        read = bool(sentences) and sentences[0].read is not None
        reader = self.readers.card_for(asked.language, sentences[0].article.language) if self.readers and read else None
        judged = features(asked, sentences, candidates, terms) if sentences else None
        confidence = shipped_confidence(reader=read).probability(judged) if judged else 0.0
        chosen: list[Quote] = []
        if confidence >= (settings.threshold if threshold is None else threshold):
            chosen = choose_quotes(sentences, quotes or settings.quotes, several=asked.several)
        if asked.preferences.time and asked.preferences.time.latest:
            chosen = latest_first(chosen)
        chosen, disagreeing = newest_first([repeats.told(quote) for quote in chosen], asked.read_as)
        clock.lap("choose")
        return Answer(
            question=asked,
            verdict="answered" if chosen else "not found",
            confidence=confidence,
            quotes=tuple(chosen),
            disagreeing=disagreeing,
            nearest=() if chosen else _nearest(candidates),
            reach=self._reach(),
            timings=clock.laps,
            candidates=tuple(candidates),
            sentences=tuple(sentences),
            features=judged,
            reader=reader.name if reader else None,
        )

    def close(self) -> None:
        self.generation.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reach(self) -> Reach:
        manifest = self.generation.manifest
        return Reach(manifest.generation, manifest.articles, manifest.passages, manifest.newest)


def open_engine(settings: Settings | None = None) -> Engine:
    """The engine for the index in service.

    Raises:
        SettingsError, EncoderError: see their modules.
        NoIndexError: nothing has been built yet.
        DamagedIndexError: a file of the index is not what was written.
        StaleIndexError: the index was made by another model, other settings or another version.
    """
    settings = settings or load_settings()
    encoder = load_encoder(settings)
    readers = load_readers(settings)
    generation = open_current(settings.generations_folder, settings.cache_folder)
    try:
        return engine_of(settings, encoder, generation, readers)
    except BaseException:
        generation.close()
        raise


def engine_of(settings: Settings, encoder: Encoder, generation: Generation, readers: Readers | None = None) -> Engine:
    """The engine for an open generation.

    Raises:
        StaleIndexError: another model, other settings or another version made it.
    """
    check_recipe(generation, recipe_of(settings, encoder))
    return Engine(settings, encoder, generation, readers)


def _about(generation: Generation) -> About:
    counts = generation.store.counts()
    reach = None
    if counts.oldest and counts.newest:
        reach = Period(date.fromisoformat(counts.oldest[:10]), date.fromisoformat(counts.newest[:10]))
    return About(OutletNames(generation.store.bylines()), reach)


def weights_of(settings: Settings) -> Weights:
    """The weights of the parts of a sentence's score."""
    return Weights(settings.similarity_weight, settings.terms_weight, settings.passage_weight, settings.reader_weight)


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = (now - self._last) * 1000
        self._last = now


def _nearest(candidates: list[Candidate]) -> tuple[Article, ...]:
    articles = {candidate.article.id: candidate.article for candidate in candidates}
    return tuple(articles.values())[:NEAREST]
