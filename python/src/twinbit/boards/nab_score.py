"""Scores of the Numenta Anomaly Benchmark: what a row's alarm earns or costs, by profile.

As in Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms - the Numenta Anomaly Benchmark" (2015), and
as its published results were made (checked in tests/python against a published detector, file by file):

- with s(y) = 2 / (1 + e^(5y)) - 1, the first alarm in a window of w rows earns tp s(y) / s(-1), where y is -1 on the
  window's first row and -1/w on its last; later alarms in it change nothing, a window without alarm costs fn;
- an alarm outside windows earns fp s(y), which is a cost: y is the distance to the end of the window before it in
  units of w - 1 rows; 3 and more, or no window before it, cost the whole fp;
- the first 15 % of a file's rows, at most 750, are probation: their alarms count nothing;
- a corpus with W windows: 100 (sum - null) / (perfect - null), null = -fn W (no alarm at all), perfect = tp W.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "PROFILES",
    "FileScore",
    "Part",
    "Profile",
    "best_threshold",
    "normalised",
    "place",
    "probation",
    "score_file",
    "weights",
]

PROBATION = 0.15  # of the rows
PROBATION_ROWS = 5_000  # of more rows than these the share is taken of these


@dataclass(frozen=True)
class Profile:
    """What a window found earns, what a false alarm costs, what a missed window costs."""

    tp: float
    fp: float
    fn: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "reward_low_FP_rate": Profile(1.0, 0.22, 1.0),
    "reward_low_FN_rate": Profile(1.0, 0.11, 2.0),
}

Windows = Sequence[tuple[int, int]]
"""First and last row of each labelled window, in the order of time."""


@dataclass(frozen=True)
class FileScore:
    """A file's score before normalising, and its rows after probation by label and alarm."""

    score: float
    tp: int
    tn: int
    fp: int
    fn: int


@dataclass(frozen=True)
class Part:
    """A file whose rows are scored but not yet alarmed: for choosing a threshold.

    Attributes:
        scores: a number for each row, high = anomalous.
        windows: of the file.
    """

    scores: npt.NDArray[np.float64]
    windows: Windows


def probation(rows: int) -> int:
    """How many of so many rows are probation.

    >>> probation(4032), probation(22695)
    (604, 750)
    """
    return int(PROBATION * min(rows, PROBATION_ROWS))


def place(stamps: pd.DatetimeIndex, limits: Iterable[Sequence[str]]) -> list[tuple[int, int]]:
    """Windows as rows, from their first and last time as in labels/combined_windows.json.

    Raises KeyError if a window's edge is not the time of a row.
    """
    found = []
    for edges in limits:
        rows = [np.flatnonzero(stamps == pd.Timestamp(edge)) for edge in edges]
        if not all(len(row) for row in rows):
            raise KeyError(f"window {edges[0]} to {edges[1]}: the recording has no row at that time")
        found.append((int(rows[0][0]), int(rows[1][0])))
    return sorted(found)


def _sigmoid(y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """s(y); -1 from 3 on."""
    return np.where(y >= 3.0, -1.0, 2.0 / (1.0 + np.exp(5.0 * np.minimum(y, 3.0))) - 1.0)


def weights(rows: int, windows: Windows, profile: Profile) -> npt.NDArray[np.float64]:
    """What an alarm on each row earns, were it the first in its window."""
    at = np.arange(rows, dtype=np.float64)
    past = np.full(rows, 3.0)
    inside = np.zeros(rows, dtype=bool)
    for first, last in windows:
        past[last + 1 :] = (at[last + 1 :] - last) / max(last - first, 1)
        past[first : last + 1] = -(last - at[first : last + 1] + 1) / (last - first + 1)
        inside[first : last + 1] = True
    earned = _sigmoid(past)
    best = float(_sigmoid(np.array([-1.0]))[0])
    return np.where(inside, profile.tp * earned / best, profile.fp * earned)


def score_file(alarms: npt.ArrayLike, windows: Windows, profile: Profile = PROFILES["standard"]) -> FileScore:
    """Scores one file. alarms: whether each row is called anomalous."""
    alarm = np.array(alarms, dtype=bool)
    start, value = probation(len(alarm)), weights(len(alarm), windows, profile)
    alarm[:start] = False
    inside, counted = np.zeros(len(alarm), dtype=bool), np.arange(len(alarm)) >= start
    total = 0.0
    for first, last in windows:
        inside[first : last + 1] = True
        hits = np.flatnonzero(alarm[first : last + 1])
        # the earliest alarm earns most: weights fall through a window
        total += float(value[first + hits[0]]) if len(hits) else -profile.fn
    total += float(value[alarm & ~inside].sum())
    return FileScore(
        total,
        int((alarm & inside).sum()),
        int((~alarm & ~inside & counted).sum()),
        int((alarm & ~inside).sum()),
        int((~alarm & inside & counted).sum()),
    )


def normalised(total: float, windows: int, profile: Profile = PROFILES["standard"]) -> float | None:
    """Sum of files' scores on the scale of the board: 0 without any alarm, 100 at best; None without windows.

    >>> normalised(-55.0, 55), normalised(55.0, 55)
    (0.0, 100.0)
    """
    if not windows:
        return None
    return 100.0 * (total + profile.fn * windows) / ((profile.tp + profile.fn) * windows)


def _steps(part: Part, profile: Profile) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Thresholds at which a file's score changes, and by how much, as the threshold falls."""
    value, start = weights(len(part.scores), part.windows, profile), probation(len(part.scores))
    free = np.arange(len(part.scores)) >= start
    at, gain = [], []
    for first, last in part.windows:
        free[first : last + 1] = False
        begin = max(first, start)
        scores = part.scores[begin : last + 1]
        # alarms of a window at a falling threshold: each row above all rows before it is the first alarm for a while
        records = np.flatnonzero(scores > np.concatenate([[-np.inf], np.maximum.accumulate(scores)[:-1]]))
        earned = value[begin + records]
        later = np.concatenate([earned[1:], [-profile.fn]]) if len(records) else earned
        at.append(scores[records])
        gain.append(earned - later)
    at.append(part.scores[free])
    gain.append(value[free])
    return np.concatenate(at), np.concatenate(gain)


def best_threshold(parts: Sequence[Part], profile: Profile = PROFILES["standard"]) -> tuple[float, float]:
    """The one threshold (alarm where score >= threshold) that earns most over all files, and the sum it earns."""
    steps = [_steps(part, profile) for part in parts]
    at, gain = (np.concatenate([step[i] for step in steps]) for i in range(2))
    order = np.argsort(-at, kind="stable")
    at, total = at[order], np.cumsum(gain[order])
    ends = np.append(at[1:] != at[:-1], True)  # equal scores pass together
    nothing = -profile.fn * sum(len(part.windows) for part in parts)
    at, total = np.append(np.inf, at[ends]), np.append(0.0, total[ends])
    best = int(np.argmax(total))
    return float(at[best]), nothing + float(total[best])
