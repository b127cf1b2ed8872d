"""Time and phase as the core takes them: milliseconds since the frame before, and turns of 2^32."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.errors import ShapeError
from twinbit.frames import Frames

__all__ = ["Clock", "phase_words", "seconds_to_ms", "time_of_day"]

_LONGEST = 2**32 - 1
DAY = 86400.0


def seconds_to_ms(seconds: npt.ArrayLike) -> npt.NDArray[np.uint32]:
    """Seconds as whole milliseconds, limited to 49 days; what is not known (NaN) or not positive is 0.

    >>> seconds_to_ms([0.1, np.nan, -5]).tolist()
    [100, 0, 0]
    """
    ms = np.nan_to_num(np.asarray(seconds, dtype=np.float64) * 1000.0, nan=0.0, posinf=_LONGEST)
    return np.clip(np.floor(ms + 0.5), 0, _LONGEST).astype(np.uint32)


def time_of_day(index: pd.Index[Any]) -> npt.NDArray[np.float64] | None:
    """Turns of the day, 0 to 1, for each frame; None where frames have no time.

    >>> time_of_day(pd.DatetimeIndex(["2026-01-01 06:00", "2026-01-02 12:00"])).tolist()
    [0.25, 0.5]
    """
    if not isinstance(index, pd.DatetimeIndex):
        return None
    return np.asarray((index - index.normalize()).total_seconds(), dtype=np.float64) / DAY


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


def _carried(seconds: npt.NDArray[np.float64], rest: float) -> tuple[npt.NDArray[np.uint32], float]:
    """Whole milliseconds whose sum is never more than one off, and what is left for the next call."""
    total = rest + np.cumsum(np.clip(np.nan_to_num(seconds, nan=0.0, posinf=0.0), 0.0, None) * 1000.0)
    whole = np.floor(total + 1e-6)  # a sum of thirds of a millisecond may lie just below a whole one
    steps = np.clip(np.diff(whole, prepend=0.0), 0, _LONGEST)
    return steps.astype(np.uint32), float(total[-1] - whole[-1]) if len(total) else rest


@dataclass(frozen=True)
class Clock:
    """Knows the time of the last frame, so that split batches get the same dt as one batch.

    Attributes:
        period: seconds from frame to frame where frames have no time; None: not known.
        carry: samples come faster than milliseconds, so that fractions go over to the next one.
        rest: the fraction of a millisecond that was carried so far.
        last: time of the last frame that had one.
        started: whether there was a frame before.
        frames: how many there were.
    """

    period: float | None
    carry: bool = False
    rest: float = 0.0
    last: pd.Timestamp | None = None
    started: bool = False
    frames: int = 0

    def turns(self, frames: Frames) -> npt.NDArray[np.float64]:
        """Turns of the day; from the first frame on, where frames have no time but a period."""
        known = time_of_day(frames.index)
        if known is not None:
            return known
        return np.arange(self.frames, self.frames + len(frames), dtype=np.float64) * ((self.period or 0.0) / DAY)

    def times(self, frames: Frames, dt: npt.ArrayLike | None) -> tuple[npt.NDArray[np.uint32] | None, Clock]:
        """Milliseconds since the frame before for each frame (None: not known), and the clock after them."""
        after = replace(self, started=self.started or len(frames) > 0, frames=self.frames + len(frames))
        if dt is not None:
            given = np.asarray(dt)
            if given.shape != (len(frames),):
                raise ShapeError(f"dt: {given.shape} should be ({len(frames)},), seconds for each frame")
            return after._in_ms(given)
        if isinstance(frames.index, pd.DatetimeIndex) and len(frames):
            stamps = frames.index
            return replace(after, last=stamps[-1])._in_ms(self._since_last(stamps))
        if self.period is None:
            return None, after
        times = np.full(len(frames), seconds_to_ms(self.period), dtype=np.uint32)
        times[:1] = times[:1] if self.started else 0
        return times, after

    def _in_ms(self, seconds: npt.NDArray[Any]) -> tuple[npt.NDArray[np.uint32], Clock]:
        if not self.carry:
            return seconds_to_ms(seconds), self
        times, rest = _carried(seconds.astype(np.float64), self.rest)
        return times, replace(self, rest=rest)

    def _since_last(self, stamps: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
        first: Any = stamps[0] if self.last is None else self.last
        before = stamps[:-1].insert(0, first)
        return np.asarray((stamps - before).total_seconds(), dtype=np.float64)
