"""Runs one library's drift detectors in its own environment, without twinbit: reads requests, a line of JSON each.

    python drift_worker.py river        # or frouros

A request has "do" ("told", "trace" or "time"), "detector", "parameter" and "streams", the name of a .npy file of
(streams, values); its answer is a line of JSON. The libraries are used as their manuals say: one `update` a value.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Detector = Any
Run = Callable[[Detector, list[float]], list[int]]
LEVEL = 16.0
"""Added to what frouros' detectors watch: they are made for error rates, and its ADWIN refuses negative sums."""


def river(name: str, parameter: float) -> Detector:
    """A detector that has seen nothing."""
    from river import drift

    if name == "PageHinkley":
        return drift.PageHinkley(threshold=parameter, delta=0.25)
    return drift.ADWIN(delta=parameter) if name == "ADWIN" else drift.KSWIN(alpha=parameter, seed=1)


def river_told(detector: Detector, values: list[float]) -> list[int]:
    """Numbers of the values that told a drift. A detector begins anew by itself."""
    found = []
    for at, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            found.append(at)
    return found


def frouros(name: str, parameter: float) -> Detector:
    """A detector that has seen nothing. Page-Hinkley keeps its own delta: its sum has no floor to come back from."""
    from frouros.detectors import concept_drift as drift

    if name == "PageHinkley":
        return drift.PageHinkley(drift.PageHinkleyConfig(lambda_=parameter))
    if name == "ADWIN":
        return drift.ADWIN(drift.ADWINConfig(delta=parameter))
    return drift.KSWIN(drift.KSWINConfig(alpha=max(parameter, 1e-300), seed=1))


def frouros_told(detector: Detector, values: list[float]) -> list[int]:
    """Numbers of the values that told a drift. A detector begins anew when it is told to."""
    found = []
    for at, value in enumerate(values):
        detector.update(value=value)
        if detector.drift:
            found.append(at)
            detector.reset()
    return found


def p_values(library: str, name: str, values: list[float]) -> list[float]:
    """Of a Kolmogorov-Smirnov test with each value, where nothing is ever told; 1 before the window is full."""
    found: list[float] = []
    if library == "river":
        detector = river(name, 0.0)
        for value in values:
            detector.update(value)
            found.append(detector.p_value if len(detector.window) == detector.window_size else 1.0)
        return found
    from frouros.detectors.concept_drift.streaming.window_based import kswin

    test, seen = kswin.ks_2samp, [1.0]

    def noted(**arguments: Any) -> Any:
        result = test(**arguments)
        seen.append(result[1])
        return result

    kswin.ks_2samp = noted
    detector = frouros(name, 0.0)
    for value in values:
        seen[1:] = []
        detector.update(value=value)
        found.append(seen[-1])
    kswin.ks_2samp = test
    return found


def nanoseconds(run: Run, detector: Detector, values: list[float]) -> float:
    """Processor time of one value, on one core."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    gc.collect()
    begin = time.process_time()
    run(detector, values)
    taken = time.process_time() - begin
    if cores:
        os.sched_setaffinity(0, cores)
    return taken / len(values) * 1e9


def size(detector: Detector) -> int | None:
    """Bytes of its state, as pickle has it: what it would take to keep it."""
    try:
        return len(pickle.dumps(detector))
    except Exception:  # what can't be pickled has no size to tell
        return None


def answer(library: str, request: dict[str, Any]) -> dict[str, Any]:
    """What was asked for."""
    make, run, added = (river, river_told, 0.0) if library == "river" else (frouros, frouros_told, LEVEL)
    name, parameter = request["detector"], request["parameter"]
    streams = [(row + added).tolist() for row in np.load(request["streams"]).astype(np.float64)]
    if request["do"] == "told":
        return {"told": [run(make(name, parameter), values) for values in streams]}
    if request["do"] == "trace":
        out = Path(request["streams"]).with_suffix(f".{library}.npy")
        np.save(out, np.array([p_values(library, name, values) for values in streams]))
        return {"trace": str(out)}
    detector = make(name, parameter)
    return {"ns": nanoseconds(run, detector, streams[0]), "bytes": size(detector)}


def main() -> None:
    """Until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(answer(sys.argv[1], json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
