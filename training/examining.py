"""Examining a reader on questions of articles that it did not learn from."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from training.loss import NEVER
from training.model import Reader
from training.school import School


def examine(school: School, rows: Sequence[int], reader: Reader, seed: int) -> dict[str, float]:
    """Figures of `reader` on the lessons of the questions `rows`; those that cannot be had are left out.

    Returns:
        questions: how many there were.
        sentence: share of answering passages in which the best sentence answers.
        passage: share of questions of which the answering passage has the best sentence of all that were read.
        auroc: area under the ROC curve of the best sentence's score, passages that answer against those that do not.
    """
    reader.eval()
    best_yes: list[float] = []
    best_no: list[float] = []
    sentence: list[bool] = []
    passage: list[bool] = []
    with torch.no_grad():
        for row in rows:
            batch = school.batch([row], random.Random(f"{seed}-held-{row}"))
            scores = reader(batch.ids, batch.mask, batch.types, batch.pool).masked_fill(~batch.present, NEVER)
            best, where = scores.max(1)
            answered = batch.answers.any(1)
            best_yes += best[answered].tolist()
            best_no += best[~answered].tolist()
            if answered[0]:
                sentence.append(bool(batch.answers[0, where[0]]))
                passage.append(int(best.argmax()) == 0)
    figures = {"questions": float(len(rows))}
    if sentence:
        figures |= {"sentence": float(np.mean(sentence)), "passage": float(np.mean(passage))}
    if best_yes and best_no:
        figures["auroc"] = _area(np.array(best_yes), np.array(best_no))
    return figures


def _area(yes: NDArray[np.float64], no: NDArray[np.float64]) -> float:
    """How often one of `yes` is above one of `no`; a tie counts half (Mann and Whitney 1947)."""
    return float(np.mean([(yes > value).mean() + 0.5 * (yes == value).mean() for value in no]))
