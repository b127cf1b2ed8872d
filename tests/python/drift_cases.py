"""Drift detectors that the tests try, and values for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from twinbit.datasets import drift_stream
from twinbit.drift import KS, Adwin, CentroidDrift, PageHinkley

Detector = PageHinkley | Adwin | KS | CentroidDrift
Make = Callable[[], Detector]


def centroid(arithmetic: Any) -> Make:
    return lambda: CentroidDrift(modes=2, window=16, learning=300, calibrating=300, arithmetic=arithmetic)


SINGLE: dict[str, Make] = {
    "page-hinkley": lambda: PageHinkley(threshold=15.0, delta=0.25),
    "adwin": lambda: Adwin(delta=0.01),
    "adwin, as the paper": lambda: Adwin(delta=0.01, clock=8, rows=6, max_buckets=3, reset=False),
    "ks": lambda: KS(alpha=0.0001),
}
VECTORS: dict[str, Make] = {f"centroid, {name}": centroid(name) for name in ("f32", "q15", "q31")}
ALL = {**SINGLE, **VECTORS}


def values_for(detector: Detector, kind: str = "abrupt", seed: int = 3, frames: int = 2_000) -> np.ndarray:
    channels = 4 if isinstance(detector, CentroidDrift) else 1
    array = drift_stream(kind, frames=frames, at=frames // 2, size=1.5, channels=channels, seed=seed).array
    return array if isinstance(detector, CentroidDrift) else array[:, 0]


def one_by_one(detector: Detector, values: np.ndarray) -> np.ndarray:
    return np.array([detector.update(value).drift_detected for value in values])
