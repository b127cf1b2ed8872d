"""Drift detectors by themselves: how soon they tell, and how often they are wrong. Generated streams, and the fan's.

Of the fan, those of single values watch the scores of a monitor that learned the silent room; the centroids watch the
spectra's octaves. `datasets/drift_streams.py` has the generated ones. In the fan's stream every change of speed is a
change of the score: what tells each of these shows as false alarms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial, reduce
from operator import add
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from twinbit.boards.case import Case
from twinbit.boards.drift_fan import Rooms, recipe_of, starts
from twinbit.boards.drift_jobs import Found, Job
from twinbit.boards.run import fitted
from twinbit.datasets import DRIFTS, Recording, drift_stream, log_band_means
from twinbit.drift import KS, Adwin, CentroidDrift, PageHinkley
from twinbit.drift_metrics import Told, told_drifts
from twinbit.monitor import Monitor
from twinbit.recipe_drift import CentroidDrift as CentroidPart
from twinbit.recipe_parts import Arithmetic

__all__ = ["PART", "StreamRun", "found", "jobs"]

PART = "streams"
SEEDS = 30
FRAMES = 4_000
AIMED = "abrupt"
SOON, RARE = 100, 1.0  # frames; false alarms in 10,000 frames
WIDTH = 8  # lines in an octave's mean
FAN_LEARNING = 215  # frames of the learning part that centroids are learned from

Values = npt.NDArray[np.float32]
Make = Callable[[], PageHinkley | Adwin | KS | CentroidDrift]


@dataclass(frozen=True)
class StreamRun:
    """One detector on all streams of a kind.

    Attributes:
        detector: its name.
        stream: the kind.
        told: of all of them.
        bytes: of its state.
    """

    detector: str
    stream: str
    told: Told
    bytes: int

    @property
    def row(self) -> dict[str, Any]:
        """For JSON; delay is null where nothing changes."""
        return {
            "detector": self.detector, "stream": self.stream, "delay": self.told.mean_delay,
            "false_alarms_per_10k": self.told.false_per_10k, "missed": self.told.missed,
            "changes": len(self.told.delays), "bytes": self.bytes,
        }  # fmt: skip


def _single(fan: bool) -> Mapping[str, Make]:
    """Detectors of single values. On scores of the fan Page-Hinkley is as in the recipe: they only rise."""
    watched = partial(PageHinkley, threshold=20.0, delta=0.5 if fan else 0.25, alpha=1.0, mode="up" if fan else "both")
    return {"page_hinkley": watched, "adwin": Adwin, "ks": partial(KS, alpha=1e-5, window_size=400, stat_size=80)}


@cache
def _generated(kind: str, seeds: int) -> tuple[Recording, ...]:
    return tuple(drift_stream(kind, FRAMES, seed=seed) for seed in range(seeds))


def _run(name: str, stream: str, make: Make, streams: Sequence[tuple[Values, Sequence[int]]]) -> StreamRun:
    judged, detector = [], make()
    for values, changes in streams:
        detector = make()
        judged.append(told_drifts(detector.update_many(values), changes))
    return StreamRun(name, stream, reduce(add, judged), detector.size)


def generated(kind: str, name: str, make: Make) -> StreamRun:
    """A detector on the generated streams of a kind; those of single values get the only channel."""
    vectors = name == "centroid"
    streams: list[tuple[Values, Sequence[int]]] = []
    for record in _generated(kind, SEEDS):
        values = record.array if vectors else np.ascontiguousarray(record.array[:, 0])
        streams.append((values, cast("tuple[int, ...]", record.about["changes"])))
    return _run(name, kind, make, streams)


def _rolled(before: Values, after: Values, start: int) -> Values:
    return np.concatenate([np.roll(part, -start, axis=0) for part in (before, after)])


def fan_scores(rooms: Rooms, arithmetic: Arithmetic, name: str, make: Make) -> StreamRun:
    """A detector on the scores of the fan."""
    case = Case("fan", [rooms.learn], {}, rooms.channels)
    recipe = fitted(replace(recipe_of(arithmetic), drifts=(), policy=None), case)
    monitor = Monitor(recipe)
    monitor.run(rooms.learn.frames)
    scores = [monitor.score(frames).to_numpy(dtype=np.float32) for frames in (rooms.quiet, rooms.loud)]
    streams = [(_rolled(scores[0], scores[1], start), [len(rooms.quiet)]) for start in starts(rooms)]
    return _run(name, "fan", make, streams)


def fan_vectors(rooms: Rooms, arithmetic: Arithmetic) -> StreamRun:
    """Centroids on the octaves of the fan; what they learn from comes first, and a cycle of it calibrates."""
    parts = [
        log_band_means(frames.astype(np.float64), WIDTH) for frames in (rooms.learn.frames, rooms.quiet, rooms.loud)
    ]
    centre = parts[0].mean(axis=0)
    learn, quiet, loud = (np.ascontiguousarray(part - centre, dtype=np.float32) for part in parts)
    part = next(part for part in recipe_of(arithmetic).drifts if isinstance(part, CentroidPart))
    make = partial(
        CentroidDrift, modes=part.modes, windows=part.windows, window=part.window, rate=part.rate, margin=part.margin,
        learning=FAN_LEARNING, calibrating=len(learn) - FAN_LEARNING + rooms.cycle, arithmetic=arithmetic,
    )  # fmt: skip
    streams = [
        (np.concatenate([learn, _rolled(quiet, loud, start)]), [len(learn) + len(quiet)]) for start in starts(rooms)
    ]
    return _run("centroid", "fan", make, streams)


def jobs(rooms: Rooms, arithmetic: Arithmetic) -> list[Job]:
    """Every detector on every kind of stream."""
    makes: dict[str, Make] = {**_single(fan=False)}
    makes["centroid"] = partial(
        CentroidDrift, modes=1, window=24, rate=1e-4, margin=0.25, learning=300, calibrating=600, arithmetic=arithmetic
    )
    runs = [partial(generated, kind, name, make) for kind in DRIFTS for name, make in makes.items()]
    runs += [partial(fan_scores, rooms, arithmetic, name, make) for name, make in _single(fan=True).items()]
    return [Job(PART, run) for run in (*runs, partial(fan_vectors, rooms, arithmetic))]


def found(runs: Sequence[StreamRun]) -> Found:
    """A row for each."""
    rows = [run.row for run in runs]
    abrupt = [row for row in rows if row["stream"] == AIMED]
    soon = all(row["delay"] <= SOON and row["missed"] == 0 for row in abrupt)
    rare = all(row["false_alarms_per_10k"] <= RARE for row in rows if row["stream"] in DRIFTS)
    delays = ", ".join(f"{row['detector']} {row['delay']:.0f}" for row in abrupt)
    aims = {f"streams: abrupt changes told within {SOON} frames": soon,
            f"streams: {RARE:g} false alarm in 10,000 frames at most": rare}  # fmt: skip
    return Found(rows, f"abrupt change told after frames: {delays}", aims, rows)
