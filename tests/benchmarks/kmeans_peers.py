"""k-means as each library does it: learn a frame, and score it by its distance to the nearest centroid.

Every contestant gets frames in the form it likes best; making that form, or a model, is not timed.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt
import twinbit
from timing import Pass, Start

Arithmetic = Literal["f32", "q15", "q31"]
Frames = npt.NDArray[np.float32]

CLUSTERS = 8


def _learned(frames: Frames, arithmetic: Arithmetic) -> bytes:
    """A detector that has learned a few frames. Every pass begins with it, as sums are exact for 65,536 frames only."""
    return twinbit.KMeans(CLUSTERS, arithmetic=arithmetic).learn(frames[:256]).to_bytes()


def twinbit_batch(frames: Frames, arithmetic: Arithmetic) -> Start:
    """One call of twinbit for all frames, from Python."""
    saved = _learned(frames, arithmetic)

    def start() -> Pass:
        model = twinbit.KMeans.from_bytes(saved)
        return lambda: model.learn_score(frames)

    return start


def twinbit_single(frames: Frames, arithmetic: Arithmetic) -> Start:
    """One call of twinbit a frame, from Python."""
    saved, rows = _learned(frames, arithmetic), list(frames)

    def start() -> Pass:
        call = twinbit.KMeans.from_bytes(saved).learn_score_one

        def run() -> None:
            for row in rows:
                call(row)

        return run

    return start


def _river_model(frames: Frames) -> tuple[object, list[dict[int, float]]]:
    from river import cluster

    rows = [dict(enumerate(map(float, row))) for row in frames]
    return cluster.KMeans(n_clusters=CLUSTERS, halflife=0.05, sigma=1, seed=1), rows


def river(frames: Frames) -> Start:
    """River: its nearest cluster (predict_one), the distance to that one, then learn_one."""
    model, rows = _river_model(frames)

    def run() -> None:
        for row in rows:
            center = model.centers[model.predict_one(row)]  # type: ignore[attr-defined]
            math.sqrt(sum((center[key] - value) ** 2 for key, value in row.items()))
            model.learn_one(row)  # type: ignore[attr-defined]

    return lambda: run


def river_fastest(frames: Frames) -> Start:
    """River's cheapest form, learn_predict_one: it learns and names the cluster, but gives no score."""
    model, rows = _river_model(frames)

    def run() -> None:
        for row in rows:
            model.learn_predict_one(row)  # type: ignore[attr-defined]

    return lambda: run


def sklearn(frames: Frames, batch: int) -> Start:
    """scikit-learn's MiniBatchKMeans: transform for the distances, then partial_fit, `batch` frames at a time."""
    from sklearn.cluster import MiniBatchKMeans

    model = MiniBatchKMeans(n_clusters=CLUSTERS, batch_size=batch, n_init=1, random_state=1)
    model.partial_fit(frames[: 4 * CLUSTERS])
    parts = [frames[start : start + batch] for start in range(0, len(frames), batch)]

    def run() -> None:
        for part in parts:
            model.transform(part).min(axis=1)
            model.partial_fit(part)

    return lambda: run


def numpy_single(frames: Frames) -> Start:
    """Sequential k-means written in NumPy, one frame at a time: what one would write without a library."""
    centers, counts, rows = frames[:CLUSTERS].copy(), np.ones(CLUSTERS), list(frames)

    def run() -> None:
        for row in rows:
            difference = row - centers
            distance = np.einsum("ij,ij->i", difference, difference)
            nearest = distance.argmin()
            counts[nearest] += 1
            centers[nearest] += difference[nearest] / counts[nearest]
            math.sqrt(distance[nearest])

    return lambda: run
