"""The recipe of a generation: what, besides the articles, decides its content."""

from __future__ import annotations

from qabot.encoders.encoder import Encoder
from qabot.index.analysis import ANALYSIS
from qabot.index.manifest import Recipe
from qabot.passages.windows import SPLITTING
from qabot.settings import Settings


def recipe_of(settings: Settings, encoder: Encoder) -> Recipe:
    """What a build with these settings and this encoder is made by."""
    return Recipe(
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dimensions=encoder.dimensions,
        passage_tokens=settings.passage_tokens,
        splitting=SPLITTING,
        analysis=ANALYSIS,
    )
