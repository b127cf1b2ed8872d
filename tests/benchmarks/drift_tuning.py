"""Tunes a drift detector's parameter until it alarms as often as all others on streams that don't change."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from drift_contestants import Contestant, Library, Peer, Streams

STEPS = 12


def traced_alarms(p_values: npt.NDArray[np.float64], alpha: float, window: int) -> int:
    """Alarms of a test that begins with an empty window after each, from p-values of one that never does.

    Once the window has filled again it holds the same values as one that was never emptied.
    """
    alarms = 0
    for stream in p_values:
        at, free = np.flatnonzero(stream <= alpha), 0
        for time in at:
            if time >= free:
                alarms, free = alarms + 1, int(time) + window
    return alarms


def counter(contestant: Contestant, library: Library, streams: Streams) -> Callable[[float], int]:
    """Parameter -> false alarms on streams that don't change."""
    if contestant.traced and isinstance(library, Peer):
        p_values = library.trace(contestant.name, streams)
        return lambda parameter: traced_alarms(p_values, parameter, contestant.traced)
    return lambda parameter: sum(int(told.sum()) for told in library.told(contestant.name, parameter, streams))


def tuned(contestant: Contestant, library: Library, streams: Streams, most: int) -> tuple[float, int]:
    """The most sensitive parameter with at most so many false alarms, and how many those are.

    By bisection on a logarithmic scale; the least sensitive end of the range where even that alarms too often.
    """
    alarms = counter(contestant, library, streams)
    calm, keen = (contestant.low, contestant.high) if contestant.eager else (contestant.high, contestant.low)
    found = alarms(calm)
    for _ in range(STEPS):
        middle = math.sqrt(calm * keen)
        now = alarms(middle)
        if now <= most:
            calm, found = middle, now
        else:
            keen = middle
    return calm, found
