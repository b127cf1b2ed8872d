"""Drift detectors written as their formulas are, in double precision and without a thought of time or memory."""

from __future__ import annotations

import math

import numpy as np


class PageHinkley:
    """Page's two sums of deviations from the running mean, and their extremes."""

    def __init__(self, min_instances: int, delta: float, threshold: float, alpha: float, mode: str) -> None:
        self.settings = (min_instances, delta, threshold, alpha, mode)
        self.begin()

    def begin(self) -> None:
        self.n, self.total, self.rise, self.fall, self.lowest, self.highest = 0, 0.0, 0.0, 0.0, 0.0, 0.0

    def update(self, x: float) -> bool:
        least, delta, threshold, alpha, mode = self.settings
        self.n, self.total = self.n + 1, self.total + x
        deviation = x - self.total / self.n
        self.rise = alpha * self.rise + deviation - delta
        self.fall = alpha * self.fall + deviation + delta
        self.lowest, self.highest = min(self.lowest, self.rise), max(self.highest, self.fall)
        up = mode != "down" and self.rise - self.lowest > threshold
        down = mode != "up" and self.highest - self.fall > threshold
        if self.n >= least and (up or down):
            self.begin()
            return True
        return False


class Adwin:
    """Every value of the window is kept; only where it may be cut is as an exponential histogram has it."""

    def __init__(self, delta: float, clock: int, buckets: int, least: int, grace: int) -> None:
        self.settings = (delta, clock, buckets, least, grace)
        self.begin()

    def begin(self) -> None:
        self.values: list[float] = []
        self.rows: list[int] = [0]  # buckets of 2^r values

    def cuts(self) -> list[int]:
        """How many values are older, for each cut between two buckets."""
        lengths = [2**r for r in reversed(range(len(self.rows))) for _ in range(self.rows[r])]
        return [int(cut) for cut in np.cumsum(lengths)[:-1]]

    def insert(self, x: float) -> None:
        self.values.append(x)
        self.rows[0] += 1
        for r in range(len(self.rows)):
            if self.rows[r] > self.settings[2]:
                self.rows[r] -= 2
                self.rows[r + 1 : r + 2] = [(self.rows[r + 1] if r + 1 < len(self.rows) else 0) + 1]

    def differs(self, older: int) -> bool:
        delta, _, _, least, _ = self.settings
        window = np.array(self.values)
        newer = len(window) - older
        if min(older, newer) < least:
            return False
        confidence = math.log(2 * math.log(len(window)) / delta)
        m = 1 / (older - least + 1) + 1 / (newer - least + 1)
        bound = math.sqrt(2 * m * window.var() * confidence) + 2 / 3 * confidence * m
        return abs(window[:older].mean() - window[older:].mean()) > bound

    def update(self, x: float) -> bool:
        _, clock, _, _, grace = self.settings
        self.insert(x)
        if len(self.values) % clock or len(self.values) <= grace or not any(map(self.differs, self.cuts())):
            return False
        self.begin()
        return True


class KS:
    """The largest distance of two empirical distribution functions."""

    def __init__(self, alpha: float, window: int, recent: int) -> None:
        self.alpha, self.window, self.recent = alpha, window, recent
        self.values: list[float] = []

    def update(self, x: float) -> bool:
        self.values = [*self.values, x][-self.window :]
        if len(self.values) < self.window:
            return False
        old, new = np.sort(self.values[: -self.recent]), np.sort(self.values[-self.recent :])
        at = np.concatenate([old, new])
        f, g = (np.searchsorted(part, at, side="right") / len(part) for part in (old, new))
        bound = math.sqrt(-math.log(self.alpha / 2) / 2 * (1 / len(old) + 1 / len(new)))
        if np.abs(f - g).max() <= bound:
            return False
        self.values = self.values[-self.recent :]
        return True
