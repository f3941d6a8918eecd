"""How near a model puts texts that have nothing to do with each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.encoder import Encoder

_TEXTS = (
    "The central bank kept its base rate at 16.75 percent on Friday, citing food prices and a weaker currency.",
    "The striker scored twice as the home side came from behind to win 3-2 in extra time.",
    "Scientists found traces of water ice in a crater near the Moon's south pole.",
)
"""In English, which all models know, on three subjects."""


def mean_of_unrelated(encoder: Encoder) -> NDArray[np.float32]:
    """The mean vector, shape (dimensions,), of three texts on different subjects. Its cosine with a question is about
    what a passage has that has nothing to do with it: 0.05 for one model, 0.75 for another, less across languages."""
    mean: NDArray[np.float32] = encoder.encode_passages(_TEXTS).mean(axis=0)
    return mean
