"""The mean vector of each language's passages: what the vectors of a language have in common, whatever they are about.

A question is nearer to every passage of its own language than to those of another one, and models differ in how near
unrelated texts are (a cosine of 0.05 for one, 0.75 for another). Both are in the cosine of the question with these
means, which is the mean of its cosines with the passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qabot.encoders.encoder import Vectors
from qabot.index.store import Store
from qabot.index.vectors import PassageVectors

_SAMPLED = 2000
"""Passages of a language that its mean is taken over: the error of a mean cosine is then under 0.001."""

_ARTICLES = 500
"""Articles of a language that these are taken from. Keys are hashes, so the first ones are a sample."""

_PRIOR = 50
"""Passages that the model's own mean counts as: those of a small index are all about what is asked for."""


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """For each of `languages` the mean of its passages' vectors, a row of shape (dimensions,), and how many passages it
    was taken over."""

    languages: tuple[str, ...]
    means: Vectors
    counts: NDArray[np.int64]

    def unrelated(self, questions: Vectors, prior: NDArray[np.float32] | float) -> Mapping[str, NDArray[np.float64]]:
        """For any language the cosine of each question with a passage that has nothing to do with it, shape (n,).

        Args:
            questions: shape (n, dimensions).
            prior: cosine of each with texts outside the index, shape (n,), or of all; it counts as `_PRIOR` passages.
        """
        shares = self.counts / (self.counts + _PRIOR)
        outside = np.broadcast_to(np.asarray(prior, np.float64), len(questions))
        cosines = (questions @ self.means.T) * shares + outside[:, np.newaxis] * (1 - shares)
        found = dict(zip(self.languages, cosines.T.astype(np.float64), strict=True))
        return defaultdict(lambda: outside, found)

    def without_language(self, questions: Vectors) -> Vectors | None:
        """`questions` without what tells the languages apart: the passages of each language have the same mean cosine
        with them, so that none crowds out another. None where there are not two languages with enough passages.

        It is the projection off the differences of the means (Yang et al. 2021, doi:10.18653/v1/2021.emnlp-main.470).
        """
        means = self.means[self.counts >= _PRIOR].astype(np.float64)
        if len(means) < 2:
            return None
        basis, _ = np.linalg.qr((means[1:] - means[0]).T)
        projected: Vectors = (questions - (questions @ basis) @ basis.T).astype(np.float32)
        return projected


def read_language_means(store: Store, vectors: PassageVectors) -> LanguageMeans:
    """The means of the passages in `vectors`, whose articles are in `store`."""
    languages: list[str] = []
    means: list[NDArray[np.float64]] = []
    counts: list[int] = []
    for language in store.counts().languages:
        keys = vectors.passages_of(store.articles_of_language(language, _ARTICLES))
        if len(keys):
            keys = keys[:: -(-len(keys) // _SAMPLED)]
            languages.append(language)
            means.append(vectors.get(keys)[1].mean(axis=0, dtype=np.float64))
            counts.append(len(keys))
    stacked = np.array(means, np.float32).reshape(len(languages), vectors.dimensions)
    return LanguageMeans(tuple(languages), stacked, np.array(counts, np.int64))
