"""False-alarm rates that were asked for and those that are seen, on stationary data kept from learning: a table.

    python tests/benchmarks/alarm_rates.py            # --require fails where they differ by more than a factor of 2

A detector learns once from correlated normal numbers. Then, many times over, it calibrates on `n` frames that it has
not seen; the share of 60,000 other frames whose smoothed score is above the threshold is the rate. A cell is the mean
over all calibrations, as a multiple of the rate that was asked for. Margin and k of n are not in it. `twinbit evaluate`
prints what becomes of a rate on recordings.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from twinbit import _core
from twinbit.recipe import Recipe
from twinbit.recipe_bytes import pack
from twinbit.recipe_detectors import Autoencoder, DetectorPart, KMeans, Layer, Mahalanobis, Subspace
from twinbit.recipe_parts import Arithmetic, Decision, Scaler

DETECTORS: dict[str, DetectorPart] = {
    "k-means": KMeans(clusters=4),
    "Mahalanobis": Mahalanobis(),
    "subspace": Subspace(components=2),
    "autoencoder": Autoencoder((Layer(4),)),
}
FEATURES = (2, 8, 32)
SMOOTHING = (1.0, 0.3, 0.1)
ASKED = ((1e-2, 200), (1e-2, 500), (1e-2, 2000), (1e-3, 1000), (1e-3, 5000))
"""A rate and the frames that it is calibrated on."""
CALIBRATED = 60_000
"""Frames that all calibrations of a cell take together, but 30 calibrations at least."""
LEARN = 2000
KEPT = 60_000
FACTOR = 2.0


def normal(rng: np.random.Generator, frames: int, features: int) -> npt.NDArray[np.float32]:
    """Numbers with two hidden factors in common."""
    mixing = np.random.default_rng(3).normal(size=(2, features))
    values = rng.normal(size=(frames, 2)) @ mixing + rng.normal(size=(frames, features))
    return values.astype(np.float32)


@dataclass(frozen=True)
class Row:
    """A detector, and the rates that were seen as multiples of those of ASKED."""

    detector: str
    features: int
    smoothing: float
    seen: tuple[float, ...]


def recipe_for(
    detector: DetectorPart, features: int, smoothing: float, rate: float, n: int, arithmetic: Arithmetic
) -> bytes:
    """A recipe that calibrates on n frames."""
    template = Recipe(detector, scaler=Scaler(), arithmetic=arithmetic)
    fitted = template.fit(normal(np.random.default_rng(1), LEARN, features))
    decision = Decision(scaling=200, learning=LEARN, calibrating=n, smoothing=smoothing, false_alarm_rate=rate)
    return pack(replace(fitted, decision=decision))


def mean_rate(monitor: _core.Monitor, n: int, kept: npt.NDArray[Any], rng: np.random.Generator) -> float:
    """Over many calibrations: the share of the kept scores above the threshold."""
    features = monitor.channels
    rates = []
    for _ in range(max(30, CALIBRATED // n)):
        monitor.recalibrate()
        threshold = monitor.step_many(normal(rng, n, features))["threshold"][-1]
        rates.append(1 - np.searchsorted(kept, threshold, side="right") / len(kept))
    return float(np.mean(rates))


def measure(name: str, features: int, smoothing: float, arithmetic: Arithmetic) -> Row:
    """One row: the detector learns once and calibrates for every cell anew."""
    rng = np.random.default_rng(7)
    recipes = [recipe_for(DETECTORS[name], features, smoothing, *asked, arithmetic) for asked in ASKED]
    first = _core.Monitor(recipes[0])
    first.step_many(normal(rng, 200 + LEARN + ASKED[0][1], features))
    image = first.save()
    kept = np.sort(first.step_many(normal(rng, KEPT, features))["smoothed"])
    seen = []
    for recipe, (rate, n) in zip(recipes, ASKED, strict=True):
        monitor = _core.Monitor(recipe)
        monitor.set_policy(image)
        seen.append(mean_rate(monitor, n, kept, rng) / rate)
    return Row(name, features, smoothing, tuple(seen))


def rows(arithmetic: Arithmetic) -> Iterator[Row]:
    """One after the other: all take a minute."""
    for name in DETECTORS:
        for features in FEATURES:
            for smoothing in SMOOTHING:
                yield measure(name, features, smoothing, arithmetic)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where a rate is not within a factor of 2")
    parser.add_argument("--arithmetic", choices=("f32", "q15", "q31"), default="q15")
    arguments = parser.parse_args()
    print("| detector | features | smoothing | " + " | ".join(f"{rate:g}, n = {n:,}" for rate, n in ASKED) + " |")
    print("| --- |" + " ---: |" * (2 + len(ASKED)))
    worst = 1.0
    for row in rows(arguments.arithmetic):
        cells = " | ".join(f"{ratio:.2f}" for ratio in row.seen)
        print(f"| {row.detector} | {row.features} | {row.smoothing:g} | {cells} |", flush=True)
        worst = max(worst, *row.seen, *(1 / max(ratio, 1e-9) for ratio in row.seen))
    print(f"\nthe farthest is off by a factor of {worst:.2f}")
    return 1 if arguments.require and worst > FACTOR else 0


if __name__ == "__main__":
    sys.exit(main())
