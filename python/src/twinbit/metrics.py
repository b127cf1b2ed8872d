"""How good alarms and scores are against labels. What is undefined is None, never a guess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Counts", "auc", "count"]


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float | None:
    """Area under the ROC curve: how often an anomalous frame scores above a normal one, ties for half.

    In: labels, true = anomalous; scores, high = anomalous; frames whose score is NaN are left out.
    Returns None if there are not frames of both kinds.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])
    0.875
    """
    truth, score = np.asarray(labels, dtype=bool), np.asarray(scores, dtype=np.float64)
    known = ~np.isnan(score)
    truth, score = truth[known], score[known]
    positive, negative = int(truth.sum()), int((~truth).sum())
    if not positive or not negative:
        return None
    # Mann-Whitney: the rank sum of the anomalous frames, with mean ranks for ties
    ranks = pd.Series(score).rank(method="average").to_numpy()
    above = float(ranks[truth].sum()) - positive * (positive + 1) / 2
    return above / (positive * negative)


@dataclass(frozen=True)
class Counts:
    """Frames by label and alarm. Add them to pool recordings.

    Attributes:
        hit: anomalous, alarm.
        missed: anomalous, no alarm.
        false: normal, alarm.
        quiet: normal, no alarm.
    """

    hit: int = 0
    missed: int = 0
    false: int = 0
    quiet: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.hit + other.hit, self.missed + other.missed, self.false + other.false, self.quiet + other.quiet
        )

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 0 to 1; None without anomalous frames and alarms."""
        all_of_it = 2 * self.hit + self.false + self.missed
        return 2 * self.hit / all_of_it if all_of_it else None

    @property
    def far(self) -> float | None:
        """Normal frames with an alarm, in percent; None without normal frames."""
        normal = self.false + self.quiet
        return 100.0 * self.false / normal if normal else None

    @property
    def mar(self) -> float | None:
        """Anomalous frames without an alarm, in percent; None without anomalous frames."""
        anomalous = self.hit + self.missed
        return 100.0 * self.missed / anomalous if anomalous else None


def count(labels: npt.ArrayLike, alarms: npt.ArrayLike) -> Counts:
    """Counts frames by label and alarm.

    >>> count([0, 0, 1, 1], [0, 1, 1, 1])
    Counts(hit=2, missed=0, false=1, quiet=1)
    """
    truth, alarm = np.asarray(labels, dtype=bool), np.asarray(alarms, dtype=bool)
    return Counts(
        int((truth & alarm).sum()),
        int((truth & ~alarm).sum()),
        int((~truth & alarm).sum()),
        int((~truth & ~alarm).sum()),
    )
