"""Time and phase as the core takes them: milliseconds since the frame before, and turns of 2^32."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.errors import ShapeError
from twinbit.frames import Frames

__all__ = ["Clock", "phase_words", "seconds_to_ms"]

_LONGEST = 2**32 - 1


def seconds_to_ms(seconds: npt.ArrayLike) -> npt.NDArray[np.uint32]:
    """Seconds as whole milliseconds, limited to 49 days; what is not known (NaN) or not positive is 0.

    >>> seconds_to_ms([0.1, np.nan, -5]).tolist()
    [100, 0, 0]
    """
    ms = np.nan_to_num(np.asarray(seconds, dtype=np.float64) * 1000.0, nan=0.0, posinf=_LONGEST)
    return np.clip(np.floor(ms + 0.5), 0, _LONGEST).astype(np.uint32)


def phase_words(phase: npt.ArrayLike | None) -> npt.NDArray[np.uint32] | None:
    """Turns as numbers of 2^-32 turn; whole turns don't count.

    >>> phase_words([0.0, 0.25, 1.25]).tolist()
    [0, 1073741824, 1073741824]
    """
    if phase is None:
        return None
    turns = np.asarray(phase, dtype=np.float64)
    if turns.ndim != 1 or not np.isfinite(turns).all():
        raise ShapeError("phase: it should be a 1-D array of finite turns, 0 to 1, one for each frame")
    return np.asarray(np.floor((turns % 1.0) * 2.0**32 + 0.5).astype(np.uint64) & np.uint64(_LONGEST), dtype=np.uint32)


@dataclass(frozen=True)
class Clock:
    """Knows the time of the last frame, so that split batches get the same dt as one batch.

    Attributes:
        period: seconds from frame to frame where frames have no time; None: not known.
        last: time of the last frame that had one.
        started: whether there was a frame before.
    """

    period: float | None
    last: pd.Timestamp | None = None
    started: bool = False

    def times(self, frames: Frames, dt: npt.ArrayLike | None) -> tuple[npt.NDArray[np.uint32] | None, Clock]:
        """Milliseconds since the frame before for each frame (None: not known), and the clock after them."""
        after = replace(self, started=self.started or len(frames) > 0)
        if dt is not None:
            given = np.asarray(dt)
            if given.shape != (len(frames),):
                raise ShapeError(f"dt: {given.shape} should be ({len(frames)},), seconds for each frame")
            return seconds_to_ms(given), after
        if isinstance(frames.index, pd.DatetimeIndex) and len(frames):
            stamps = frames.index
            return self._since_last(stamps), replace(after, last=stamps[-1])
        if self.period is None:
            return None, after
        times = np.full(len(frames), seconds_to_ms(self.period), dtype=np.uint32)
        times[:1] = times[:1] if self.started else 0
        return times, after

    def _since_last(self, stamps: pd.DatetimeIndex) -> npt.NDArray[np.uint32]:
        first: Any = stamps[0] if self.last is None else self.last
        before = stamps[:-1].insert(0, first)
        return seconds_to_ms(np.asarray((stamps - before).total_seconds()))
