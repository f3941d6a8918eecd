"""Preferences: how far an article fits the outlets, the time and the order that a question asks for. Softly: no article
is lost by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qabot.articles.article import Article
from qabot.index.store import Imprint
from qabot.questions.outlets import OutletReading
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import TimeReading

DAYS_BEFORE, DAYS_AFTER = 4, 3
"""How far outside of a period an article still fits in part: a report may stand a little before its event (announced)
or after it (told again)."""

RECENCY = 0.5
"""What being the newest is worth, against fitting an outlet or a period: enough to choose among equally good ones."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a question prefers; see the readings."""

    outlets: OutletReading
    time: TimeReading | None

    def __bool__(self) -> bool:
        return bool(self.outlets.named or self.time)

    def fits(self, imprints: Sequence[Imprint]) -> list[float]:
        """For each article 0 for no fit, 1 for each kind of preference that it fits wholly; `latest` adds by rank."""
        fits = [sum(self._of(imprint)) for imprint in imprints]
        if self.time and self.time.latest:
            days = sorted({imprint.day for imprint in imprints if imprint.day})
            ranks = {day: rank / len(days) for rank, day in enumerate(days, start=1)}
            fits = [
                fit + (RECENCY * ranks[imprint.day] if imprint.day else 0.0)
                for fit, imprint in zip(fits, imprints, strict=True)
            ]
        return fits

    def share(self, imprint: Imprint) -> float:
        """How far an article fits, in [0, 1]; 1 if no outlet and no time is asked for."""
        fits = self._of(imprint)
        return sum(fits) / len(fits) if fits else 1.0

    def _of(self, imprint: Imprint) -> list[float]:
        fits = []
        if self.outlets.named:
            fits.append(float(bool({imprint.source, imprint.author} & self.outlets.named)))
        if self.time and self.time.periods:
            fits.append(nearness(imprint.day, self.time.periods))
        return fits


def imprint_of(article: Article) -> Imprint:
    """By whom and when `article` was published."""
    return Imprint(article.source, article.author, article.published.date() if article.published else None)


def nearness(day: date | None, periods: Sequence[Period]) -> float:
    """1 for a day inside one of `periods`, fading to 0 over `DAYS_BEFORE` and `DAYS_AFTER`; 0 for an unknown day."""
    if day is None:
        return 0.0
    best = 0.0
    for period in periods:
        early = max((period.since - day).days, 0) if period.since else 0
        late = max((day - period.until).days, 0) if period.until else 0
        best = max(best, 1 - early / (DAYS_BEFORE + 1) - late / (DAYS_AFTER + 1))
    return best
