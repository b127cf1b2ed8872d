"""The change point score of SKAB's board: an alarm that begins or ends near a change earns, anywhere else it costs.

As core/metrics.py of waico/SKAB has it with the settings of its notebooks: a window of 30 s is centred on each labelled
change; windows don't overlap, the later one is cut. The first change of the alarm inside a window earns a value that
falls from tp at its left edge to -fp at its right one, tanh-shaped; a window without any costs fn, each change outside
costs fp. Profiles and the scale, 0 without alarms and 100 at best, are NAB's. In it, unlike in NAB, -fp at the right
edge is 0.11 or 0.22 below zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from twinbit.boards.nab_score import PROFILES, Profile, normalised

__all__ = ["HALF_WINDOW", "changes", "score_changes", "score_recording"]

HALF_WINDOW = 15.0  # seconds
DETAIL = 1_000  # steps of the falling value

Times = npt.NDArray[np.float64]


def changes(alarms: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """The rows at which an alarm begins or ends.

    >>> changes([True, True, False]).tolist()
    [True, False, True]
    """
    alarm = np.asarray(alarms, dtype=bool)
    return np.concatenate([alarm[:1], alarm[1:] != alarm[:-1]])


def _windows(times: Times) -> list[tuple[float, float]]:
    """30 s about each change; one that would overlap the one before begins where that ends."""
    found: list[tuple[float, float]] = []
    for time in times:
        begin, end = time - HALF_WINDOW, time + HALF_WINDOW
        if found and found[-1][1] >= begin:
            begin = found[-1][1]
        found.append((begin, end))
    return found


def _earned(time: float, window: tuple[float, float], profile: Profile) -> float:
    """What a change of the alarm at this time earns in a window."""
    width = window[1] - window[0]
    step = min(int((time - window[0]) / width * DETAIL), DETAIL - 1) if width > 0 else 0
    x = math.pi * (step / (DETAIL - 1) - 0.5)
    half = (profile.tp + profile.fp) / 2
    return half * (1 - math.tanh(x) / math.tanh(math.pi / 2)) - profile.fp


def score_recording(times: Times, alarms: npt.ArrayLike, labelled: npt.ArrayLike, profile: Profile) -> float:
    """What the alarms of one recording earn. times: seconds, rising; labelled: rows with a labelled change."""
    at = times[changes(alarms)]
    windows = _windows(times[np.asarray(labelled, dtype=bool)])
    total, outside = 0.0, np.ones(len(at), dtype=bool)
    for window in windows:
        inside = (at >= window[0]) & (at <= window[1])
        outside &= ~inside
        total += _earned(float(at[inside][0]), window, profile) if inside.any() else -profile.fn
    return total - profile.fp * int(outside.sum())


def score_changes(
    recordings: Iterable[tuple[Times, npt.ArrayLike, npt.ArrayLike]],
) -> dict[str, float | None]:
    """The score of recordings together, by profile. Each: times in seconds, alarms, labelled changes."""
    given = [(times, np.asarray(alarms), np.asarray(marks, dtype=bool)) for times, alarms, marks in recordings]
    windows = sum(int(marks.sum()) for _, _, marks in given)
    return {
        name: normalised(sum(score_recording(*one, profile) for one in given), windows, profile)
        for name, profile in PROFILES.items()
    }
