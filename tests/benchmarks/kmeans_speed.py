#!/usr/bin/env python3
"""Learn + score of k-means (8 clusters): twinbit through Python against River, scikit-learn and plain NumPy.

One run, one core, frames from 8 modes; microseconds a frame, median of several rounds. Ratios are to River with a
score, the closest peer in what it does. `--require` fails where the targets are missed: 200 times River in batches,
20 times when called one frame at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib.metadata import version

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is loaded

import kmeans_peers as peers  # noqa: E402
import numpy as np  # noqa: E402
from timing import Start, Timed, machine, measure, pin  # noqa: E402
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


def report(timed: dict[int, dict[str, Timed]]) -> dict[str, object]:
    """Everything that was measured, for --json."""
    rows = [
        {
            "features": dimension,
            "contestant": name,
            "us_per_frame": round(times.median, 4),
            "least": round(times.least, 4),
            "greatest": round(times.greatest, 4),
            "times_river": round(of_dimension[REFERENCE].median / times.median, 2),
        }
        for dimension, of_dimension in timed.items()
        for name, times in of_dimension.items()
    ]
    versions = {name: version(name) for name in ("twinbit", "river", "scikit-learn", "numpy")}
    return {"clusters": peers.CLUSTERS, "machine": machine(), "versions": versions, "results": rows}


def table(timed: dict[int, dict[str, Timed]]) -> str:
    """Microseconds a frame, and in brackets how many times as fast as River that is."""
    heads = "".join(f"{f'{dimension} features':>20}" for dimension in timed)
    lines = [f"{'learn + score, us a frame':<30}{heads}"]
    for name in timed[DIMENSIONS[0]]:
        cells = ""
        for of_dimension in timed.values():
            median = of_dimension[name].median
            cells += f"{median:>10.3f} ({of_dimension[REFERENCE].median / median:>6.1f}x)"
        lines.append(f"{name:<30}{cells}")
    return "\n".join([*lines, f"({machine()}; x: times as fast as {REFERENCE})"])


def missed(timed: dict[int, dict[str, Timed]]) -> list[str]:
    """Targets that this run misses, in words."""
    return [
        f"{name} at {dimension} features: {ratio:.0f} times River, the target is {target:.0f}"
        for dimension, of_dimension in timed.items()
        for name, target in TARGETS.items()
        if (ratio := of_dimension[REFERENCE].median / of_dimension[name].median) < target
    ]


def main() -> int:
    """Runs the benchmark; exit code 1 if --require is given and a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--require", action="store_true", help="fail if a target is missed")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median is taken (default 7)")
    parser.add_argument("--seconds", type=float, default=0.2, help="a turn lasts at least this long (default 0.2)")
    arguments = parser.parse_args()
    pin()
    timed = {d: measure(contestants(d), arguments.rounds, arguments.seconds) for d in DIMENSIONS}
    print(json.dumps(report(timed), indent=2) if arguments.json else table(timed))
    failures = missed(timed)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures and arguments.require else 0


if __name__ == "__main__":
    sys.exit(main())
