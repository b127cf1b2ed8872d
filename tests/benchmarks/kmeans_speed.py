#!/usr/bin/env python3
"""Learn + score of k-means (8 clusters): twinbit through Python against River, scikit-learn and plain NumPy.

One run, one core, frames from 8 modes; microseconds a frame, median of several rounds. Ratios are to River with a
score, the closest peer in what it does. `--require` fails where the targets are missed: 200 times River in batches,
20 times when called one frame at a time.
"""

from __future__ import annotations

import os
import sys
from functools import partial

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is loaded

import kmeans_peers as peers  # noqa: E402
import numpy as np  # noqa: E402
from race import Race, Results, run  # noqa: E402
from timing import Start  # noqa: E402
from twinbit.datasets import stationary  # noqa: E402

DIMENSIONS = (8, 32, 128)
TARGETS = {"twinbit f32, batches": 200.0, "twinbit f32, one at a time": 20.0}
REFERENCE = "River, with score"
FAST, SLOW = 20_000, 500  # frames in one go: what takes microseconds, what takes a millisecond


def contestants(dimension: int) -> dict[str, tuple[Start, int]]:
    """Name -> start of a pass and its number of frames, on frames of this many features."""
    recording = stationary(frames=FAST, channels=dimension, modes=peers.CLUSTERS, seed=1)
    frames = recording.array / np.float32(5)  # about unit variance, as a scaler would make it
    few = frames[:SLOW]
    return {
        "twinbit f32, batches": (peers.twinbit_batch(frames, "f32"), FAST),
        "twinbit q15, batches": (peers.twinbit_batch(frames, "q15"), FAST),
        "twinbit f32, one at a time": (peers.twinbit_single(frames, "f32"), FAST),
        "twinbit q15, one at a time": (peers.twinbit_single(frames, "q15"), FAST),
        "NumPy, one at a time": (peers.numpy_single(few), SLOW),
        REFERENCE: (peers.river(few), SLOW),
        "River, learn_predict_one": (peers.river_fastest(few), SLOW),
        "scikit-learn, batches of 32": (peers.sklearn(few[: SLOW // 32 * 32], 32), SLOW // 32 * 32),
        "scikit-learn, batches of 1": (peers.sklearn(few[:100], 1), 100),
    }


def missed(timed: Results) -> list[str]:
    """Targets that this run misses, in words."""
    return [
        f"{name} at {dimension}: {ratio:.0f} times River, the target is {target:.0f}"
        for dimension, of_dimension in timed.items()
        for name, target in TARGETS.items()
        if (ratio := of_dimension[REFERENCE].median / of_dimension[name].median) < target
    ]


RACE = Race(
    sizes={f"{dimension} features": partial(contestants, dimension) for dimension in DIMENSIONS},
    reference=REFERENCE,
    packages=("twinbit", "river", "scikit-learn", "numpy"),
    missed=missed,
)

if __name__ == "__main__":
    sys.exit(run(RACE, __doc__.splitlines()[0] if __doc__ else None))
