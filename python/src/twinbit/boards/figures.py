"""Figures of scores and alarms that boards use, beside those in `twinbit.metrics`, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from twinbit import metrics

__all__ = ["auc", "auc_interval", "interval", "partial_auc"]

Scores = npt.NDArray[np.float64]
Item = TypeVar("Item")

DRAWS = 400
PERCENT = (2.5, 97.5)


def _known(scores: Scores) -> Scores:
    return scores[~np.isnan(scores)]


def auc(normal: Scores, anomalous: Scores) -> float | None:
    """Area under the ROC curve from the scores of both kinds.

    >>> auc(np.array([0.0, 1.0]), np.array([1.0, 2.0]))
    0.875
    """
    labels = np.arange(len(normal) + len(anomalous)) >= len(normal)
    return metrics.auc(labels, np.concatenate([normal, anomalous]))


def partial_auc(normal: Scores, anomalous: Scores, most: float = 0.1) -> float | None:
    """Mean share of anomalous frames found over the false-alarm rates from 0 to `most`, 0 to 1; guessing gives most/2.

    >>> partial_auc(np.array([0.0, 1.0]), np.array([2.0, 3.0]))
    1.0
    """
    low, high = _known(normal), _known(anomalous)
    if not len(low) or not len(high):
        return None
    steps = np.unique(np.concatenate([low, high]))[::-1]
    false = np.concatenate([[0.0], 1 - np.searchsorted(np.sort(low), steps, "left") / len(low)])
    found = np.concatenate([[0.0], 1 - np.searchsorted(np.sort(high), steps, "left") / len(high)])
    # straight between thresholds; the last segment ends at `most`
    left, right = false[:-1], np.minimum(false[1:], most)
    rise = (found[1:] - found[:-1]) / np.where(false[1:] > left, false[1:] - left, 1.0)
    height = found[:-1] + rise * (right - left) / 2
    return float((np.maximum(right - left, 0) * height).sum() / most)


def interval(items: Sequence[Item], figure: Callable[[list[Item]], Any], seed: int = 0) -> list[float] | None:
    """95 % of the figure of so many items drawn with replacement; None where it is not defined in most draws."""
    rng = np.random.default_rng(seed)
    if len(items) < 2:
        return None
    drawn = (figure([items[i] for i in rng.integers(0, len(items), len(items))]) for _ in range(DRAWS))
    values = [value for value in drawn if value is not None]
    if len(values) < DRAWS // 2:
        return None
    return [float(value) for value in np.percentile(values, PERCENT)]


def auc_interval(normal: Scores, anomalous: Scores, block: int = 8, seed: int = 0) -> list[float] | None:
    """95 % interval of the AUC, from blocks of frames that follow each other drawn with replacement.

    Frames in a row are alike: blocks count them as fewer.
    """
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(DRAWS // 4):
        value = auc(_drawn(rng, normal, block), _drawn(rng, anomalous, block))
        if value is not None:
            values.append(value)
    return [float(value) for value in np.percentile(values, PERCENT)] if values else None


def _drawn(rng: np.random.Generator, scores: Scores, block: int) -> Scores:
    blocks = max(len(scores) // block, 1)
    pieces = np.array_split(scores, blocks)
    return np.concatenate([pieces[i] for i in rng.integers(0, blocks, blocks)])
