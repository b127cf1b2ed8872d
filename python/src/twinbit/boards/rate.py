"""Whether the false-alarm rate that was asked for is the one that is seen, on normal frames kept from learning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.boards.run import Outcome
from twinbit.recipe_alarm import Steady

__all__ = ["Rate", "rate_of"]


@dataclass(frozen=True)
class Rate:
    """Rates of false alarms.

    Attributes:
        asked: by the recipe: the share of normal frames whose smoothed score is above the threshold less margin.
        seen: that share; None without normal frames.
        margin: the share above the threshold with its margin, which is what counts towards an alarm.
        frames: normal frames that it was counted on.
    """

    asked: float
    seen: float | None
    margin: float | None
    frames: int

    def as_json(self) -> dict[str, Any]:
        """For JSON."""
        return {"asked": self.asked, "seen": self.seen, "with_margin": self.margin, "frames": self.frames}


def rate_of(normal: Iterable[tuple[Outcome, str, npt.NDArray[np.bool_] | None]]) -> Rate:
    """Counts over streams: outcome, name of a scored stream, and which of its rows are normal (None: all)."""
    asked, over, above, frames = 0.0, 0, 0, 0
    for outcome, name, rows in normal:
        scored, decision = outcome.scored[name], outcome.recipe.decision
        counted = np.ones(len(scored), dtype=bool) if rows is None else rows[scored.rows]
        if isinstance(decision, Steady):  # its threshold is a wish of its own, no rate
            continue
        smoothed, threshold = scored.smoothed[counted], scored.threshold[counted]
        asked, frames = decision.false_alarm_rate, frames + int(counted.sum())
        over += int((smoothed > threshold - decision.margin).sum())
        above += int((smoothed > threshold).sum())
    return Rate(asked, over / frames if frames else None, above / frames if frames else None, frames)
